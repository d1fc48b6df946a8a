"""What is wrong with a record, and what the required minimum still lacks. One table of rules for page and server.

Errors are faults of structure: such a record is not kept. Warnings are for the cataloguer to weigh.
Required minimum: Decree 93/2020/NĐ-CP (title, author, publication, keyword, subject, accession number, shelf mark).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lienthu.catalogue.marc import numbers

from . import codec, linked, tables
from .sheets import MAX_ROWS, Row, Sheet, indicators, is_control, is_empty

_TAG = re.compile("[0-9]{3}")
_CODE = re.compile("[0-9a-z]")
_VALUE_OF_INDICATOR = re.compile("[0-9a-z |]")
_LANGUAGES = re.compile("(?:[a-z]{3})+")
_MAIN_ENTRIES = ("100", "110", "111", "130")
_FIELD_BYTES, _RECORD_BYTES = 9_999, 99_999
_TYPES = "acdefgijkmoprt"


class Severity(StrEnum):
    """Does it stop the record from being saved?"""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its code, the row it concerns (from 0; None: the record), what the sentence needs."""

    code: str
    severity: Severity
    row: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """One line of the required minimum and whether the record meets it; `tag` is where to fill it in."""

    code: str
    met: bool
    tag: str


@dataclass(frozen=True, slots=True)
class Held:
    """What the copies of a record say, beside the record itself."""

    accession_number: bool = False
    shelf_mark: bool = False


def check(sheet: Sheet) -> list[Finding]:
    """Everything that is wrong, in the order of the rows; what concerns the whole record comes last."""
    found = [finding for place, row in enumerate(sheet.rows) for finding in _row(row, place, sheet)]
    found += _record(sheet)
    return found


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Only those that stop the record from being saved."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _error(code: str, at: int | None = None, /, **params: Any) -> Finding:
    return Finding(code, Severity.ERROR, at, params)


def _warning(code: str, at: int | None = None, /, **params: Any) -> Finding:
    return Finding(code, Severity.WARNING, at, params)


def _row(row: Row, place: int, sheet: Sheet) -> Iterator[Finding]:
    tag = row.tag.strip()
    if not tag and not row.text.strip():
        return
    if not _TAG.fullmatch(tag) or tag == "000":
        yield _error("tag_invalid", place, tag=tag)
        return
    if is_control(tag):
        yield from _control(tag, row, place, sheet.leader)
        return
    if is_empty(row):
        return
    yield from _indicators(tag, row, place)
    yield from _subfields(tag, row, place)
    yield from _values(tag, row, place)
    if len(row.text.encode()) > _FIELD_BYTES:
        yield _error("field_too_long", place, tag=tag, limit=_FIELD_BYTES)


def _control(tag: str, row: Row, place: int, leader: str) -> Iterator[Finding]:
    value = codec.fixed_value(row.text)
    expected = tables.LENGTHS.get(tag)
    if expected and value.strip() and len(value) != expected:
        yield _error("fixed_length", place, tag=tag, length=len(value), expected=expected)
        return
    if not value.strip():
        return
    for position in tables.positions(tag, value, codec.fixed_value(leader)):
        stated = value[position.start : position.start + position.length]
        # Longer positions combine codes or take any of a long list; only single characters are closed.
        if position.values and position.length == 1 and stated not in position.values:
            yield _warning("fixed_value", place, tag=tag, place=position.start, value=codec.shown_value(stated))


def _indicators(tag: str, row: Row, place: int) -> Iterator[Finding]:
    rule = tables.fields().get(tag)
    if len(row.indicators) > 2:
        yield _error("indicator_invalid", place, tag=tag)
        return
    for number, value in enumerate(indicators(row.indicators), start=1):
        if not _VALUE_OF_INDICATOR.fullmatch(value):
            yield _error("indicator_invalid", place, tag=tag)
        elif rule and tag != "880" and value not in (set(rule.indicators[number - 1]) or {tables.BLANK}):
            yield _warning("indicator_undefined", place, tag=tag, number=number, value=codec.shown_value(value))


def _subfields(tag: str, row: Row, place: int) -> Iterator[Finding]:
    rule = tables.fields().get(tag)
    subfields = [(code, value) for code, value in codec.read(row.text) if value]
    for code in dict.fromkeys(code for code, _ in subfields):
        if not _CODE.fullmatch(code):
            yield _error("subfield_invalid", place, tag=tag, code=code)
        elif rule and tag != "880" and code not in rule.subfields and not code.isdigit():
            yield _warning("subfield_undefined", place, tag=tag, code=code)
    if rule and tag != "880":
        for code, count in Counter(code for code, _ in subfields).items():
            known = rule.subfields.get(code)
            if known and not known.repeatable and count > 1:
                yield _warning("subfield_not_repeatable", place, tag=tag, code=code)
    if any("\x1d" <= character <= "\x1f" for _, value in subfields for character in value):
        yield _error("forbidden_character", place, tag=tag)


def _values(tag: str, row: Row, place: int) -> Iterator[Finding]:
    for code, value in codec.read(row.text):
        text = value.strip()
        if not text:
            continue
        if (tag, code) == ("020", "a") and not numbers.isbn13(text):
            yield _warning("isbn_invalid", place, value=text)
        elif (tag, code) == ("022", "a") and not numbers.issn(text):
            yield _warning("issn_invalid", place, value=text)
        elif tag == "041" and code in "abdefgh" and not _LANGUAGES.fullmatch(text):
            yield _warning("language_unknown", place, value=text)
        elif (tag, code) == ("856", "u") and not re.match("[a-z]+:", text):
            yield _warning("address_invalid", place, value=text)
    if tag == "880" and linked.link_of(row) is None:
        yield _warning("link_missing", place)


def _record(sheet: Sheet) -> Iterator[Finding]:
    rows = [(place, row) for place, row in enumerate(sheet.rows) if not is_empty(row)]
    if not _says(sheet, ("245",), "ab"):
        yield _error("title_missing")
    leader = codec.fixed_value(sheet.leader)
    if len(leader) != tables.LENGTHS["LDR"]:
        yield _error("leader_length", length=len(leader), expected=tables.LENGTHS["LDR"])
    elif leader[6] not in _TYPES:
        yield _error("leader_type", value=codec.shown_value(leader[6]))
    if len(sheet.rows) >= MAX_ROWS:
        yield _error("too_many_rows", limit=MAX_ROWS)
    counts = Counter(row.tag for _, row in rows)
    for place, row in rows:
        rule = tables.fields().get(row.tag)
        if rule and not rule.repeatable and counts[row.tag] > 1:
            yield _error("field_not_repeatable", place, tag=row.tag)
    mains = [tag for tag in _MAIN_ENTRIES if counts[tag]]
    if len(mains) > 1:
        yield _error("main_entries", tags=", ".join(mains))
    yield from _links(rows)
    if sum(len(row.text.encode()) + 15 for _, row in rows) > _RECORD_BYTES:
        yield _error("record_too_long", limit=_RECORD_BYTES)


def _links(rows: list[tuple[int, Row]]) -> Iterator[Finding]:
    owners = {linked.pair_of(row) for _, row in rows if row.tag != "880"}
    for place, row in rows:
        pair = linked.pair_of(row)
        if row.tag == "880" and pair is not None and pair not in owners:
            yield _warning("link_without_field", place, tag=pair[0])


def _says(sheet: Sheet, tags: Sequence[str], codes: str) -> bool:
    rows = (row for row in sheet.rows if row.tag in tags)
    return any(value.strip() for row in rows for code, value in codec.read(row.text) if code in codes)


_AUTHORS = ("100", "110", "111", "700", "710", "711", "720")
_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651", "655", "690")


def demands(sheet: Sheet, held: Held) -> list[Demand]:
    """The required minimum, in the order of the decree."""

    def has(tags: Sequence[str], codes: str) -> bool:
        return _says(sheet, tags, codes)

    imprint = has(("260", "264"), "ab") and has(("260", "264"), "c")
    return [
        Demand("title", has(("245",), "a"), "245"),
        Demand("author", has(_AUTHORS, "a") or has(("245",), "c"), "100"),
        Demand("publication", imprint, "260"),
        Demand("keyword", has(("653",), "a"), "653"),
        Demand("subject", has(_SUBJECTS, "a"), "650"),
        Demand("accession_number", held.accession_number or has(("852", "952"), "p"), "852"),
        Demand("shelf_mark", held.shelf_mark or has(("852",), "hjk") or has(("952",), "o"), "852"),
    ]


__all__ = ["Demand", "Finding", "Held", "Severity", "check", "demands", "errors"]
