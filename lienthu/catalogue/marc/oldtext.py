"""Bringing the text of a record over from an old encoding, as far as that is beyond doubt.

A record is judged whole, with what the beginning of its file says. Nothing here touches a record whose text reads
well; the bytes it came from are kept beside it in any case.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from lienthu.kernel.text import normalise
from lienthu.kernel.text.encodings import (
    AS_IS,
    CHOICES,
    VIQR,
    best_of,
    converted,
    detect_in,
    gain,
    needs_judgement,
    reads_well,
    undoubled,
)

from .record import Field, Record

AUTO = "auto"
ENCODING_CHOICES = (AUTO, *CHOICES)
"""What a person may choose for a file."""
WESTERN = "cp1252"
UTF8 = "utf-8"
SAMPLES = 20
_CLEARLY_BETTER = 4.0
_DOUBTFUL = 0.2
_DOUBTS_LOOKED_AT = 200
_PARTS = re.compile(rb"[\x1d\x1e\x1f\n\r<>#$^|]+")
_MOST_PARTS = 1_500
_GROUP = 30


class Conversion(NamedTuple):
    """One value as it is stored and as it is read; ``score`` (0 to 1) says how sure that is."""

    number: int
    tag: str
    stored: str
    read: str
    encoding: str
    score: float


class Mender:
    """Judges the records of one file. Keeps a few examples and counts for the report."""

    def __init__(self, choice: str = AUTO, *, head: bytes = b"") -> None:
        self.choice = choice
        self.expected = "" if choice == AS_IS else expectation(head) if choice == AUTO else choice
        self.reads_ascii = self.expected == VIQR
        """Whether records of plain ASCII must be looked at too."""
        self.encodings: Counter[str] = Counter()
        self.conversions: list[Conversion] = []
        self.doubtful: list[Conversion] = []
        self._doubts = 0

    def reviewed(
        self, number: int, record: Record, again: Callable[[], Record], *, has_marks: bool = False
    ) -> tuple[Record, str]:
        """The record and its encoding ("" where nothing changed). ``again`` gives it without repair of characters.

        ``has_marks``: it was stored with combining marks, and the repair may hide what they were.
        """
        if self.choice == AS_IS or not (has_marks or self._is_suspect(_values(record))):
            return record, ""
        return self._mended(number, again(), otherwise=record)

    def judged(self, number: int, record: Record, *, is_utf8: bool) -> tuple[Record, str]:
        """A record of a text format with its characters as stored, and the encoding it is in."""
        if not is_utf8:
            return self.from_bytes(number, record) or self.as_western(number, record)
        mended, encoding = self.reviewed(number, _changed(record, normalise), lambda: record)
        return mended, encoding or UTF8

    def from_bytes(self, number: int, record: Record) -> tuple[Record, str] | None:
        """A record whose bytes are no UTF-8, given as Latin-1 characters. Nothing where it is no old Vietnamese."""
        found = self._mended(number, record, otherwise=None)
        if found[1]:
            return found
        return self.as_western(number, record) if self.expected else None

    def as_western(self, number: int, record: Record) -> tuple[Record, str]:
        """The same record read as Windows' Western page: nothing else is left."""
        self.encodings[WESTERN] += 1
        return _changed(record, _western), WESTERN

    def _is_suspect(self, values: Iterable[str]) -> bool:
        if self.reads_ascii:
            return True
        return any(not value.isascii() and needs_judgement(value) for value in values)

    def _decide(self, values: Sequence[str]) -> str:
        if self.choice == AS_IS:
            return AS_IS
        if self.choice != AUTO:
            return self.choice if gain(values, self.choice) >= 0 else AS_IS
        return best_of(values, expected=self.expected)

    def _mended(self, number: int, record: Record, *, otherwise: Record | None) -> tuple[Record, str]:
        values = _values(record)
        if otherwise is None:
            # As bytes, what is UTF-8 in such a record looks doubled. It is no evidence; the others decide.
            values = [value for value in values if value.isascii() or undoubled(value) is None]
        encoding = self.choice if otherwise is None and self.choice != AUTO else self._decide(values)
        # One field may have come from elsewhere than the others.
        own = self._fields_apart(values, encoding) if self.choice == AUTO else {}
        if encoding == AS_IS and not own:
            self._note_doubt(number, record, values)
            return (otherwise or record), ""
        named = encoding if encoding != AS_IS else next(iter(own.values()))

        def read(value: str) -> str:
            if otherwise is None and not value.isascii() and (whole := undoubled(value)) is not None:
                return normalise(whole)
            return normalise(converted(value, own.get(value, encoding)))

        mended = _changed(record, read)
        if otherwise is not None and mended == otherwise:
            return otherwise, ""
        self.encodings[named] += 1
        self._note(number, record, mended, named)
        return mended, named

    def _fields_apart(self, values: Sequence[str], encoding: str) -> dict[str, str]:
        found = {}
        for value in values:
            if not value.isascii() and needs_judgement(value):
                alone = best_of([value], expected=self.expected)
                if alone not in (AS_IS, encoding) and (
                    encoding == AS_IS or gain([value], alone) > gain([value], encoding) + _CLEARLY_BETTER
                ):
                    found[value] = alone
        return found

    def _note(self, number: int, before: Record, after: Record, encoding: str) -> None:
        if len(self.conversions) >= SAMPLES:
            return
        score = next((guess.score for guess in detect_in(_values(before), expected=self.expected)
                      if guess.encoding == encoding), 1.0)  # fmt: skip
        for tag, stored, read in _differences(before, after):
            if len(self.conversions) < SAMPLES:
                self.conversions.append(Conversion(number, tag, stored, read, encoding, round(score, 3)))

    def _note_doubt(self, number: int, record: Record, values: Sequence[str]) -> None:
        self._doubts += 1
        if self._doubts > _DOUBTS_LOOKED_AT or len(self.doubtful) >= SAMPLES:
            return
        guess = next((one for one in detect_in(values, expected=self.expected) if one.encoding != AS_IS), None)
        if guess is None or guess.score < _DOUBTFUL:
            return
        for tag, stored, read in _differences(record, _changed(record, lambda value: converted(value, guess.encoding))):
            if len(self.doubtful) < SAMPLES:
                self.doubtful.append(Conversion(number, tag, stored, read, guess.encoding, round(guess.score, 3)))


def text_of(raw: bytes) -> tuple[str, bool]:
    """The characters of bytes, and whether they were UTF-8; others come as Latin-1, one for each byte."""
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        return raw.decode("latin-1"), False


def reads_as_vietnamese(record: Record) -> bool:
    """Whether most words beyond ASCII are Vietnamese: then it was read rightly."""
    pieces = [piece for value in _values(record) if not value.isascii() for piece in value.split()]
    telling = [piece for piece in pieces if not piece.isascii()]
    return bool(telling) and sum(map(reads_well, telling)) * 5 >= len(telling) * 3


def expectation(head: bytes) -> str:
    """The old encoding in which the beginning of a file is mostly written, or nothing."""
    if head.isascii() and b"^" not in head and b"(" not in head:
        return ""
    votes: Counter[str] = Counter()
    group: list[str] = []
    for part in _PARTS.split(head)[:_MOST_PARTS]:
        group.append(text_of(part)[0])
        if len(group) == _GROUP:
            votes[best_of(group)] += 1
            group = []
    if group:
        votes[best_of(group)] += 1
    ranked = [name for name, _ in votes.most_common() if name != AS_IS]
    return ranked[0] if ranked and votes[ranked[0]] * 4 >= sum(votes.values()) else ""


def _values(record: Record) -> list[str]:
    return [
        value
        for field in record.fields
        for value in ([value for _, value in field.subfields] if field.indicators else [field.value])
        if value
    ]


def _changed(record: Record, change: Callable[[str], str]) -> Record:
    fields = []
    for field in record.fields:
        if field.indicators:
            subfields = [(code, change(value)) for code, value in field.subfields]
            fields.append(Field(field.tag, "", field.indicators, subfields))
        else:
            fields.append(Field(field.tag, change(field.value)))
    return Record(record.leader, fields)


def _western(value: str) -> str:
    return normalise(value.encode("latin-1", "replace").decode("cp1252", "replace")) if not value.isascii() else value


def _differences(before: Record, after: Record) -> Iterable[tuple[str, str, str]]:
    for old, new in zip(before.fields, after.fields, strict=False):
        for (_, stored), (_, read) in zip(old.subfields, new.subfields, strict=False):
            if stored != read:
                yield old.tag[:40], _shown(stored), _shown(read)


def _shown(text: str) -> str:
    """The beginning of a value, for a page and for a database that cannot keep NUL."""
    return text[:200].replace("\x00", "\ufffd")
