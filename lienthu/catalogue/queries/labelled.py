"""Copies as labels and cards need them; for the staff of one library, so nothing is hidden here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from lienthu.catalogue.marc import Record
from lienthu.catalogue.models import Revision
from lienthu.catalogue.queries.contents import record_of

_COPIES = """
SELECT i.id, i.record_id, i.accession_number, i.call_number, i.shelf, c.title, coalesce(c.summary->'authors'->>0, '')
FROM catalogue_item i
JOIN catalogue_sourcerecord r ON r.id = i.record_id
JOIN catalogue_cluster c ON c.id = r.cluster_id
WHERE i.library_id = %(library)s AND i.status <> 'WITHDRAWN'
  AND (i.record_id = %(record)s OR (%(record)s IS NULL AND i.accession_number = ANY(%(numbers)s)))
ORDER BY i.accession_number, i.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class LabelledCopy:
    """One copy of a library."""

    item_id: int
    record_id: int
    accession_number: str
    call_number: str
    shelf: str
    title: str
    author: str


def labelled_copies(
    library_id: int, *, numbers: Sequence[str] = (), record_id: int | None = None, most: int
) -> list[LabelledCopy]:
    """Copies of a library with these accession numbers, or of one record; withdrawn ones stay out."""
    wanted = {"library": library_id, "record": record_id, "numbers": list(numbers), "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, wanted)
        return [LabelledCopy(*row) for row in cursor.fetchall()]


def described_records(record_ids: Iterable[int]) -> dict[int, tuple[Record, list[str]]]:
    """The current MARC content of source records, with the subjects of their union records."""
    current = Revision.objects.filter(record_id__in=list(record_ids), number=F("record__revision"))
    return {
        one.record_id: (record_of(one), list(one.record.cluster.summary.get("subjects") or ()))
        for one in current.select_related("record__cluster")
    }
