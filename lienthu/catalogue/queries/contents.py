"""The MARC content of source records: what a library wrote, for the MARC view, ISBD and the files to take along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from lienthu.catalogue.compression import decompress
from lienthu.catalogue.marc import Record, reread
from lienthu.catalogue.models import RecordStatus, Revision, Sharing
from lienthu.catalogue.queries.sight import PUBLIC, Sight, closed_rows


@dataclass(frozen=True, slots=True)
class Source:
    """One source record of a union record in its current revision."""

    id: int
    library: str
    control_number: str
    updated_at: datetime
    record: Record


def sources_of(cluster_id: int, *, sight: Sight = PUBLIC) -> list[Source]:
    """The source records of a union record that this onlooker sees, in their current state, the first made first."""
    return _sources([cluster_id], closed_rows(sight))


def first_records(cluster_ids: Iterable[int]) -> dict[int, Record]:
    """One MARC record for each of these union records: that of the public source record that was made first."""
    found: dict[int, Record] = {}
    for revision in current_revisions(cluster_ids, closed_rows()):
        cluster_id = revision.record.cluster_id
        if cluster_id not in found:
            found[cluster_id] = record_of(revision)
    return found


def record_of(revision: Revision) -> Record:
    """The MARC record of a stored revision."""
    if revision.content is not None:
        return Record.unpack(decompress(bytes(revision.content), dictionary=revision.dictionary))
    original = decompress(bytes(revision.original), dictionary=revision.dictionary)
    return reread(original, format=revision.format, encoding=revision.encoding)


def _sources(cluster_ids: Iterable[int], closed: QuerySet[Sharing, int]) -> list[Source]:
    return [
        Source(
            id=revision.record_id,
            library=revision.record.library.code,
            control_number=revision.record.control_number,
            updated_at=revision.record.updated_at,
            record=record_of(revision),
        )
        for revision in current_revisions(cluster_ids, closed)
    ]


def current_revisions(cluster_ids: Iterable[int], closed: QuerySet[Sharing, int] | None = None) -> Iterable[Revision]:
    """The current revisions of the active source records of these union records, the first made first.

    Those of `closed` libraries are left out.
    """
    found = Revision.objects.filter(
        record__cluster__in=list(cluster_ids), record__status=RecordStatus.ACTIVE, number=F("record__revision")
    )
    if closed is not None:
        found = found.exclude(record__library__in=closed)
    return found.select_related("record__library").order_by("record_id")
