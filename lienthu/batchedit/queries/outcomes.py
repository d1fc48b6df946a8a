"""What became of the records of an edit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count

from lienthu.batchedit.models import BatchEdit, EditedRecord

_ROWS = """
SELECT d.record_id, r.control_number, c.title, d.outcome, d.why, d.copies, d.seen, d.before, d.after, count(*) OVER ()
FROM batchedit_editedrecord d
JOIN catalogue_sourcerecord r ON r.id = d.record_id
JOIN catalogue_cluster c ON c.id = r.cluster_id
WHERE d.edit_id = %(edit)s AND (%(outcome)s = '' OR d.outcome = %(outcome)s)
  AND (%(words)s = '' OR r.control_number = %(words)s OR c.title ILIKE %(like)s)
ORDER BY {order} LIMIT %(size)s OFFSET %(offset)s
"""
SORTS = {
    "title": "c.title_sort, d.record_id",
    "-title": "c.title_sort DESC, d.record_id DESC",
    "number": "r.control_number, d.record_id",
    "-number": "r.control_number DESC, d.record_id DESC",
}
_EVERY = "d.record_id"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of an edit, for lists. `why` and `copies` as they are kept in EditedRecord."""

    record_id: int
    control_number: str
    title: str
    outcome: str
    why: list[dict[str, Any]]
    copies: list[list[Any]]
    seen: int | None
    before: int | None
    after: int | None


def outcome_counts(edit: BatchEdit) -> dict[str, int]:
    """Records by outcome."""
    rows = EditedRecord.objects.filter(edit=edit).values_list("outcome").annotate(number=Count("record_id"))
    return dict(rows)


def record_rows(
    edit: BatchEdit, *, outcome: str = "", words: str = "", sort: str = "", page: int = 1, size: int = 20
) -> tuple[list[RecordRow], int]:
    """A page of the records, and how many there are."""
    like = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = _fetch(
        SORTS.get(sort, SORTS["title"]),
        {
            "edit": edit.pk,
            "outcome": outcome,
            "words": words,
            "like": f"%{like}%",
            "size": size,
            "offset": (page - 1) * size,
        },
    )
    return [_row(row) for row in found], found[0][-1] if found else 0


def every_row(edit: BatchEdit, *, at_once: int = 500) -> Iterator[Sequence[RecordRow]]:
    """All records in stretches, by id."""
    offset = 0
    while True:
        wanted = {"edit": edit.pk, "outcome": "", "words": "", "like": "", "size": at_once, "offset": offset}
        rows = [_row(row) for row in _fetch(_EVERY, wanted)]
        if not rows:
            return
        yield rows
        offset += at_once


def _fetch(order: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(order=order), parameters)
        return cursor.fetchall()


def _row(row: tuple[Any, ...]) -> RecordRow:
    return RecordRow(row[0], row[1], row[2], row[3], _list(row[4]), _list(row[5]), *row[6:9])


def _list(value: Any) -> list[Any]:
    """jsonb comes as text from a bare cursor, or parsed."""
    if isinstance(value, str):
        value = orjson.loads(value)
    return value or []
