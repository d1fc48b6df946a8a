"""All records with their copies, as a stream for exchange."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import F

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.models import Item, ItemStatus, RecordStatus, Revision
from lienthu.catalogue.queries.contents import record_of
from lienthu.libraries.queries import Library

SLICE = 500
# Fields in which systems write copies; the export states the copies of today instead of those of the import.
COPY_TAGS = frozenset({"852", "952"})


def exported_records(library: Library | None = None) -> Iterator[Record]:
    """Every active source record, of one library or of all, in the order in which they came.

    Copies stand in 852: $a library, $b branch, $c shelf, $h call number, $p accession number, $z note (the profile
    "lienthu852" reads them back). Records of several libraries in one file are told apart by 003.
    """
    revisions = Revision.objects.filter(record__status=RecordStatus.ACTIVE, number=F("record__revision"))
    if library is not None:
        revisions = revisions.filter(record__library=library)
    rows = revisions.select_related("record__library").order_by("record_id").iterator(chunk_size=SLICE)
    while part := list(islice(rows, SLICE)):
        copies = _copies([revision.record_id for revision in part])
        for revision in part:
            record = record_of(revision)
            kept = [field for field in record.fields if field.tag not in COPY_TAGS]
            if library is None and not any(field.tag == "003" for field in kept):
                kept.insert(1, Field("003", revision.record.library.code))
            yield Record(record.leader, kept + copies.get(revision.record_id, []))


def without_copies(record: Record) -> Record:
    """The record alone, for a format that cannot hold all its copies."""
    return Record(record.leader, [field for field in record.fields if field.tag not in COPY_TAGS])


def _copies(record_ids: list[int]) -> dict[int, list[Field]]:
    found: dict[int, list[Field]] = {}
    items = Item.objects.filter(record_id__in=record_ids).exclude(status=ItemStatus.WITHDRAWN)
    for item in items.select_related("library", "branch").order_by("record_id", "pk"):
        parts = [
            ("a", item.library.code),
            ("b", item.branch.code if item.branch else ""),
            ("c", item.shelf),
            ("h", item.call_number),
            ("p", item.accession_number),
            ("z", item.note),
        ]
        field = Field("852", "", "  ", [(code, value) for code, value in parts if value])
        found.setdefault(item.record_id, []).append(field)
    return found
