"""One process at a time works on an edit; the database frees it when that process dies."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import connection

from lienthu.batchedit.models import BatchEdit

# One runner per edit; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_307

Progress = Callable[[BatchEdit], None]


class AlreadyRunning(RuntimeError):
    """Another process is working on this edit at this moment."""


class NotPossible(ValueError):
    """This cannot be done in the state the edit is in; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def sole_runner(edit: BatchEdit) -> Iterator[None]:
    """Hold the lock of an edit while working on it. Raises AlreadyRunning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, edit.pk])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(str(edit.pk))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, edit.pk])


Note = tuple[int, str, Any, Any, int | None, int | None]
"""(record id, outcome, why, copies, revision before, revision after)."""


def note_outcomes(edit: BatchEdit, notes: Sequence[Note]) -> None:
    """Write down what became of records."""
    if not notes:
        return
    rows = [(one[0], one[1], _json(one[2]), _json(one[3]), one[4], one[5]) for one in notes]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE batchedit_editedrecord d
            SET outcome = u.outcome, why = u.why, copies = u.copies, before = u.before, after = u.after
            FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::jsonb[], %s::int[], %s::int[])
                AS u (record_id, outcome, why, copies, before, after)
            WHERE d.edit_id = %s AND d.record_id = u.record_id
            """,
            [*(list(column) for column in zip(*rows, strict=True)), edit.pk],
        )


def _json(value: Any) -> str | None:
    return orjson.dumps(value).decode() if value else None
