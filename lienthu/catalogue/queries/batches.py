"""What others may read of imports."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any

from lienthu.catalogue.models import Batch, SourceRecord
from lienthu.libraries.queries import Library

AT_ONCE = 2_000


def batch_of_file(library: Library, path: Path) -> Batch | None:
    """The newest import of exactly this file for this library."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return (
        Batch.objects.select_related("library__scope")
        .filter(library=library, file_sha256=digest, counts__isnull=False, status__in=["RUNNING", "DONE"])
        .order_by("-pk")
        .first()
    )


def records_of_batch(batch: Batch, record_ids: list[int] | None = None) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(record id, control number, summary) of the records that an import wrote last, or some, by id."""
    rows = SourceRecord.objects.filter(batch=batch, status="ACTIVE").order_by("pk")
    rows = rows.values_list("pk", "control_number", "cluster__summary")
    if record_ids is None:
        yield from rows.iterator(chunk_size=AT_ONCE)
        return
    for start in range(0, len(record_ids), AT_ONCE):
        yield from rows.filter(pk__in=record_ids[start : start + AT_ONCE])
