"""Reading a file of records as a stream, whatever its format.

``open_records`` finds the format by content and gives every record with its number, place and raw bytes;
what cannot be read comes as ``Bad`` with its reason, and reading goes on behind it.
"""

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import orjson

from lienthu.intake import types
from lienthu.intake.archives import open_gzip, open_only_member, open_zip
from lienthu.intake.problems import IntakeError, Problem

from . import delimited, iso2709, marcjson, marcxml, sniff
from .frames import Frame, XmlFramer, iso2709_frames, json_frames
from .limits import DEFAULT_LIMITS, ReadLimits
from .mapping import Mapping, guess_mapping, record_of_cells, row_cells
from .problems import MarcError, UnreadableFile, problem
from .record import Record
from .source import HEAD, Source
from .workbook import Workbook, first_rows

ROW = "row"


class ResumePoint(NamedTuple):
    """Where to go on: bytes of the unpacked file (rows of a workbook) behind the last item, and its number."""

    offset: int = 0
    number: int = 0


class RawRecord(NamedTuple):
    """A record that was read.

    ``offset`` and ``length`` are bytes of the unpacked file; in a workbook the row (from 1) and 1.
    ``raw`` is exactly those bytes; for tables a JSON list of [header, target, text]. ``format`` is
    "iso2709", "marcxml", "marcjson" or "row". ``notes`` say what was odd but repaired.
    """

    number: int
    offset: int
    length: int
    raw: bytes
    format: str
    encoding: str
    record: Record
    notes: tuple[Problem, ...] = ()

    @property
    def next(self) -> ResumePoint:
        """Where reading goes on behind this record."""
        return ResumePoint(self.offset + self.length, self.number)


class Bad(NamedTuple):
    """What should be a record but cannot be read. ``raw`` may be cut: ``length`` is the true length."""

    number: int
    offset: int
    length: int
    raw: bytes
    format: str
    encoding: str
    problem: Problem

    @property
    def next(self) -> ResumePoint:
        """Where reading goes on behind it."""
        return ResumePoint(self.offset + self.length, self.number)


Item = RawRecord | Bad
_START = ResumePoint()
_new = tuple.__new__


class Reading:
    """An opened file of records: iterate over it once.

    ``format`` is "iso2709", "marcxml", "marcjson" or "row"; ``container`` is "", "gzip", "zip", "xlsx", "xls",
    "ods" or "csv"; ``mapping`` is the one used for a table; ``encoding`` that of the file where it has one.
    """

    def __init__(self, *, items: Iterator[Item], format: str, container: str, encoding: str, mapping: Mapping | None):
        self.format = format
        self.container = container
        self.encoding = encoding
        self.mapping = mapping
        self._items = items

    def __iter__(self) -> Iterator[Item]:
        return self._items

    def __next__(self) -> Item:
        return next(self._items)


def open_records(
    stream: BinaryIO,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    mapping: Mapping | None = None,
    start: ResumePoint = _START,
) -> Reading:
    """Find the format of ``stream`` (seekable, standing at its beginning) and read on from ``start``.

    ``mapping`` says what the columns of a table mean; without it the headers decide.
    Raises ``UnreadableFile`` at once when the file as a whole cannot be read. Reading from a damaged or
    hostile archive raises it later, behind the records that came out well.
    """
    try:
        unpacked, container = _unpack(stream, limits)
    except IntakeError as error:
        raise UnreadableFile(error.problem) from error
    if isinstance(unpacked, Workbook):
        return _open_workbook(unpacked, mapping, start)
    with _translated():
        source = Source(unpacked)
    format = sniff.format_of(source.head)
    if format == sniff.TABLE:
        return _open_text_table(source, container, limits, mapping, start)
    if start.offset:
        with _translated():
            source.skip_to(start.offset)
    encoding = "utf-8"
    if format == sniff.ISO2709:
        encoding = ""
        items = _iso2709_items(source, start.number, limits)
    elif format == sniff.MARCXML:
        encoding = sniff.xml_encoding(source.head)
        items = _xml_items(source, start.number, limits, encoding)
    else:
        items = _json_items(source, start.number, limits)
    return Reading(items=_guarded(items), format=format, container=container, encoding=encoding, mapping=None)


def reread(raw: bytes, *, format: str, encoding: str) -> Record:
    """The record of stored raw bytes, by the format and encoding that were found when they were read."""
    if format == sniff.ISO2709:
        return iso2709.parse(raw).record
    if format == sniff.MARCXML:
        return marcxml.standalone(raw, encoding=encoding or "utf-8")
    if format == sniff.MARCJSON:
        return marcjson.parse(raw)[0]
    if format == ROW:
        return record_of_cells(orjson.loads(raw))
    raise MarcError(problem("unknown_format"))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntakeError as error:
        raise UnreadableFile(error.problem) from error


def _guarded(items: Iterator[Item]) -> Iterator[Item]:
    with _translated():
        yield from items


def _unpack(stream: BinaryIO, limits: ReadLimits) -> tuple[BinaryIO | Workbook, str]:
    """The bytes to read records from, and what they were wrapped in."""
    head = stream.read(HEAD)
    stream.seek(-len(head), io.SEEK_CUR)
    kind = types.kind_of_head(head)
    if kind is types.GZIP:
        return _once(open_gzip(stream, limits.file)), "gzip"
    if kind is types.OLE:
        return Workbook(stream, kind, limits), kind.name
    if kind is types.ZIP:
        archive = open_zip(stream, limits.file)
        inner = types.kind_of_zip(archive)
        if inner in (types.XLSX, types.ODS):
            return Workbook(stream, inner, limits), inner.name
        if inner is not types.ZIP:
            raise UnreadableFile(problem("unknown_format"))
        return _once(open_only_member(archive, stream, limits.file)[1]), "zip"
    return stream, ""


def _once(unpacked: BinaryIO) -> BinaryIO:
    """Refuse a second layer of compression."""
    peek = unpacked.peek(8) if isinstance(unpacked, io.BufferedReader) else b""
    if types.kind_of_head(peek[:8]) in (types.GZIP, types.ZIP):
        raise IntakeError(problem("archive_nested"))
    return unpacked


# --- ISO 2709 ---------------------------------------------------------------

_HIDDEN_LEADER = re.compile(rb"[0-9]{5}[acdnpsxo][a-z][\x20-\x7e]{3}22([0-9]{5})[\x20-\x7e]{3}4500[0-9]{3}")


def _iso2709_items(source: Source, number: int, limits: ReadLimits) -> Iterator[Item]:
    parse = iso2709.parse
    for offset, length, raw, trouble in iso2709_frames(source, limits.record):
        number += 1
        if trouble is None:
            try:
                record, encoding, notes = parse(raw)
            except MarcError as error:
                trouble = error.problem
            else:
                if raw[-1] != iso2709.RECORD_END:
                    notes = (*notes, problem("terminator_missing"))
                # Without the Python-level constructor of a named tuple, which would show in the speed of reading.
                yield _new(RawRecord, (number, offset, length, raw, sniff.ISO2709, encoding, record, notes))
                continue
        hidden = _hidden_record(raw) if len(raw) == length else None
        if hidden is None:
            if raw[-1:] != b"\x1d" and trouble.code in ("directory_broken", "record_too_short"):
                trouble = problem("record_truncated")
            yield Bad(number, offset, length, raw, sniff.ISO2709, "", trouble)
            continue
        # The terminator of the broken record is lost: the next record stands in the same frame.
        at, (record, encoding, notes) = hidden
        trouble = problem("record_truncated")
        yield Bad(number, offset, at, raw[:at], sniff.ISO2709, "", trouble)
        number += 1
        yield RawRecord(number, offset + at, length - at, raw[at:], sniff.ISO2709, encoding, record, notes)


def _hidden_record(raw: bytes) -> tuple[int, iso2709.Parsed] | None:
    """A whole record at the end of a broken frame, with its position."""
    for found in _HIDDEN_LEADER.finditer(raw, 1):
        at = found.start()
        if raw[at + int(found[1]) - 1 : at + int(found[1])] != b"\x1e":
            continue
        try:
            return at, iso2709.parse(raw[at:])
        except MarcError:
            continue
    return None


# --- MARCXML and MARC-in-JSON ---------------------------------------------------


def _xml_items(source: Source, number: int, limits: ReadLimits, encoding: str) -> Iterator[Item]:
    reader = marcxml.ElementReader(sniff.xml_prolog(source.head), encoding=encoding)
    for frame in XmlFramer(source, limits.xml_record):
        number += 1
        trouble = frame.problem
        if trouble is None:
            try:
                record = reader.parse(frame.raw)
            except MarcError as error:
                trouble = error.problem
            else:
                yield RawRecord(number, frame.offset, frame.length, frame.raw, sniff.MARCXML, encoding, record)
                continue
        yield _bad(number, frame, sniff.MARCXML, encoding, trouble)


def _json_items(source: Source, number: int, limits: ReadLimits) -> Iterator[Item]:
    for frame in json_frames(source, limits.json_record):
        number += 1
        if frame.problem is not None:
            yield _bad(number, frame, sniff.MARCJSON, "utf-8", frame.problem)
            continue
        try:
            record, length = marcjson.parse(frame.raw)
        except MarcError as error:
            yield _bad(number, frame, sniff.MARCJSON, "utf-8", error.problem)
            continue
        raw = frame.raw[:length]
        yield RawRecord(number, frame.offset, length, raw, sniff.MARCJSON, "utf-8", record)
        rest = marcjson.trailing(frame.raw, length)
        if rest:
            number += 1
            at = frame.raw.index(rest, length)
            found = Frame(frame.offset + at, len(rest), rest)
            yield _bad(number, found, sniff.MARCJSON, "utf-8", problem("json_malformed"))


def _bad(number: int, frame: Frame, format: str, encoding: str, trouble: Problem) -> Bad:
    return Bad(number, frame.offset, frame.length, frame.raw, format, encoding, trouble)


# --- Tables -----------------------------------------------------------------------


def _open_text_table(
    source: Source, container: str, limits: ReadLimits, mapping: Mapping | None, start: ResumePoint
) -> Reading:
    dialect = delimited.sniff_dialect(source.head)
    if mapping is None:
        sample = Source(io.BytesIO(source.head[dialect.start :]))
        cells = [row.cells for row, _ in zip(delimited.rows(sample, dialect, limits), range(30), strict=False)]
        mapping = _guessed(cells, "")
    source.skip_to(dialect.start)
    items = _guarded(_text_table_items(delimited.rows(source, dialect, limits), mapping, dialect, start))
    return Reading(items=items, format=ROW, container=container or "csv", encoding=dialect.encoding, mapping=mapping)


def _guessed(rows: Sequence[Sequence[str]], sheet: str) -> Mapping:
    mapping = guess_mapping(rows, sheet=sheet)
    if mapping is None:
        raise UnreadableFile(problem("table_no_header"))
    return mapping


def _text_table_items(
    rows: Iterator[delimited.Row], mapping: Mapping, dialect: delimited.Dialect, start: ResumePoint
) -> Iterator[Item]:
    number = 0
    for position, row in enumerate(rows):
        if position <= mapping.header_row:
            continue
        number += 1
        if row.offset < start.offset:
            continue
        trouble = row.problem
        if trouble is None:
            item = _row_item(number, row.offset, row.length, row.cells, mapping, dialect.encoding)
            if item is not None:
                yield item
                continue
            trouble = problem("row_empty")
        yield Bad(number, row.offset, row.length, row.raw, ROW, dialect.encoding, trouble)


def _open_workbook(book: Workbook, mapping: Mapping | None, start: ResumePoint) -> Reading:
    if mapping is None:
        sheet = book.best_sheet()
        mapping = _guessed(list(first_rows(book.rows(sheet))), sheet)
    sheet = mapping.sheet or book.best_sheet()
    items = _workbook_items(book.rows(sheet), mapping, start)
    return Reading(items=items, format=ROW, container=book.kind, encoding="", mapping=mapping)


def _workbook_items(rows: Iterator[list[str]], mapping: Mapping, start: ResumePoint) -> Iterator[Item]:
    number = 0
    for row_number, cells in enumerate(rows, start=1):
        if row_number <= mapping.header_row + 1 or not any(cell.strip() for cell in cells):
            continue
        number += 1
        if row_number < start.offset:
            continue
        item = _row_item(number, row_number, 1, cells, mapping, "")
        yield item or Bad(number, row_number, 1, orjson.dumps(cells), ROW, "", problem("row_empty"))


def _row_item(
    number: int, offset: int, length: int, cells: Sequence[str], mapping: Mapping, encoding: str
) -> RawRecord | None:
    used = row_cells(mapping, cells)
    try:
        record = record_of_cells(used, separators=mapping.separators)
    except MarcError:
        return None
    return RawRecord(number, offset, length, orjson.dumps(used), ROW, encoding, record)
