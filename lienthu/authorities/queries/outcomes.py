"""What became of the records of a change."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from lienthu.authorities.models import Change, ChangedRecord

LEFT = ["LOCKED", "REFUSED", "KEPT"]


def outcome_counts(change: Change) -> dict[str, int]:
    """Records by state."""
    rows = ChangedRecord.objects.filter(change=change).values_list("state").annotate(number=Count("record_id"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class LeftRecord:
    """A record that a change left alone, or that was left when the change was taken back."""

    record_id: int
    title: str
    library: str
    state: str
    detail: str


def records_left(change: Change, *, page: int, size: int) -> tuple[list[LeftRecord], int]:
    """Records that were left alone, a page of them, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.record_id, c.title, l.name_vi, d.state, d.detail, count(*) OVER ()
            FROM authorities_changedrecord d
            JOIN catalogue_sourcerecord r ON r.id = d.record_id
            JOIN catalogue_cluster c ON c.id = r.cluster_id
            JOIN libraries_library l ON l.id = r.library_id
            WHERE d.change_id = %s AND d.state = ANY(%s) ORDER BY c.title_sort, d.record_id LIMIT %s OFFSET %s
            """,
            [change.pk, LEFT, size, (page - 1) * size],
        )
        rows = cursor.fetchall()
    return [LeftRecord(*row[:5]) for row in rows], rows[0][5] if rows else 0
