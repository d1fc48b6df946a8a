"""Copies that fit a criterion, put into a weeding by one statement each: memory does not grow with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lienthu.weeding.models import Weeding
from lienthu.weeding.policy import Reason
from lienthu.weeding.queries import BUSY
from lienthu.weeding.queries.claims import claimed_copies

_INSERT = """
INSERT INTO weeding_piece (weeding_id, item_id, reason, value, note, added_at, open, kept_out, before, left_out,
                           not_returned)
SELECT %(weeding)s, i.id, %(reason)s, %(value)s, %(note)s, %(now)s, true, '', '', false, false
FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
JOIN catalogue_cluster c ON c.id = r.cluster_id
WHERE i.library_id = %(library)s AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE' AND i.accession_number <> ''
  AND NOT {busy} AND {condition} AND i.id <> ALL(%(claimed)s)
ORDER BY i.accession_number LIMIT %(most)s
ON CONFLICT DO NOTHING
"""
_CLAIMED = """
SELECT count(*)
FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
JOIN catalogue_cluster c ON c.id = r.cluster_id
WHERE i.library_id = %(library)s AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE' AND i.accession_number <> ''
  AND i.id = ANY(%(claimed)s) AND {condition}
"""
_YEAR = "c.summary->>'year'"
_CONDITIONS = {
    Reason.STATUS: "i.status = %(value)s AND i.status IN ('DAMAGED', 'MISSING', 'LOST')",
    Reason.YEAR: f"CASE WHEN {_YEAR} ~ '^[0-9]{{1,4}}$' THEN ({_YEAR})::int < %(number)s ELSE false END",
    # What stays are the copies that came first; a copy that is lent or damaged counts for nothing here.
    Reason.SURPLUS: """i.id IN (
        SELECT ranked.id FROM (
            SELECT j.id, row_number() OVER (PARTITION BY q.cluster_id ORDER BY j.accession_number, j.id) AS place
            FROM catalogue_item j JOIN catalogue_sourcerecord q ON q.id = j.record_id
            WHERE j.library_id = %(library)s AND j.status = 'AVAILABLE' AND q.status = 'ACTIVE') ranked
        WHERE ranked.place > %(number)s)""",
    Reason.UNUSED: """i.created_at < %(since)s AND i.status IN ('AVAILABLE', 'REFERENCE_ONLY', 'DAMAGED')
        AND NOT EXISTS (SELECT FROM circulation_loan l WHERE l.item_id = i.id AND l.started_at >= %(since)s)""",
    # Found again at a desk since: then it is missing no longer.
    Reason.ROUNDS: "i.id = ANY(%(items)s) AND i.status IN ('MISSING', 'LOST')",
    Reason.NAMED: "i.id = ANY(%(items)s)",
}
_FIRST_LOAN = "SELECT min(started_at) FROM circulation_loan WHERE library_id = %s"


@dataclass(frozen=True, slots=True)
class PutIn:
    """How many copies came in, and how many fit but are claimed elsewhere (`claims`)."""

    count: int
    claimed: int


def put_in(
    one: Weeding,
    *,
    reason: Reason,
    most: int,
    now: datetime,
    value: str = "",
    number: int = 0,
    since: datetime | None = None,
    items: Sequence[int] = (),
    note: str = "",
) -> PutIn:
    """Put what fits into the weeding, at most `most` copies. In another open one, or in a set: stays there."""
    claimed = list(claimed_copies(one.library_id))
    condition = _CONDITIONS[reason]
    values = {
        "weeding": one.pk,
        "library": one.library_id,
        "reason": reason.value,
        "value": value,
        "note": note,
        "now": now,
        "number": number,
        "since": since,
        "items": list(items),
        "most": most,
        "claimed": claimed,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(busy=BUSY, condition=condition), values)
        count = cursor.rowcount
        if not claimed:
            return PutIn(count, 0)
        cursor.execute(_CLAIMED.format(condition=condition), values)
        return PutIn(count, int(cursor.fetchone()[0]))


def lending_since(library_id: int) -> datetime | None:
    """When the first loan that is known began at a library; None: no loan is known."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_LOAN, [library_id])
        first: datetime | None = cursor.fetchone()[0]
        return first
