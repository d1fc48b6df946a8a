"""All records with their copies, as a stream for exchange."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import F

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.models import RecordStatus, Revision
from lienthu.catalogue.queries.contents import record_of
from lienthu.catalogue.queries.stating import NONE, stated_copies
from lienthu.libraries.queries import Library

SLICE = 500


def exported_records(library: Library | None = None) -> Iterator[Record]:
    """Every active source record, of one library or of all, in the order in which they came.

    Copies stand in 852 as they are now (see `stating`). Records of several libraries in one file are told apart by 003.
    """
    revisions = Revision.objects.filter(record__status=RecordStatus.ACTIVE, number=F("record__revision"))
    if library is not None:
        revisions = revisions.filter(record__library=library)
    rows = revisions.select_related("record__library").order_by("record_id").iterator(chunk_size=SLICE)
    while part := list(islice(rows, SLICE)):
        copies = stated_copies(revision.record_id for revision in part)
        for revision in part:
            record = copies.get(revision.record_id, NONE).in_record(record_of(revision))
            if library is None and not record.get("003"):
                record.fields.insert(1, Field("003", revision.record.library.code))
            yield record
