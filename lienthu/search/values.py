"""Reads the values of coded fields out of a query: years, numbers, languages, kinds of material."""

import re

from lienthu.kernel import text
from lienthu.search.nodes import Code, CodeField, Years
from lienthu.search.schema import class_number, isbn_forms, plain_identifier, whole_title
from lienthu.search.vocabulary import LANGUAGES, TYPES

_YEARS = re.compile(
    r"""\s*(?:(?P<sign>>=|<=|>|<)\s*(?P<one>\d{3,4})
      |(?:\.\.|-)\s*(?P<until>\d{3,4})
      |(?P<mask>\d{2,3}[?*]{1,2})
      |(?P<low>\d{3,4})(?:\s*(?:-|–|—|\.\.|…)\s*(?P<high>\d{3,4})?)?)
    (?![^\s)"])""",
    re.VERBOSE,
)
_VALUE = re.compile(r'\s*(?:"([^"]*)"|([^\s()"]+))')
_SPACED_ISBN = re.compile(r"\s*(\d(?:[ -]?\d){8,11}[ -]?[\dXx])(?=[\s)]|$)")
_WORDS = re.compile(r"[^\s()\":]+")
_LIBRARY_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/:.-]{0,39}")
_LONGEST_NAME = 3
_LONGEST_ID = 19


def years_value(query: str, at: int) -> tuple[Years, int] | None:
    """Years typed at this place and where they end: 1990, 1990-2000, 1990.., ..2000, >1990, <=2000, 199*."""
    found = _YEARS.match(query, at)
    if not found:
        return None
    return _years(found), found.end()


def _years(found: re.Match[str]) -> Years:
    if found["sign"]:
        year = int(found["one"])
        return {
            ">": Years(year + 1, None), ">=": Years(year, None), "<": Years(None, year - 1), "<=": Years(None, year)
        }[found["sign"]]  # fmt: skip
    if found["until"]:
        return Years(None, int(found["until"]))
    if found["mask"]:
        stem = found["mask"].rstrip("?*")
        return Years(int(stem.ljust(4, "0")), int(stem.ljust(4, "9")))
    low = int(found["low"])
    if found["high"]:
        return Years(min(low, int(found["high"])), max(low, int(found["high"])))
    return Years(low, low if found["low"] == found[0].strip() else None)


def code_value(field: CodeField, query: str, at: int) -> tuple[Code, int] | None:
    """The code typed at this place in this field and where it ends; None when there is none or it is unknown."""
    if field in (CodeField.LANGUAGE, CodeField.TYPE) and (named := _named_value(field, query, at)):
        return named
    if field is CodeField.ISBN and (spaced := _SPACED_ISBN.match(query, at)) and valid_isbn(digits_of(spaced[1])):
        return Code(field, isbn_forms(spaced[1])[0]), spaced.end()
    found = _VALUE.match(query, at)
    code = code_of(field, found[1] or found[2] or "") if found else None
    return (code, found.end()) if found and code else None


def code_of(field: CodeField, value: str) -> Code | None:
    """The code in the form the index holds; None when it cannot be a code of this field."""
    value = value.strip().rstrip(",;")
    if field is CodeField.LANGUAGE:
        folded = _name(value)
        return Code(field, LANGUAGES.get(folded) or folded) if folded in LANGUAGES or len(folded) == 3 else None
    if field is CodeField.TYPE:
        folded = _name(value)
        kind = TYPES.get(folded) or (folded.upper() if folded.upper() in TYPES.values() else None)
        return Code(field, kind) if kind else None
    if field is CodeField.LIBRARY:
        return Code(field, value.upper()) if _LIBRARY_CODE.fullmatch(value) else None
    if field is CodeField.DDC:
        number = class_number(value.rstrip("*?"))
        return Code(field, number) if number else None
    if field is CodeField.RECORD:
        return Code(field, str(int(value))) if value.isdecimal() and len(value) < _LONGEST_ID else None
    if field is CodeField.WHOLE_TITLE:
        key = text.exact_key(value)
        return Code(field, whole_title(key)) if key else None
    if field is CodeField.WHOLE_SUBJECT:
        return Code(field, value) if value else None
    if field is CodeField.ISBN:
        forms = isbn_forms(value)
        return Code(field, forms[0]) if forms and any(map(str.isdigit, forms[0])) else None
    plain = plain_identifier(value)
    return Code(field, plain) if plain else None


def _named_value(field: CodeField, query: str, at: int) -> tuple[Code, int] | None:
    """A language or kind of material of several syllables: `tiếng Việt`, `luận văn`."""
    words = list(_WORDS.finditer(query, at, at + 60))[:_LONGEST_NAME]
    names = LANGUAGES if field is CodeField.LANGUAGE else TYPES
    for count in range(len(words), 0, -1):
        if query[at : words[0].start()].strip():
            return None
        span = query[words[0].start() : words[count - 1].end()]
        if '"' not in span and ":" not in span and (code := names.get(_name(span))):
            return Code(field, code), words[count - 1].end()
    return None


def _name(value: str) -> str:
    return text.folded_key(value).replace(" ", "")


def digits_of(number: str) -> str:
    """The number without blanks and hyphens."""
    return number.replace("-", "").replace(" ", "").upper()


def valid_isbn(number: str) -> bool:
    """Whether ten or thirteen digits carry the right check digit."""
    if len(number) == 13:
        return number.isdigit() and sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(number)) % 10 == 0
    if len(number) != 10 or not number[:9].isdigit():
        return False
    total = sum(int(digit) * (10 - at) for at, digit in enumerate(number[:9]))
    return (total + (10 if number[9] == "X" else int(number[9]))) % 11 == 0
