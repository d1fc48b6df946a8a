"""CSV and TSV: rows of a text file as a stream, with the encoding and the delimiter found by content."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lienthu.intake.problems import Problem
from lienthu.kernel.text import normalise
from lienthu.kernel.text.encodings import CP1258, converted

from .frames import KEPT, Frame
from .limits import ReadLimits
from .mapping import target_of_header
from .oldtext import AUTO, expectation
from .problems import UnreadableFile, problem
from .source import HEAD, Source

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = "\t;,|"
_OPEN_QUOTE = "unexpected end of data"
_VIETNAMESE = set("ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


class Row(NamedTuple):
    """One row: its number in the file from 1, its place, its cells or what is wrong with it."""

    row: int
    offset: int
    length: int
    cells: Sequence[str]
    raw: bytes
    problem: Problem | None = None


class Dialect(NamedTuple):
    """How a text file writes its table. ``start`` is the length of its byte order mark."""

    encoding: str
    delimiter: str
    start: int


BYTES = "latin-1"
"""The encoding of a table in an old one: one character for each byte, to be judged row by row."""


def sniff_encoding(head: bytes, *, choice: str = AUTO) -> tuple[str, int]:
    """The encoding of a text by its first bytes, and the length of its byte order mark.

    ``choice`` is what a person chose for text that is not UTF-8. Raises ``UnreadableFile``.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    for name, zeros in (("utf-16-le", head[1:2000:2]), ("utf-16-be", head[0:2000:2])):
        if len(zeros) > 4 and zeros.count(0) * 10 > len(zeros) * 6:
            return name, 0
    loose = codecs.getincrementaldecoder("utf-8")("replace").decode(head, final=len(head) < HEAD)
    lines = _LinesAsUtf8.of(loose)
    if lines.surely():
        return "utf-8", 0
    if choice != AUTO or expectation(head) not in ("", CP1258):
        return BYTES, 0
    try:
        text = head.decode("cp1258")
    except UnicodeDecodeError:
        text = ""
    if _looks_vietnamese(normalise(text)):
        return "cp1258", 0
    if lines.perhaps():
        return "utf-8", 0
    raise UnreadableFile(problem("text_encoding"))


class _LinesAsUtf8(NamedTuple):
    """A text read as UTF-8: its letters beyond ASCII, those not readable, and its lines by what they say of it."""

    foreign: int
    unreadable: int
    damaged: int
    proving: int
    plain: int

    @classmethod
    def of(cls, loose: str) -> "_LinesAsUtf8":
        damaged = proving = plain = 0
        for line in loose.splitlines():
            if "�" in line:
                damaged += 1
            elif line.isascii():
                plain += bool(line.strip())
            else:
                proving += 1
        return cls(sum(character > "\x7f" for character in loose), loose.count("�"), damaged, proving, plain)

    def surely(self) -> bool:
        """Single damaged rows are refused one by one; the file is still UTF-8."""
        return self.unreadable * 4 <= self.foreign or self.damaged <= self.proving

    def perhaps(self) -> bool:
        """When no other encoding fits: lines of ASCII are right in UTF-8 as well."""
        return self.damaged * 2 <= self.plain


def _looks_vietnamese(text: str) -> bool:
    foreign = [letter for letter in text.lower() if letter > "\x7f"]
    return bool(foreign) and sum(letter in _VIETNAMESE for letter in foreign) * 10 >= len(foreign) * 8


def sniff_dialect(head: bytes, *, choice: str = AUTO) -> Dialect:
    """Encoding and delimiter. Of the delimiters the one that gives known headers or the most even columns wins."""
    encoding, start = sniff_encoding(head, choice=choice)
    text = head[start:].decode(encoding, "ignore")
    if encoding == BYTES and (old := expectation(head)):
        text = converted(text, old)
    lines = text.splitlines()[:-1][:30] if len(head) >= HEAD else text.splitlines()[:30]
    best, best_score = ",", (-1, -1.0)
    for delimiter in _DELIMITERS:
        rows = list(csv.reader([line for line in lines if line.strip()], delimiter=delimiter))
        widths = [len(row) for row in rows if row]
        if not widths or max(widths) < 2:
            continue
        known = max(len({target_of_header(cell) for cell in row} - {""}) for row in rows)
        most = max(set(widths), key=widths.count)
        score = (known, widths.count(most) / len(widths) + (most > 1))
        if score > best_score:
            best, best_score = delimiter, score
    return Dialect(encoding, best, start)


def line_frames(source: Source, encoding: str, limit: int) -> Iterator[Frame]:
    """Lines with their line ends; one that is over the limit is cut and reported."""
    ending = "\n".encode(encoding)
    width = len(ending)
    buffer, base, scan = b"", source.offset, 0
    dropped = 0
    while True:
        end = _find_aligned(buffer, ending, scan, width)
        if end >= 0:
            raw = buffer[scan:end]
            yield _line(base + scan - dropped, raw, dropped, limit)
            scan, dropped = end, 0
            continue
        block = source.read()
        if not block:
            break
        buffer, base, scan = buffer[scan:], base + scan, 0
        if len(buffer) > limit:
            surplus = (len(buffer) - KEPT) // width * width
            dropped += surplus
            base += surplus
            buffer = buffer[:KEPT]
        buffer += block
    if scan < len(buffer) or dropped:
        yield _line(base + scan - dropped, buffer[scan:], dropped, limit)


def _find_aligned(buffer: bytes, ending: bytes, scan: int, width: int) -> int:
    """Position behind the next line end that starts on a character boundary, or -1."""
    found = buffer.find(ending, scan)
    while found >= 0 and (found - scan) % width:
        found = buffer.find(ending, found + 1)
    return found + width if found >= 0 else -1


def _line(offset: int, raw: bytes, dropped: int, limit: int) -> Frame:
    if dropped or len(raw) > limit:
        return Frame(offset, len(raw) + dropped, raw[:KEPT], problem("row_too_large", limit=limit))
    return Frame(offset, len(raw), raw)


def rows(source: Source, dialect: Dialect, limits: ReadLimits) -> Iterator[Row]:
    """All rows that hold something. A quote that is never closed spoils its own line only, and so does a row too wide.

    Raises ``UnreadableFile`` when no row before it has columns at all: it is the table then that is too wide.
    """
    frames = line_frames(source, dialect.encoding, limits.row)
    waiting: deque[Frame] = deque()
    number, table_begun = 0, False
    while frame := waiting.popleft() if waiting else next(frames, None):
        number += 1
        if frame.problem:
            yield Row(number, frame.offset, frame.length, (), frame.raw, frame.problem)
            continue
        taken = [frame]
        cells, trouble = _cells(taken, dialect)
        while trouble is _UNFINISHED and len(taken) < limits.row_lines:
            more = waiting.popleft() if waiting else next(frames, None)
            if more is None or more.problem or sum(one.length for one in taken) > limits.row:
                if more is not None:
                    waiting.appendleft(more)
                break
            taken.append(more)
            cells, trouble = _cells(taken, dialect)
        if trouble is _UNFINISHED:
            waiting.extendleft(reversed(taken[1:]))
            taken, trouble = taken[:1], problem("row_quotes")
        width = filled_width(cells) if len(cells) > limits.columns else 0
        if width > limits.columns:
            if not table_begun:
                raise UnreadableFile(problem("table_too_wide", count=width, limit=limits.columns))
            cells, trouble = (), problem("row_too_wide", count=width, limit=limits.columns)
        table_begun = table_begun or filled_width(cells) > 1
        if trouble or any(cell.strip() for cell in cells):
            raw = b"".join(one.raw for one in taken)
            yield Row(number, frame.offset, len(raw), cells, raw, trouble)
        number += len(taken) - 1


_UNFINISHED = problem("row_quotes")


def filled_width(cells: Sequence[str]) -> int:
    """How many cells a row has up to the last one that holds anything."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)


def _cells(frames: list[Frame], dialect: Dialect) -> tuple[Sequence[str], Problem | None]:
    raw = b"".join(frame.raw for frame in frames)
    try:
        text = raw.decode(dialect.encoding)
    except UnicodeDecodeError as error:
        damaged = raw.decode(dialect.encoding, "replace").count("�")
        return (), problem("utf8_damaged", count=damaged, position=error.start)
    lines = text.replace("\x00", "").splitlines(keepends=True)
    try:
        return next(csv.reader(lines, delimiter=dialect.delimiter, strict=True), []), None
    except csv.Error as error:
        if _OPEN_QUOTE in str(error):
            return (), _UNFINISHED
    try:
        # Not quite CSV ("abc"def): the lenient reader keeps the text.
        return next(csv.reader(lines, delimiter=dialect.delimiter), []), None
    except csv.Error:
        return (), problem("row_too_large", limit=csv.field_size_limit())
