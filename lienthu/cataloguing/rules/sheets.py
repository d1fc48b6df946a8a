"""A record as the rows of the editor, and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lienthu.catalogue.marc.record import LEADER_LENGTH, Field, Record

from . import codec

FIXED = frozenset({"006", "007", "008"})
SYSTEM = frozenset({"001", "003", "005"})
BLANK_SIGNS = frozenset({"", " ", "#", "_"})
# Far more than real records have; a sheet that reaches it is cut, and for that reason never saved.
MAX_ROWS = 3_000


@dataclass(frozen=True, slots=True)
class Row:
    """One field as a person edits it; `indicators` are two characters with # for a blank, empty for control fields."""

    tag: str
    indicators: str
    text: str

    @property
    def is_control(self) -> bool:
        return is_control(self.tag)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record as the editor shows it."""

    leader: str
    rows: tuple[Row, ...]

    def packed(self) -> dict[str, Any]:
        """For a JSON column; `unpacked` reads it back."""
        return {"leader": self.leader, "rows": [[row.tag, row.indicators, row.text] for row in self.rows]}

    @classmethod
    def unpacked(cls, value: Any) -> "Sheet":
        """Read what `packed` or a browser wrote; whatever has another shape is left out."""
        found = value if isinstance(value, dict) else {}
        rows = found.get("rows") if isinstance(found.get("rows"), list) else []
        return cls(
            leader=str(found.get("leader") or ""),
            rows=tuple(
                Row(*(str(part) for part in row))
                for row in (rows or [])[:MAX_ROWS]
                if isinstance(row, list | tuple) and len(row) == 3
            ),
        )

    def with_rows(self, rows: Iterable[Row]) -> "Sheet":
        return replace(self, rows=tuple(rows))


def is_control(tag: str) -> bool:
    """Fields 001 to 009 have neither indicators nor subfields."""
    return tag[:2] == "00"


def sheet_of(record: Record) -> Sheet:
    """The rows of a record, in its order."""
    return Sheet(codec.shown_value(record.leader), tuple(_row(field) for field in record.fields))


def _row(field: Field) -> Row:
    if not field.indicators:
        return Row(field.tag, "", codec.shown_value(field.value) if field.tag in FIXED else field.value)
    return Row(field.tag, codec.shown_value(field.indicators), codec.written(field.subfields))


def record_of(sheet: Sheet) -> Record:
    """The record that the rows state. Empty rows and empty subfields are left out; `checking` says what is wrong."""
    leader = codec.fixed_value(sheet.leader)[:LEADER_LENGTH].ljust(LEADER_LENGTH)
    return Record(leader, [field for row in sheet.rows for field in _fields(row)])


def _fields(row: Row) -> Sequence[Field]:
    tag = row.tag.strip()
    if is_control(tag):
        value = codec.fixed_value(row.text) if tag in FIXED else row.text.strip()
        return [Field(tag, value)] if value.strip() else []
    subfields = [(code, value) for code, value in codec.read(row.text) if value]
    return [Field(tag, "", indicators(row.indicators), subfields)] if subfields else []


def indicators(text: str) -> str:
    """Two characters from what a person wrote: #, _ and nothing are blanks."""
    return "".join(" " if text[place : place + 1] in BLANK_SIGNS else text[place] for place in (0, 1))


def is_empty(row: Row) -> bool:
    """A row that says nothing: a template's field that nobody filled in."""
    return not _fields(row)
