"""Subfields as a line of text that a person edits, and back: ``$a Truyện Kiều /$c Nguyễn Du`` loses nothing.

One blank after each code and one before the next ``$`` belong to the writing, not to the value. A dollar sign of a
value is written ``$$``; what cannot stand in a line of a form (a line break, a control character, an odd code) is
``$|hex|``.
"""

import re
import unicodedata
from collections.abc import Iterable

from lienthu.catalogue.marc.record import Subfield

# The script of a linked field is written as in MARC, $6 245-01/$1: this dollar begins no subfield.
_PARTS = re.compile(r"(?<=[0-9]{3}-[0-9]{2}/)\$1|\$\$|\$\|(s?)([0-9a-f]{1,6})\|?|\$(.)|\$$|[^$]+", re.DOTALL)
_SCRIPT = re.compile(r"[0-9]{3}-[0-9]{2}/\$1")
_ODD_CODES = frozenset("$| ")
# Breaks of lines that `str.splitlines` or a form field would turn into something else.
_BREAKS = frozenset("\x85\u2028\u2029")


def written(subfields: Iterable[Subfield]) -> str:
    """The subfields as one line of text."""
    return " ".join(f"{_code(code)} {_link(value) if code == '6' else _escaped(value)}" for code, value in subfields)


def read(text: str) -> list[Subfield]:
    """The subfields that a line of text states. Text before the first code is taken for subfield a."""
    codes: list[str] = []
    values: list[list[str]] = []
    for part in _PARTS.finditer(text):
        code = _stated_code(part)
        if code is not None:
            codes.append(code)
            values.append([])
        elif codes:
            values[-1].append(_literal(part))
        elif part[0].strip():
            codes.append("a")
            values.append([" " + _literal(part).lstrip()])
    last = len(codes) - 1
    return [(code, _value("".join(values[place]), place == last)) for place, code in enumerate(codes)]


def _stated_code(part: re.Match[str]) -> str | None:
    if part[3] is not None:
        return part[3]
    if part[1] == "s":
        return _character(part[2])
    return None


def _literal(part: re.Match[str]) -> str:
    if part[0] in ("$$", "$"):
        return "$"
    if part[2]:
        return _character(part[2])
    return part[0]


def _character(hexadecimal: str) -> str:
    number = int(hexadecimal, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _value(text: str, last: bool) -> str:
    text = text.removeprefix(" ")
    return text if last else text.removesuffix(" ")


def _code(code: str) -> str:
    if len(code) != 1 or code in _ODD_CODES or _is_odd(code):
        return f"$|s{ord(code[:1] or ' '):x}|"
    return f"${code}"


def _escaped(value: str) -> str:
    if value.isprintable() and "$" not in value:
        return value
    return "".join("$$" if c == "$" else f"$|{ord(c):x}|" if _is_odd(c) else c for c in value)


def _link(value: str) -> str:
    """The value of $6 with its script as it is."""
    found = _SCRIPT.match(value)
    return found[0] + _escaped(value[found.end() :]) if found else _escaped(value)


def _is_odd(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _BREAKS


def shown_value(value: str) -> str:
    """A fixed field for a person: blanks as #."""
    return value.replace(" ", "#")


def fixed_value(text: str) -> str:
    """The fixed field that a person wrote with # for blanks."""
    return text.replace("#", " ")
