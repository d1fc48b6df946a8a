"""Texts with placeholders in braces: checked strictly when they are written, filled when a notice is made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lienthu.notices.policy.kinds import FIELDS, Kind, Texts

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,30})\}")
LONGEST = {"subject": 120, "body": 4_000, "short": 300}
_TITLE_IN_SHORT = 60
_SHORT_DIGEST = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: UNKNOWN (value: the placeholder), BRACE, MISSING, EMPTY, LONG (value: the limit)."""

    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as a reader gets it."""

    subject: str
    body: str
    short: str


def faults(kind: Kind, part: str, text: str) -> list[Fault]:
    """Everything that is wrong with one part (subject, body, short) of a text for this kind."""
    found = [] if text.strip() else [Fault("EMPTY")]
    if len(text) > LONGEST[part]:
        found.append(Fault("LONG", str(LONGEST[part])))
    used = _PLACEHOLDER.findall(text)
    found += [Fault("UNKNOWN", name) for name in dict.fromkeys(used) if name not in kind.placeholders]
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        found.append(Fault("BRACE"))
    if part != "subject" and text.strip() and kind.must not in used:
        found.append(Fault("MISSING", kind.must))
    return found


def render(texts: Texts, params: Mapping[str, object]) -> Rendered:
    """Fill a text. Days given as ISO dates are written as people here write them."""
    words = {name: _word(params.get(param)) for name, param in FIELDS.items()}
    short = words | {"tai_lieu": _cut(words["tai_lieu"], _TITLE_IN_SHORT)}
    return Rendered(
        subject=" ".join(_fill(texts.subject, words).split())[:200],
        body=_fill(texts.body, words),
        short=" ".join(_fill(texts.short, short).split()),
    )


def digest(parts: Sequence[Rendered], *, heading: str, more: str) -> Rendered:
    """Several notices as one. `heading` is its subject; `more` stands in the short form for what has no room."""
    if len(parts) == 1:
        return parts[0]
    body = "\n\n".join(f"{number}. {part.subject}\n{part.body}" for number, part in enumerate(parts, start=1))
    short = " ".join(part.short for part in parts)
    return Rendered(subject=heading, body=body, short=short if len(short) <= _SHORT_DIGEST else f"{heading}. {more}")


def _fill(text: str, words: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def _word(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}" if len(text) == 10 else text
    except ValueError:
        return text


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
