"""Checks every template: it compiles, keeps to the strict content security policy, and shows no untranslated text."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

PACKAGE = Path(__file__).resolve().parent.parent / "lienthu"

_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_COMMENTED = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
# blocks that stand inside the attribute class=
_CLASSES = re.compile(r"{%\s*block \w+_class\s*%}[^{<]*{%\s*endblock\s*%}")
_VERBATIM = re.compile(r"{%\s*(?:end)?verbatim\s*\w*\s*%}")
_TAG = re.compile(r"{%(.*?)%}|{{(.*?)}}", re.DOTALL)
_LITERAL = re.compile(r"""(?P<marked>_\(\s*)?(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
# a number that names a row, or a year; written like a quantity it would be 1.234 from a thousand on
_NAMING = re.compile(
    r"{{\s*(?P<name>[\w.]*(?:\.pk|\.id|_id|year|version|revision|expected)\b)(?!\.)(?!\s*\|\s*(?:stringformat|public_id))[^}]*}}"
)
_OF_PAGES = ("errors.field_id", "attrs.id", "field.auto_id")
_TRANSLATING_TAG = re.compile(r"\s*(?:trans|translate|blocktrans|blocktranslate)\b")
_VIETNAMESE = re.compile(r"[À-ỹĐđ]")
# /api/v1/… or .json: the same in both languages
_ADDRESS = re.compile(r"(?<!\S)[/.]\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATA_SCRIPTS = ("application/json", "application/ld+json")
_READ_OUT = ("title", "alt", "aria-label", "aria-description", "placeholder")
_NOT_SHOWN = ("script", "style", "code", "pre", "kbd", "samp")
# Names and standards that are the same in both languages.
_NAMES = {
    *(
        "Liên",
        "Thư",
        "Tiếng",
        "Việt",
        "English",
        "MARC",
        "MARCXML",
        "ISBD",
        "ISBN",
        "ISSN",
        "ISO",
        "DDC",
        "JSON",
        "CSV",
    ),
    *(
        "XML",
        "Excel",
        "Atom",
        "RSS",
        "BibTeX",
        "RIS",
        "API",
        "OAI",
        "PMH",
        "TCVN",
        "SRU",
        "IIIF",
        "PDF",
        "QR",
        "TOTP",
        "URL",
    ),
    *(
        "Chicago",
        "APA",
        "MLA",
        "Enter",
        "Esc",
        "Ctrl",
        "Alt",
        "Shift",
        "Tab",
        "Home",
        "End",
        "km",
        "kB",
        "MB",
        "GB",
        "ms",
    ),
}


class _Page(HTMLParser):
    """Collects what the policy forbids and the texts that a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[tuple[int, str]] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _NOT_SHOWN:
            self._silent.append(tag)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in _DATA_SCRIPTS):
            self._note(f"<{tag}> inside the page")
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self._note(f"the attribute {name}=")
            if name in _READ_OUT or (name == "value" and tag == "input" and given.get("type") in ("submit", "button")):
                self._read(value or "", name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            self._silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._read(data, "text")

    def _read(self, text: str, where: str) -> None:
        if words := unknown_words(text):
            self._note(f"{where} outside of a translation: “{' '.join(words)[:60]}”")

    def _note(self, problem: str) -> None:
        self.problems.append((self.getpos()[0], problem))


def unknown_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(_ADDRESS.sub(" ", text)) if word not in _NAMES]


def problems_of(source: str, *, html: bool = True) -> Iterator[tuple[int, str]]:
    """Line and description of everything that must not stand in the source of a template."""
    source = _COMMENTED.sub(_blank, source)
    source = _TRANSLATED.sub(_blank, source)
    source = _VERBATIM.sub(_blank, source)
    source = _CLASSES.sub(_blank, source)
    for found in _NAMING.finditer(source):
        if found["name"] not in _OF_PAGES and not found["name"].endswith("public_id"):
            line = source.count("\n", 0, found.start()) + 1
            yield line, f"a number of a row without stringformat:'d': {found['name']}"
    for tag in _TAG.finditer(source):
        content = tag[1] or tag[2] or ""
        if _TRANSLATING_TAG.match(content):
            continue
        for literal in _LITERAL.finditer(content):
            text = literal["double"] or literal["single"] or ""
            if not literal["marked"] and _VIETNAMESE.search(text) and unknown_words(text):
                yield source.count("\n", 0, tag.start()) + 1, f"an argument outside of a translation: “{text[:60]}”"
    # an element whose name is decided by the template is still an element
    shown = _TAG.sub(_blank, re.sub(r"(</?){[{%].*?[%}]}", r"\1x", source))
    if html:
        page = _Page()
        page.feed(shown)
        page.close()
        yield from page.problems
    elif words := unknown_words(shown):
        yield 1, f"text outside of a translation: “{' '.join(words)[:60]}”"


def _blank(found: re.Match[str]) -> str:
    """Keeps the line numbers of what follows."""
    return " " + "\n" * found[0].count("\n")


def main() -> int:
    count = problems = 0
    engine = engines["django"]
    for path in sorted(PACKAGE.glob("*/templates/**/*")):
        # the gallery shows developers every component with sample texts; readers never get it
        if path.suffix not in (".html", ".txt") or "gallery" in path.parts:
            continue
        count += 1
        found: list[tuple[int, str]] = []
        try:
            engine.from_string(path.read_text(encoding="utf-8"))
        except TemplateSyntaxError as error:
            found.append((1, f"does not compile: {error}"))
        found += problems_of(path.read_text(encoding="utf-8"), html=path.suffix == ".html")
        for line, problem in found:
            print(f"{path.relative_to(PACKAGE.parent)}:{line}: {problem}")
        problems += len(found)
    print(f"{problems} problems in {count} templates")
    return bool(problems)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["DJANGO_SETTINGS_MODULE"] = "lienthu.config.settings"
        os.environ["LIENTHU_HOME"] = home
        django.setup()
        sys.exit(main())
