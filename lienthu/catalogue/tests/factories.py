"""Records for the tests of other modules: imported through the same door as real files."""

import io
from collections.abc import Sequence

from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.models import Batch, Cluster, Item
from lienthu.identity.access import system_actor
from lienthu.libraries.queries import Library

SYSTEM = system_actor("tests")
BOOK, SERIAL, MAP = "00000nam a2200000 a 4500", "00000nas a2200000 a 4500", "00000nem a2200000 a 4500"


def field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """A data field."""
    return Field(tag, "", indicators, list(subfields))


def fixed(year: int, language: str) -> Field:
    """008 with a year and a language."""
    return Field("008", f"261122s{year:04d}    vm            000 0 {language} d"[:40].ljust(40))


def marc(number: str, *fields: Field, leader: str = BOOK) -> bytes:
    """One ISO 2709 record."""
    return build(Record(leader, [Field("001", number), *fields]))


def take(library: Library, *records: bytes) -> Batch:
    """Import records for a library."""
    batch = start_import(actor=SYSTEM, library=library, source=io.BytesIO(b"".join(records)), file_name="tests.mrc")
    commit_import(actor=SYSTEM, batch=batch, in_background=False)
    return run_import(actor=SYSTEM, batch=batch)


def cluster(number: str) -> Cluster:
    """The union record of the record with this control number."""
    return Cluster.objects.get(records__control_number=number)


def copies(number: str, library: Library, statuses: Sequence[str], *, visibility: str = "PUBLIC") -> list[Item]:
    """Copies of the record with this control number in a library, one for each status."""
    record = cluster(number).records.get(control_number=number)
    known = record.items.filter(library=library).count()
    return [
        Item.objects.create(
            record=record,
            library=library,
            accession_number=f"{library.code}.{number}.{place}",
            source_key=f"tests {library.code} {place}",
            call_number="895.9221 NG527",
            shelf="Kho mở",
            status=status,
            visibility=visibility,
        )
        for place, status in enumerate(statuses, start=known + 1)
    ]
