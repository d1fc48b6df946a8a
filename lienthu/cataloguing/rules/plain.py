"""The simple form: what a beginner fills in, read from a record and written back without touching anything else.

Only values that the person changed are written, so a record may go between the simple form and the MARC view freely.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from . import codec
from .sheets import Row, Sheet

_TRAILING = " /:;,=+"


@dataclass(frozen=True, slots=True)
class Plain:
    """The values of the simple form. Lists hold one entry a line."""

    title: str = ""
    subtitle: str = ""
    volume: str = ""
    volume_title: str = ""
    responsibility: str = ""
    author: str = ""
    body: str = ""
    others: tuple[str, ...] = ()
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: str = ""
    extent: str = ""
    illustrations: str = ""
    size: str = ""
    series: str = ""
    isbn: str = ""
    price: str = ""
    language: str = ""
    class_number: str = ""
    author_mark: str = ""
    keywords: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    summary: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value of the form stands: the first field with one of the tags, the first subfield with the code."""

    tags: tuple[str, ...]
    code: str
    indicators: str = "##"


_PLACES: dict[str, _Place] = {
    "title": _Place(("245",), "a", "00"),
    "volume": _Place(("245",), "n", "00"),
    "volume_title": _Place(("245",), "p", "00"),
    "subtitle": _Place(("245",), "b", "00"),
    "responsibility": _Place(("245",), "c", "00"),
    "author": _Place(("100",), "a", "0#"),
    "body": _Place(("110",), "a", "2#"),
    "edition": _Place(("250",), "a"),
    "place": _Place(("260", "264"), "a"),
    "publisher": _Place(("260", "264"), "b"),
    "year": _Place(("260", "264"), "c"),
    "extent": _Place(("300",), "a"),
    "illustrations": _Place(("300",), "b"),
    "size": _Place(("300",), "c"),
    "series": _Place(("490",), "a", "0#"),
    "isbn": _Place(("020",), "a"),
    "price": _Place(("020",), "c"),
    "language": _Place(("041",), "a", "0#"),
    "class_number": _Place(("082",), "a", "04"),
    "author_mark": _Place(("082",), "b", "04"),
    "summary": _Place(("520",), "a"),
    "note": _Place(("500",), "a"),
}
_LISTS: dict[str, _Place] = {
    "others": _Place(("700",), "a", "0#"),
    "keywords": _Place(("653",), "a"),
    "subjects": _Place(("650",), "a", "#4"),
}

# What ISBD puts before a subfield stands at the end of the one before it.
_BEFORE: dict[tuple[str, str], str] = {
    ("245", "b"): " :", ("245", "c"): " /", ("245", "n"): ".", ("245", "p"): ",",
    ("260", "b"): " :", ("260", "c"): ",", ("264", "b"): " :", ("264", "c"): ",",
    ("300", "b"): " :", ("300", "c"): " ;", ("020", "c"): " :",
}  # fmt: skip
_ORDER = {"245": "anpbc", "260": "abc", "264": "abc", "300": "abc", "020": "ac", "082": "ab"}


def read_plain(sheet: Sheet) -> Plain:
    """The values of the form that a record has."""
    values: dict[str, Any] = {}
    for name, place in _PLACES.items():
        row = _first(sheet.rows, place.tags)
        if row:
            values[name] = _shown(next((v for c, v in codec.read(row.text) if c == place.code), ""))
    for name, place in _LISTS.items():
        texts = [
            _shown(value)
            for row in sheet.rows
            if row.tag in place.tags
            for code, value in codec.read(row.text)
            if code == place.code
        ]
        values[name] = tuple(text for text in texts if text)
    return Plain(**values)


def write_plain(sheet: Sheet, wanted: Plain) -> Sheet:
    """The sheet with the values of the form that differ from what it says now."""
    now = read_plain(sheet)
    rows = list(sheet.rows)
    for one in fields(Plain):
        before, after = getattr(now, one.name), getattr(wanted, one.name)
        if before == after:
            continue
        if one.name in _LISTS:
            rows = _with_list(rows, _LISTS[one.name], before, after)
        else:
            rows = _with_value(rows, _PLACES[one.name], str(after).strip())
    rows = _coded(rows, now, wanted)
    return replace(sheet, rows=tuple(rows))


def _shown(value: str) -> str:
    return value.strip().rstrip(_TRAILING)


def _first(rows: Sequence[Row], tags: Sequence[str]) -> Row | None:
    return next((row for row in rows if row.tag in tags), None)


def _with_value(rows: list[Row], place: _Place, value: str) -> list[Row]:
    at = next((i for i, row in enumerate(rows) if row.tag in place.tags), None)
    if at is None:
        return _inserted(rows, Row(place.tags[0], place.indicators, codec.written([(place.code, value)])))
    row = rows[at]
    subfields = codec.read(row.text)
    where = next((i for i, (code, _) in enumerate(subfields) if code == place.code), None)
    if where is None:
        subfields = _placed(subfields, row.tag, place.code, value)
    elif value:
        subfields[where] = (place.code, value + _tail(subfields[where][1]))
    else:
        subfields.pop(where)
    rows[at] = replace(row, text=codec.written(_punctuated(row.tag, subfields)))
    return rows if subfields else rows[:at] + rows[at + 1 :]


def _tail(old: str) -> str:
    """The punctuation that led from the old value to the next subfield."""
    return old[len(old.rstrip(_TRAILING)) :] if old.strip() else ""


def _placed(subfields: list[tuple[str, str]], tag: str, code: str, value: str) -> list[tuple[str, str]]:
    order = _ORDER.get(tag, "")
    later = order[order.index(code) + 1 :] if code in order else ""
    at = next((i for i, (one, _) in enumerate(subfields) if one in later), len(subfields))
    return [*subfields[:at], (code, value), *subfields[at:]]


def _punctuated(tag: str, subfields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each subfield ends with the sign that ISBD wants before the next one, where this table knows it."""
    done: list[tuple[str, str]] = []
    for at, (code, value) in enumerate(subfields):
        following = next((other for other, text in subfields[at + 1 :] if text.strip()), "")
        sign = _BEFORE.get((tag, following))
        known = code in _ORDER.get(tag, "")
        if sign and known and value.strip():
            bare = value.rstrip().rstrip(_TRAILING)
            value = bare if sign == "." and bare.endswith(".") else bare + sign
        elif known and not following and tag in ("245", "260", "264", "300"):
            value = value.rstrip().rstrip(" /:;,=")
        done.append((code, value))
    return done


def _with_list(rows: list[Row], place: _Place, before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Fields whose text went are taken out, new ones come in behind; those that stayed are not touched."""
    gone = [text for text in before if text not in after]
    fresh = [text for text in after if text not in before and text.strip()]
    kept: list[Row] = []
    for row in rows:
        if row.tag not in place.tags:
            kept.append(row)
            continue
        subfields = [(c, v) for c, v in codec.read(row.text) if not (c == place.code and _shown(v) in gone)]
        if subfields == codec.read(row.text):
            kept.append(row)
        elif any(code == place.code for code, _ in subfields):
            kept.append(replace(row, text=codec.written(subfields)))
    for text in fresh:
        kept = _inserted(kept, Row(place.tags[0], place.indicators, codec.written([(place.code, text.strip())])))
    return kept


def _inserted(rows: list[Row], row: Row) -> list[Row]:
    at = next((i for i, other in enumerate(rows) if other.tag > row.tag), len(rows))
    return [*rows[:at], row, *rows[at:]]


def _coded(rows: list[Row], now: Plain, wanted: Plain) -> list[Row]:
    """Year and language in 008 follow the form; the second pass keeps all other characters."""
    at = next((i for i, row in enumerate(rows) if row.tag == "008" and len(row.text) == 40), None)
    if at is None:
        return rows
    text = rows[at].text
    year = re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", wanted.year)
    if wanted.year != now.year and year:
        kind = text[6] if text[6] not in "#|n" else "s"
        text = text[:6] + kind + year[0] + text[11:]
    if wanted.language != now.language and re.fullmatch("[a-z]{3}", wanted.language):
        text = text[:35] + wanted.language + text[38:]
    rows[at] = replace(rows[at], text=text)
    return rows
