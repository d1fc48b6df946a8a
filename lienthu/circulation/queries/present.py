"""How a copy stands now and since when, in one statement; for those who must judge what happened earlier."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from lienthu.kernel.postgresql.planned import ask

_NOW = """
SELECT i.status, l.id, l.patron_id, l.started_at, u.since, h.patron_id, l.due_at
FROM catalogue_item i
LEFT JOIN circulation_loan l ON l.item_id = i.id AND l.ended_at IS NULL
LEFT JOIN circulation_custody u ON u.item_id = i.id AND u.until IS NULL
LEFT JOIN circulation_hold h ON h.assigned_id = i.id AND h.state IN ('SENT', 'READY')
WHERE i.id = %s
"""
_OF_LIBRARY = """
SELECT l.item_id, l.patron_id, l.due_on, l.renewals, l.category
FROM circulation_loan l JOIN catalogue_item i ON i.id = l.item_id
WHERE l.ended_at IS NULL AND (i.library_id = %(library)s OR l.library_id = %(library)s)
"""


@dataclass(frozen=True, slots=True)
class CopyNow:
    """State of a copy, its open loan, the reader it is kept for, and since when its holder has it."""

    status: str
    loan_id: int | None
    patron_id: int | None
    lent_at: datetime | None
    since: datetime | None
    kept_for: int | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """An open loan as a desk without network needs it."""

    item_id: int
    patron_id: int
    due_on: date
    renewals: int
    category: str


def copy_now(item_id: int) -> CopyNow | None:
    """How a copy stands, not locked; None for one that does not exist."""
    rows = ask(_NOW, [item_id])
    return CopyNow(*rows[0]) if rows else None


def open_loans_around(library_id: int) -> list[OpenLoan]:
    """The open loans of a library's copies and of its desks."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_LIBRARY, {"library": library_id})
        return [OpenLoan(*row) for row in cursor.fetchall()]
