"""Excel and OpenDocument sheets: rows as text, by calamine.

Formulas are not evaluated: a cell gives the value that was stored with it. Calamine holds a sheet as a full
rectangle in memory, so the size of the rectangle is measured first.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from lienthu.intake import types
from lienthu.intake.archives import open_zip
from lienthu.intake.limits import Limits
from lienthu.intake.problems import IntakeError

from .delimited import filled_width
from .limits import ReadLimits
from .mapping import guess_mapping
from .problems import UnreadableFile, problem

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,7})([0-9]{1,12})"')
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="([0-9]{1,12})"')
_REPEATED_CELL = re.compile(rb'number-columns-repeated="([0-9]{1,12})"[^>]*?office:value')
# A repeated row counts only when it holds a value: editors end a sheet with a million empty rows.
_REPEATED_ROW = re.compile(
    rb'number-rows-repeated="([0-9]{1,12})"[^>]*>(?:(?!</table:table-row).){0,4000}?office:value', re.DOTALL
)
_BLOCK = 1 << 20
_OVERLAP = 4096


class Workbook:
    """An opened workbook."""

    def __init__(self, stream: BinaryIO, kind: types.Kind, limits: ReadLimits) -> None:
        """Open ``stream`` (seekable). Raises ``UnreadableFile`` when it is broken, locked or too large."""
        self.kind, self._columns = kind.name, limits.columns
        if stream.seek(0, io.SEEK_END) > limits.workbook:
            raise UnreadableFile(problem("workbook_too_large", limit=limits.workbook))
        stream.seek(0)
        if kind is not types.OLE:
            _refuse_bombs(stream, kind, limits)
        stream.seek(0)
        try:
            self._book = CalamineWorkbook.from_filelike(stream)
        except PasswordError as error:
            raise UnreadableFile(problem("workbook_password")) from error
        except BaseException as error:
            raise _refusal(error) from error

    @property
    def sheet_names(self) -> list[str]:
        return list(self._book.sheet_names)

    def rows(self, sheet: str) -> Iterator[list[str]]:
        """All rows of a sheet from its first row, empty ones too. Raises ``UnreadableFile``, also for one too wide."""
        if sheet not in self._book.sheet_names:
            raise UnreadableFile(problem("sheet_missing", sheet=sheet))
        try:
            opened = self._book.get_sheet_by_name(sheet)
            above = opened.start[0] if opened.start else 0
            left = opened.start[1] if opened.start else 0
            for _ in range(above):
                yield []
            for row in opened.iter_rows():
                cells = [""] * left + [cell_text(value) for value in row]
                if len(cells) > self._columns and (width := filled_width(cells)) > self._columns:
                    raise UnreadableFile(problem("table_too_wide", count=width, limit=self._columns))
                yield cells
        except (CalamineError, ValueError) as error:
            raise _refusal(error) from error

    def best_sheet(self) -> str:
        """The first sheet whose header is understood, else the first that holds anything."""
        filled = ""
        for name in self._book.sheet_names:
            head = first_rows(self.rows(name))
            if guess_mapping(head):
                return name
            if not filled and any(any(row) for row in head):
                filled = name
        if not filled:
            raise UnreadableFile(problem("table_no_header"))
        return filled


def first_rows(rows: Iterator[list[str]], count: int = 30) -> Sequence[list[str]]:
    """The first rows of a sheet."""
    return [row for _, row in zip(range(count), rows, strict=False)]


def cell_text(value: object) -> str:
    """A cell as a person sees it: 8934.0 is "8934", text stays as it is, with its leading zeros."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _refusal(error: BaseException) -> UnreadableFile:
    """A refusal for whatever calamine throws; its Rust panics are no ``Exception`` but say their name."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return UnreadableFile(problem("workbook_broken", reason=str(error)[:200]))
    raise error


def _refuse_bombs(stream: BinaryIO, kind: types.Kind, limits: ReadLimits) -> None:
    inside = Limits(max_unpacked=limits.workbook_unpacked, max_ratio=1000)
    try:
        archive = open_zip(stream, inside)
        for member in archive.infolist():
            _measure(archive, member, kind, limits)
    except IntakeError as error:
        raise UnreadableFile(error.problem) from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFile(problem("workbook_broken", reason=str(error)[:200])) from error


def _measure(archive: zipfile.ZipFile, member: zipfile.ZipInfo, kind: types.Kind, limits: ReadLimits) -> None:
    """Unpack one member block by block: real size, document types, and the rectangle of a sheet."""
    is_sheet = member.filename.startswith("xl/worksheets/") or member.filename == "content.xml"
    size, tail = 0, b""
    rows = columns = 1
    with archive.open(member) as unpacked:
        while block := unpacked.read(_BLOCK):
            size += len(block)
            if size > limits.workbook_unpacked:
                raise UnreadableFile(problem("workbook_too_large", limit=limits.workbook_unpacked))
            window = tail + block
            if not tail and b"<!DOCTYPE" in window[:_OVERLAP]:
                raise UnreadableFile(problem("xml_dtd"))
            if is_sheet:
                here_rows, here_columns = _extent(window, kind)
                rows, columns = max(rows, here_rows), max(columns, here_columns)
            tail = window[-_OVERLAP:]
    if rows * columns > limits.cells:
        raise UnreadableFile(problem("workbook_too_large", limit=limits.workbook_unpacked))


def _extent(window: bytes, kind: types.Kind) -> tuple[int, int]:
    """The last row and column that a piece of a sheet mentions."""
    if kind is types.ODS:
        return (
            max(map(int, _REPEATED_ROW.findall(window)), default=1),
            max(map(int, _REPEATED_CELL.findall(window)), default=1),
        )
    names, numbers = zip(*_CELL.findall(window), strict=True) if _CELL.search(window) else ((), ())
    last_row = max((int(number) for number in (*numbers, *_ROW.findall(window))), default=1)
    return last_row, max((_column(name) for name in set(names)), default=1)


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
