"""Copies as fields of a record that leaves the catalogue: those of now in 852, in place of what the record came with.

$a library, $b branch, $c shelf, $h call number, $p accession number, $z note and, where nothing is
hidden, $9 price; the profile "lienthu852" reads them back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.items import LIBOL928
from lienthu.catalogue.queries.contents import Source
from lienthu.catalogue.queries.sight import PUBLIC, Sight

# Fields in which systems write copies.
COPY_TAGS = frozenset({"852", "876", "877", "878", "952"})
# Who checked and who catalogued a record, as Libol writes it: names of staff are not for strangers.
_STAFF_TAGS = frozenset({"911", "912"})
_CODES = "abchp9z"
_COPIES = """
SELECT i.record_id, i.status <> 'WITHDRAWN' AND {seen}, i.accession_number,
       l.code, b.code, i.shelf, i.call_number, i.accession_number, {price}, i.note
FROM catalogue_item i
JOIN libraries_library l ON l.id = i.library_id
LEFT JOIN libraries_branch b ON b.id = i.branch_id
WHERE i.record_id = ANY(%s) ORDER BY i.record_id, i.id
"""


@dataclass(frozen=True, slots=True)
class Stated:
    """The copies of one record: fields for those that are there and seen, accession numbers of all there ever were."""

    fields: tuple[Field, ...] = ()
    numbers: frozenset[str] = frozenset()

    def in_record(self, record: Record) -> Record:
        """The record with these copies in place of those that it states itself."""
        return Record(record.leader, [*without_copies(record, numbers=self.numbers).fields, *self.fields])


NONE = Stated()


def stated_copies(record_ids: Iterable[int], *, sight: Sight | None = None) -> dict[int, Stated]:
    """The copies of these records that this onlooker sees; without `sight` all of them."""
    fields: dict[int, list[Field]] = {}
    numbers: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _COPIES.format(seen=sight.items("i") if sight else "true", price="''" if sight else "i.price::text"),
            [list(record_ids)],
        )
        for record_id, shown, number, *values in cursor.fetchall():
            numbers.setdefault(record_id, set()).add(number)
            if shown:
                parts = [(code, value) for code, value in zip(_CODES, values, strict=True) if value]
                fields.setdefault(record_id, []).append(Field("852", "", "  ", parts))
    return {pk: Stated(tuple(fields.get(pk, ())), frozenset(known)) for pk, known in numbers.items()}


def with_stated_copies(sources: Iterable[Source], *, sight: Sight) -> list[Source]:
    """These source records as this onlooker may have them: the copies of now; names of staff not for strangers."""
    found = list(sources)
    stated = stated_copies((one.id for one in found), sight=sight)
    dressed = [replace(one, record=stated.get(one.id, NONE).in_record(one.record)) for one in found]
    return [replace(one, record=_without(one.record, _STAFF_TAGS)) for one in dressed] if sight == PUBLIC else dressed


def without_copies(record: Record, *, numbers: frozenset[str] = frozenset()) -> Record:
    """The record alone; 928 goes too where it names one of these accession numbers, as Libol writes them."""
    gone = COPY_TAGS
    if numbers and any(copy.accession_number in numbers for copy in LIBOL928.copies(record)):
        gone = COPY_TAGS | {LIBOL928.tag}
    return _without(record, gone)


def _without(record: Record, tags: frozenset[str]) -> Record:
    return Record(record.leader, [field for field in record.fields if field.tag not in tags])
