"""Translations of the source texts (Vietnamese) into English, one catalogue per app, without GNU gettext.

tools/translations.py check [APP…]     every text of an app has a complete English translation
tools/translations.py update [APP…]    adds new texts to the catalogues of the apps and drops unused ones
tools/translations.py compile          writes the .mo files that the product reads
"""

import argparse
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "lienthu"
LANGUAGE = "en"
SOURCE_LANGUAGE = "vi"
LONGEST_LINE = 110
_PLAIN = {"gettext_noop": None, "gettext_lazy": None, "translate": None, "_lazy": None}
_COUNTED = {"ngettext_lazy": (1, 2)}
_IN_CONTEXT = {"pgettext_lazy": ((1, "c"), 2), "npgettext_lazy": ((1, "c"), 2, 3)}
KEYWORDS = {**DEFAULT_KEYWORDS, **_PLAIN, **_COUNTED, **_IN_CONTEXT}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+[^{}]*\}|%[sd]")

# id (or singular and plural), context
Key = tuple[str | tuple[str, ...], str | None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["check", "update", "compile"])
    parser.add_argument("app", nargs="*", help="only these apps")
    given = parser.parse_args()
    chosen = [app for app in apps() if app.name in given.app or not given.app]
    if given.work == "compile":
        return compile_all()
    return check(chosen) if given.work == "check" else update(chosen)


def check(chosen: list[Path]) -> int:
    """Print what is missing or wrong; the number of problems decides the exit code."""
    problems: list[str] = []
    translations: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for app in chosen:
        used, catalogue = texts_of(app), read_catalogue(catalogue_path(app), LANGUAGE)
        for key, where in sorted(used.items(), key=lambda pair: pair[1]):
            message = catalogue.get(key[0], key[1])
            for problem in message_problems(key, message):
                problems.append(f"{where}: {problem}: {_shown(key)}")
            if message and is_complete(message):
                translations[key][str(message.string)].append(app.name)
    for key, different in translations.items():
        if len(different) > 1:
            # all catalogues are merged when the product runs, so one of them would win by accident
            choices = "; ".join(f"{', '.join(names)}: {text}" for text, names in different.items())
            problems.append(f"translated in different ways: {_shown(key)}: {choices}")
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {len(translations)} translated texts")
    return bool(problems)


def message_problems(key: Key, message: Message | None) -> Iterator[str]:
    if message is None:
        yield "not in the catalogue (run tools/translations.py update)"
    elif message.fuzzy:
        yield "the translation is marked fuzzy"
    elif not is_complete(message):
        yield "without English translation"
    else:
        originals = key[0] if isinstance(key[0], tuple) else (key[0],)
        expected = {name for text in originals for name in _PLACEHOLDER.findall(text)}
        found = {name for text in _strings(message) for name in _PLACEHOLDER.findall(text)}
        if expected != found:
            yield f"the translation has the placeholders {sorted(found)} instead of {sorted(expected)}"


def is_complete(message: Message) -> bool:
    return all(text.strip() for text in _strings(message))


def _strings(message: Message) -> list[str]:
    """The translation, in all its plural forms."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return [text or "" for text in strings]


def update(chosen: list[Path]) -> int:
    for app in chosen:
        used, path = texts_of(app), catalogue_path(app)
        if not used and not path.exists():
            continue
        old = read_catalogue(path, LANGUAGE)
        new = Catalog(locale=LANGUAGE, domain="django", charset="utf-8", fuzzy=False)
        for key in used:
            message = old.get(key[0], key[1])
            new.add(
                key[0],
                message.string if message else None,
                flags=(message.flags - {"python-format", "python-brace-format"}) if message else (),
                user_comments=message.user_comments if message else (),
                context=key[1],
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(serialised(new))
        missing = sum(not is_complete(message) for message in new if message.id)
        print(f"{path.relative_to(PACKAGE.parent)}: {len(new)} texts, {missing} to translate")
    return 0


def serialised(catalogue: Catalog) -> bytes:
    """Sorted, without dates and line numbers, so that two people's changes merge."""
    body = io.BytesIO()
    write_po(body, catalogue, width=LONGEST_LINE, no_location=True, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {LANGUAGE}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + body.getvalue()


def compile_all() -> int:
    for path in sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")):
        language = path.parent.parent.name
        draft = path.with_suffix(".mo.new")
        with open(draft, "wb") as file:
            write_mo(file, read_catalogue(path, language))
        draft.replace(path.with_suffix(".mo"))
    return 0


def apps() -> list[Path]:
    return sorted(folder for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


def catalogue_path(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with open(path, "rb") as file:
        return read_po(file, locale=language)


def texts_of(app: Path) -> dict[Key, str]:
    """Every text that the app marks for translation, with the first place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted(app.rglob("*")):
        if path.suffix == ".py" and "tests" not in path.parts and "migrations" not in path.parts:
            source: BinaryIO = io.BytesIO(path.read_bytes())
        elif path.suffix in (".html", ".txt", ".xml", ".js") and "templates" in path.parts:
            source = io.BytesIO(_as_python(path).encode())
        else:
            continue
        for line, texts, _comments, context in extract("python", source, keywords=KEYWORDS):
            key: Key = (tuple(texts) if isinstance(texts, list | tuple) else texts, context)
            found.setdefault(key, f"{path.relative_to(PACKAGE.parent)}:{line}")
    return found


def _as_python(path: Path) -> str:
    """The template's texts as Python calls. Indentation of the template must not be read as Python's."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in source.splitlines())


def _shown(key: Key) -> str:
    text = key[0][0] if isinstance(key[0], tuple) else key[0]
    return f"“{text}”" if key[1] is None else f"“{text}” ({key[1]})"


if __name__ == "__main__":
    sys.exit(main())
