"""What can be had of union records at this moment, straight from the copies: never from the search index."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from lienthu.catalogue.models import ItemStatus
from lienthu.catalogue.queries.sight import PUBLIC, Sight

# One row per union record, library and state of its public copies. A library that made a record without public copies
# still has a row, so that the reader learns who can be asked.
_ROWS = """
SELECT r.cluster_id, l.code, i.status, count(i.id)
FROM catalogue_sourcerecord r
LEFT JOIN catalogue_item i ON i.record_id = r.id AND {items} AND i.status <> 'WITHDRAWN'
JOIN libraries_library l ON l.id = COALESCE(i.library_id, r.library_id)
WHERE r.cluster_id = ANY(%s) AND r.status = 'ACTIVE' AND {records}
GROUP BY 1, 2, 3
"""


@dataclass(slots=True)
class Availability:
    """Public copies of one union record: how many by state, and in which libraries (codes)."""

    by_status: dict[str, int] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)
    """Libraries with copies; where nobody has any, those that described the document."""
    available_at: set[str] = field(default_factory=set)
    readable_at: set[str] = field(default_factory=set)

    @property
    def copies(self) -> int:
        return sum(self.by_status.values())

    @property
    def available(self) -> int:
        return self.count("AVAILABLE")

    def count(self, *statuses: str) -> int:
        """Copies in any of these states."""
        return sum(self.by_status.get(status, 0) for status in statuses)


def availability_of(cluster_ids: Iterable[int], *, sight: Sight = PUBLIC) -> dict[int, Availability]:
    """Availability of these union records, one entry for each, in one query."""
    found = {cluster_id: Availability() for cluster_id in cluster_ids}
    if not found:
        return found
    describers: dict[int, set[str]] = {cluster_id: set() for cluster_id in found}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(items=sight.items("i"), records=sight.records("r")), [list(found)])
        for cluster_id, code, status, count in cursor.fetchall():
            if status is None:
                describers[cluster_id].add(code)
            else:
                _add(found[cluster_id], code, status, count)
    for cluster_id, availability in found.items():
        availability.holders = availability.holders or describers[cluster_id]
    return found


def _add(availability: Availability, code: str, status: str, count: int) -> None:
    availability.by_status[status] = availability.by_status.get(status, 0) + count
    availability.holders.add(code)
    if status == ItemStatus.AVAILABLE:
        availability.available_at.add(code)
    elif status == ItemStatus.REFERENCE_ONLY:
        availability.readable_at.add(code)
