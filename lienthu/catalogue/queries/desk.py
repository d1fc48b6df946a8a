"""Reads for the cataloguing desk: what stands behind union records, with the copies that only staff see."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from lienthu.catalogue.marc import Record, numbers
from lienthu.catalogue.models import (
    AWAY,
    Cluster,
    Identifier,
    Item,
    ItemStatus,
    RecordStatus,
    Revision,
    SourceRecord,
    Visibility,
)
from lienthu.catalogue.queries.contents import record_of
from lienthu.catalogue.queries.union import standing

_LAST_NUMBER = re.compile(r"^(.*?)([0-9]+)$", re.DOTALL)
RECENT = 20

__all__ = [
    "AWAY",
    "Content",
    "Item",
    "ItemStatus",
    "Revision",
    "SourceRecord",
    "Visibility",
    "cluster_title",
    "clusters_with_number",
    "content_of",
    "find_items",
    "items_of",
    "last_accession_number",
    "newest_accession_number",
    "recent_records",
    "records_behind",
    "records_by_id",
    "reviser_of",
]


@dataclass(frozen=True, slots=True)
class Content:
    """A source record with the content of one of its revisions."""

    record: SourceRecord
    revision: int
    marc: Record


def content_of(record: SourceRecord, revision: int | None = None) -> Content:
    """The content of a record, the current one unless a revision is named. Raises Revision.DoesNotExist."""
    number = revision or record.revision
    found = Revision.objects.get(record=record, number=number)
    return Content(record=record, revision=number, marc=record_of(found))


def reviser_of(record: SourceRecord) -> tuple[str, datetime]:
    """Who wrote the current revision, and when."""
    found = Revision.objects.filter(record=record, number=record.revision).values_list("actor_name", "at").get()
    return found


def clusters_with_number(text: str) -> list[int]:
    """Shown union records that bear this ISBN, ISSN, LCCN, accession number or control number, the surest first."""
    value = text.strip()
    isbn, issn = numbers.isbn13(value), numbers.issn(value)
    wanted = {one for one in (isbn, issn, value) if one}
    found: dict[int, None] = {}
    by_identifier = Identifier.objects.filter(value__in=wanted, record__status=RecordStatus.ACTIVE)
    by_copy = Item.objects.filter(accession_number=value, record__status=RecordStatus.ACTIVE)
    by_control = SourceRecord.objects.filter(control_number=value, status=RecordStatus.ACTIVE)
    for query, path in (
        (by_identifier, "record__cluster_id"),
        (by_copy, "record__cluster_id"),
        (by_control, "cluster_id"),
    ):
        for cluster_id in query.order_by(path).values_list(path, flat=True).distinct()[:RECENT]:
            found.setdefault(cluster_id)
    shown = set(standing().filter(pk__in=found).values_list("pk", flat=True))
    return [cluster_id for cluster_id in found if cluster_id in shown]


def records_behind(cluster_ids: Iterable[int]) -> dict[int, list[SourceRecord]]:
    """The current source records of union records, the first made first, with their libraries."""
    grouped: dict[int, list[SourceRecord]] = {}
    rows = (
        SourceRecord.objects.filter(cluster_id__in=list(cluster_ids), status=RecordStatus.ACTIVE)
        .select_related("library__scope")
        .annotate(copies=Count("items", filter=~Q(items__status=ItemStatus.WITHDRAWN)))
        .order_by("pk")
    )
    for record in rows:
        grouped.setdefault(record.cluster_id, []).append(record)
    return grouped


def recent_records(library_ids: Sequence[int], *, count: int = RECENT) -> list[SourceRecord]:
    """The records of these libraries that were written last."""
    return list(
        SourceRecord.objects.filter(library_id__in=library_ids, status=RecordStatus.ACTIVE)
        .select_related("library", "cluster")
        .order_by("-updated_at", "-pk")[:count]
    )


def items_of(record: SourceRecord) -> QuerySet[Item]:
    """All copies of a record, withdrawn ones last."""
    return (
        Item.objects.filter(record=record)
        .select_related("branch", "library")
        .annotate(gone=Count("pk", filter=Q(status=ItemStatus.WITHDRAWN)))
        .order_by("gone", "accession_number", "pk")
    )


def find_items(record: SourceRecord, item_ids: Sequence[int]) -> list[Item]:
    """Some of the copies of a record; those of other records are left out."""
    return list(Item.objects.filter(record=record, pk__in=item_ids).select_related("branch").order_by("pk"))


def cluster_title(cluster_id: int) -> str:
    return Cluster.objects.values_list("title", flat=True).get(pk=cluster_id)


def last_accession_number(library_id: int, *, prefix: str, digits: int) -> str:
    """The highest accession number of a library with this prefix and so many digits; "" when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT accession_number FROM catalogue_item
            WHERE library_id = %s AND accession_number BETWEEN %s AND %s
              AND length(accession_number) = %s AND left(accession_number, %s) = %s
              AND substr(accession_number, %s) ~ '^[0-9]+$'
            ORDER BY accession_number DESC LIMIT 1
            """,
            [
                *(library_id, prefix + "0" * digits, prefix + "9" * digits),
                *(len(prefix) + digits, len(prefix), prefix, len(prefix) + 1),
            ],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def newest_accession_number(library_id: int) -> tuple[str, int] | None:
    """(prefix, digits) of the copy that this library added last and that ends in digits."""
    newest = (
        Item.objects.filter(library_id=library_id, accession_number__regex="[0-9]$")
        .order_by("-pk")
        .values_list("accession_number", flat=True)[:1]
    )
    for number in newest:
        found = _LAST_NUMBER.match(number)
        if found:
            return found[1], len(found[2])
    return None


def records_by_id(record_ids: Iterable[int]) -> dict[int, SourceRecord]:
    """Source records with library and union record; unknown ones are left out."""
    rows = SourceRecord.objects.select_related("library__scope", "cluster").filter(pk__in=list(record_ids))
    return {record.pk: record for record in rows}
