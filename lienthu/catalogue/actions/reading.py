"""Opening the file of an import at the place where it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

import orjson

from lienthu.catalogue.marc.limits import DEFAULT_LIMITS
from lienthu.catalogue.marc.mapping import Mapping
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.profiles import SourceProfile
from lienthu.catalogue.marc.reader import ROW, Item, ResumePoint, open_records
from lienthu.catalogue.models import Batch
from lienthu.intake.problems import Problem
from lienthu.kernel import storage

PREVIEW_ROWS = 5


class Outcome(NamedTuple):
    """What a reading has to say at its end; travels between processes."""

    problem: Problem | None
    format: str
    encoding: str
    old_text: dict[str, Any]


class Reading:
    """The records of an import from its resume point on; `problem` is set when the file could not be read on."""

    def __init__(self, batch: Batch, *, start: ResumePoint) -> None:
        self.size = batch.file_size
        self.item_profile = batch.item_profile
        self.format = self.encoding = ""
        self.problem: Problem | None = None
        self._read_elsewhere: Outcome | None = None
        self._file = storage.open_stored(batch.file_key)
        profile = SourceProfile.from_json(batch.mapping)
        try:
            self._items = open_records(self._file.file, limits=DEFAULT_LIMITS, profile=profile, start=start)
        except UnreadableFile as error:
            self.problem = error.problem
            self._file.close()
            return
        self.format, self.encoding = self._items.container or self._items.format, self._items.encoding

    def __iter__(self) -> Iterator[Item]:
        """Give the records; an archive that turns out broken ends the reading early and sets `problem`."""
        try:
            for item in self._items:
                self.encoding = self.encoding or item.encoding
                yield item
        except UnreadableFile as error:
            self.problem = error.problem
        old = self._items.mender.encodings
        if old:
            self.encoding = old.most_common(1)[0][0]

    def old_text(self) -> dict[str, Any]:
        """What was brought over from old encodings so far: records by encoding, examples, doubtful values."""
        if self._read_elsewhere:
            return self._read_elsewhere.old_text
        mender = self._items.mender
        return {
            "encodings": dict(mender.encodings),
            "conversions": [one._asdict() for one in mender.conversions],
            "doubtful": [one._asdict() for one in mender.doubtful],
        }

    def outcome(self) -> Outcome:
        """All that there is to say once the records are read."""
        return Outcome(self.problem, self.format, self.encoding, self.old_text())

    def take_over(self, outcome: Outcome) -> None:
        """Say what another reading of the same file found."""
        self.problem, self.format, self.encoding, _old_text = self._read_elsewhere = outcome

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def open_batch(batch: Batch, *, from_start: bool = False) -> Reading:
    """Open the file of an import where its last chunk ended."""
    start = ResumePoint() if from_start else ResumePoint(batch.done_offset, batch.done_number)
    return Reading(batch, start=start)


@dataclass(frozen=True, slots=True)
class TablePreview:
    """Heading row, meaning of the columns by place, and the first rows of a table."""

    columns: list[str]
    mapping: dict[str, str]
    rows: list[list[str]]


def preview_table(batch: Batch) -> TablePreview | None:
    """Look at the first rows of a table; None when the file is none or cannot be read."""
    profile = SourceProfile.from_json(batch.mapping)
    with storage.open_stored(batch.file_key) as file:
        try:
            reading = open_records(file.file, limits=DEFAULT_LIMITS, profile=profile)
        except UnreadableFile:
            return None
        if reading.mapping is None:
            return None
        columns = reading.mapping.columns
        rows = [item for item in islice(reading, PREVIEW_ROWS) if item.format == ROW]
    return TablePreview(
        columns=[column.header for column in columns],
        mapping={str(place): column.target for place, column in enumerate(columns)},
        rows=[_cells(item.raw, [column.header for column in columns]) for item in rows],
    )


def _cells(raw: bytes, headers: list[str]) -> list[str]:
    """The cells of one row under their headers, from its stored form."""
    try:
        filled = {header: text for header, _target, text in orjson.loads(raw)}
    except ValueError:
        return []
    return [filled.get(header, "") for header in headers]


def mapping_with_targets(batch: Batch, targets: dict[str, str]) -> dict[str, Any] | None:
    """The stored form of a table's mapping with new meanings by place of the column; None for a file that is no table.

    Raises UnreadableFile, ValueError for a meaning that does not exist.
    """
    current = SourceProfile.from_json(batch.mapping)
    with storage.open_stored(batch.file_key) as file:
        found = open_records(file.file, limits=DEFAULT_LIMITS, profile=current).mapping
    if found is None:
        return None
    columns = tuple(replace(column, target=targets.get(str(place), "")) for place, column in enumerate(found.columns))
    table = Mapping.from_json(replace(found, columns=columns).as_json())
    return {**(batch.mapping or {}), **table.as_json()}
