"""Records of tables: rows of a text file or of a workbook."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import orjson

from lienthu.kernel.text.encodings import AS_IS, converted

from .. import delimited
from ..limits import ReadLimits
from ..mapping import Column, Mapping, folded, guess_mapping, record_of_cells, row_cells
from ..oldtext import AUTO, UTF8, Mender
from ..problems import MarcError, UnreadableFile, problem
from ..profiles import SourceProfile
from ..record import Field, Record
from ..shelflist import Numbers, trouble_of
from ..source import Source
from ..workbook import Workbook, first_rows
from .values import ROW, Bad, Item, RawRecord, Reading, ResumePoint

_LEARNT_ROWS = 200
_HEADER_ROWS = 30


class _Rows:
    """Makes items of the rows of one table."""

    def __init__(self, mapping: Mapping, mender: Mender, encoding: str, sample: Sequence[Sequence[str]]) -> None:
        self._mapping = mapping
        self._mender = mender
        self._encoding = encoding
        self._numbers = Numbers(mapping, sample[mapping.header_row + 1 :])

    def item(self, number: int, offset: int, length: int, cells: Sequence[str]) -> Item:
        """The record of a row, or why it is none."""
        stored = row_cells(self._mapping, cells)
        trouble = trouble_of(cells, self._mapping)
        if trouble is None:
            texts, encoding = self._read(number, stored)
            try:
                return self._record(number, offset, length, stored, texts, encoding)
            except MarcError as error:
                trouble = error.problem
        return Bad(number, offset, length, orjson.dumps(list(cells)), ROW, self._encoding, trouble)

    def _record(
        self, number: int, offset: int, length: int, stored: list[list[str]], texts: list[str], encoding: str
    ) -> RawRecord:
        width = max((column.index for column in self._mapping.columns), default=-1) + 1
        row = [""] * width
        indexes = [column.index for column in self._mapping.columns]
        filled = iter(zip(stored, texts, strict=True))
        current = next(filled, None)
        for column in self._mapping.columns:
            if current and current[0][:2] == [column.header, column.target]:
                row[column.index] = current[1]
                current = next(filled, None)
        mended = self._numbers.mended(row, self._mapping) if indexes else row
        record = record_of_cells(row_cells(self._mapping, mended), separators=self._mapping.separators)
        return RawRecord(number, offset, length, orjson.dumps(stored), ROW, encoding, record)

    def _read(self, number: int, cells: list[list[str]]) -> tuple[list[str], str]:
        """The texts of the cells as they are meant, and their encoding."""
        is_utf8 = self._encoding != delimited.BYTES
        if is_utf8 and not self._mender.reads_ascii and all(text.isascii() for _, _, text in cells):
            return [text for _, _, text in cells], self._encoding
        record = Record("", [Field(header or target, "", "  ", [("a", text)]) for header, target, text in cells])
        if is_utf8:
            read, encoding = self._mender.reviewed(number, record, lambda: record)
            encoding = encoding or self._encoding
        else:
            read, encoding = self._mender.judged(number, record, is_utf8=False)
        return [one.get("a") for one in read.fields], encoding


def open_text_table(
    source: Source, container: str, limits: ReadLimits, profile: SourceProfile, start: ResumePoint
) -> Reading:
    """A table in a text file. Raises ``UnreadableFile`` without a header or a known encoding."""
    dialect = delimited.sniff_dialect(source.head, choice=profile.encoding)
    mender = Mender(profile.encoding, head=source.head if dialect.encoding in (UTF8, delimited.BYTES) else b"")
    sample = Source(io.BytesIO(source.head[dialect.start :]))
    cells = [list(row.cells) for row in islice(delimited.rows(sample, dialect, limits), _LEARNT_ROWS)]
    mapping = profile.table or _guessed(_read_headers(cells, mender), "")
    source.skip_to(dialect.start)
    rows = _Rows(mapping, mender, dialect.encoding, cells)
    items = _text_items(delimited.rows(source, dialect, limits), mapping, rows, dialect, start)
    encoding = "" if dialect.encoding == delimited.BYTES else dialect.encoding
    return Reading(
        items=items, format=ROW, container=container or "csv", encoding=encoding, mapping=mapping, mender=mender
    )


def _read_headers(rows: Sequence[Sequence[str]], mender: Mender) -> list[list[str]]:
    """The first rows as they are meant: headers are Vietnamese too."""
    encoding = mender.expected or AS_IS
    return [[converted(cell, encoding) for cell in row] for row in rows[:_HEADER_ROWS]]


def _guessed(rows: Sequence[Sequence[str]], sheet: str) -> Mapping:
    mapping = guess_mapping(rows, sheet=sheet)
    if mapping is None:
        raise UnreadableFile(problem("table_no_header"))
    return mapping


def _text_items(
    rows: Iterator[delimited.Row], mapping: Mapping, maker: _Rows, dialect: delimited.Dialect, start: ResumePoint
) -> Iterator[Item]:
    number = 0
    for position, row in enumerate(rows):
        if position <= mapping.header_row:
            continue
        number += 1
        if row.offset < start.offset:
            continue
        if row.problem is None:
            item = maker.item(number, row.offset, row.length, row.cells)
            yield item if isinstance(item, RawRecord) else item._replace(raw=row.raw)
        else:
            yield Bad(number, row.offset, row.length, row.raw, ROW, dialect.encoding, row.problem)


def open_workbook(book: Workbook, profile: SourceProfile, start: ResumePoint) -> Reading:
    """All sheets of a workbook with the same columns. Raises ``UnreadableFile`` when no sheet has known ones."""
    mapping = profile.table
    sheet = mapping.sheet if mapping and mapping.sheet else book.best_sheet()
    first = list(first_rows(book.rows(sheet), _LEARNT_ROWS))
    head = "\n".join(cell for row in first for cell in row).encode("utf-8", "replace")
    mender = Mender(profile.encoding if profile.encoding != AUTO else AUTO, head=head)
    if mapping is None:
        mapping = _guessed(_read_headers(first, mender), sheet)
    items = _workbook_items(book, sheet, mapping, mender, start)
    return Reading(items=items, format=ROW, container=book.kind, encoding="", mapping=mapping, mender=mender)


def _workbook_items(book: Workbook, main: str, mapping: Mapping, mender: Mender, start: ResumePoint) -> Iterator[Item]:
    """Rows are counted through all sheets that are read, so that the place of one is a single number."""
    number = above = 0
    for sheet, own in _sheets(book, main, mapping, mender):
        learnt = list(first_rows(book.rows(sheet), _LEARNT_ROWS))
        maker = _Rows(own, mender, "", learnt)
        row_number = 0
        for row_number, cells in enumerate(book.rows(sheet), start=1):
            if row_number <= own.header_row + 1 or not any(cell.strip() for cell in cells):
                continue
            number += 1
            if above + row_number >= start.offset:
                yield maker.item(number, above + row_number, 1, cells)
        above += row_number


def _sheets(book: Workbook, main: str, mapping: Mapping, mender: Mender) -> Iterator[tuple[str, Mapping]]:
    """The sheet of the mapping, and those whose header has the same columns, perhaps in other places."""
    yield main, mapping
    names = {folded(column.header): column for column in mapping.columns if column.target and column.header}
    for sheet in book.sheet_names:
        if sheet == main:
            continue
        rows = _read_headers(list(first_rows(book.rows(sheet))), mender)
        for place, row in enumerate(rows):
            here = [(index, names[folded(cell)]) for index, cell in enumerate(row) if folded(cell) in names]
            if len(here) >= max(2, len(names) // 2):
                columns = tuple(Column(index, column.header, column.target) for index, column in here)
                yield sheet, replace(mapping, columns=columns, header_row=place, sheet=sheet)
                break
