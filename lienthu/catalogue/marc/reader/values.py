"""What reading gives: records, what should be records, and the place behind each."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lienthu.intake.problems import Problem

from ..frames import Frame
from ..mapping import Mapping
from ..oldtext import Mender
from ..record import Record

ROW = "row"


class ResumePoint(NamedTuple):
    """Where to go on: bytes of the unpacked file (rows of a workbook) behind the last item, and its number."""

    offset: int = 0
    number: int = 0


class RawRecord(NamedTuple):
    """A record that was read.

    ``offset`` and ``length`` are bytes of the unpacked file; in a workbook the row (from 1) and 1.
    ``raw`` is exactly those bytes; for tables a JSON list of [header, target, text]. ``format`` is
    "iso2709", "marcxml", "marcjson", "row", "printed2709", "tagged", "dc" or "mods"; ``encoding`` says how the text was
    read. ``notes`` say what was odd but repaired.
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


class Reading:
    """An opened file of records: iterate over it once.

    ``format`` is as in ``RawRecord``; ``container`` is "", "gzip", "zip", "xlsx", "xls",
    "ods" or "csv"; ``mapping`` is the one used for a table; ``encoding`` that of the file where it has one;
    ``mender`` tells what was brought over from old encodings.
    """

    def __init__(
        self,
        *,
        items: Iterator[Item],
        format: str,
        container: str,
        encoding: str,
        mapping: Mapping | None,
        mender: Mender,
    ):
        self.format = format
        self.container = container
        self.encoding = encoding
        self.mapping = mapping
        self.mender = mender
        self._items = items

    def guard(self, around: Callable[[Iterator[Item]], Iterator[Item]]) -> None:
        """Put something around the iteration that has not begun."""
        self._items = around(self._items)

    def __iter__(self) -> Iterator[Item]:
        return self._items

    def __next__(self) -> Item:
        return next(self._items)


def bad(number: int, frame: Frame, format: str, encoding: str, trouble: Problem) -> Bad:
    """What a frame holds cannot be read."""
    return Bad(number, frame.offset, frame.length, frame.raw, format, encoding, trouble)
