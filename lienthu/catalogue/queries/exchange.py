"""Union records for other systems, by the hundred: whose they are, and one MARC record for each.

Only what the public sees. Four statements whatever the number of records, and no model instances: a harvest reads a
quarter of a million records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.catalogue.compression import decompress
from lienthu.catalogue.marc import Field, Record, reread
from lienthu.catalogue.marc.crosswalks.to_dc import PRIVATE_WHEN_ZERO
from lienthu.catalogue.queries.sight import PUBLIC, closed_libraries
from lienthu.kernel import ids
from lienthu.kernel.postgresql.planned import ask
from lienthu.kernel.text import exact_key

# A library has the record when it has a copy that everybody may see, or described it and no copies are known at all.
_SHOWN = f"""
SELECT c.id FROM catalogue_cluster c
WHERE c.id = ANY(%s) AND c.is_active AND c.merged_into_id IS NULL AND {PUBLIC.cluster_rows("c")}
"""
_HOLDERS = """
SELECT r.cluster_id, array_agg(DISTINCT l.code ORDER BY l.code)
FROM catalogue_sourcerecord r
CROSS JOIN LATERAL (
    SELECT i.library_id AS id FROM catalogue_item i
    WHERE i.record_id = r.id AND i.status <> 'WITHDRAWN' AND i.visibility = 'PUBLIC'
    UNION
    SELECT r.library_id WHERE NOT EXISTS (
        SELECT 1 FROM catalogue_item i WHERE i.record_id = r.id AND i.status <> 'WITHDRAWN')
) AS holder
JOIN libraries_library l ON l.id = holder.id
WHERE r.cluster_id = ANY(%(clusters)s) AND r.status = 'ACTIVE'
  AND r.library_id <> ALL(%(closed)s) AND holder.id <> ALL(%(closed)s)
GROUP BY r.cluster_id
"""
# The record that gave the title stands first: it is the best described one, or what a person chose.
_SOURCES = """
SELECT r.cluster_id, l.code, r.control_number, v.original, v.dictionary, v.format, v.encoding, v.content
FROM catalogue_sourcerecord r
JOIN catalogue_cluster c ON c.id = r.cluster_id
JOIN catalogue_revision v ON v.record_id = r.id AND v.number = r.revision
JOIN libraries_library l ON l.id = r.library_id
WHERE r.cluster_id = ANY(%(clusters)s) AND r.status = 'ACTIVE' AND r.library_id <> ALL(%(closed)s)
ORDER BY r.cluster_id, (c.provenance ->> 'title') IS NOT DISTINCT FROM r.id::text DESC, r.id
"""
_COPIES = """
SELECT r.cluster_id, l.code, b.code, i.shelf, i.call_number, i.accession_number
FROM catalogue_sourcerecord r
JOIN catalogue_item i ON i.record_id = r.id AND i.status <> 'WITHDRAWN' AND i.visibility = 'PUBLIC'
JOIN libraries_library l ON l.id = i.library_id
LEFT JOIN libraries_branch b ON b.id = i.branch_id
WHERE r.cluster_id = ANY(%(clusters)s) AND r.status = 'ACTIVE'
  AND r.library_id <> ALL(%(closed)s) AND i.library_id <> ALL(%(closed)s)
ORDER BY r.cluster_id, l.code, i.id
"""
# What systems write for themselves: copies in their own way, local fields. Copies are stated anew from what is known.
_OWN_TAGS = frozenset({"001", "003", "852", "876", "877", "878", *(f"59{last}" for last in range(10))})
_CODES_OF_COPY = "abchp"
# What further sources add to the best record: numbers, classes, subjects.
_UNITED = frozenset({"020", "022", "082"})


@dataclass(frozen=True, slots=True)
class Origin:
    """A source record behind a union record."""

    library: str
    control_number: str


Stored = tuple[bytes, int, str, str, bytes | None]
"""(original, dictionary, format, encoding, content) of a revision."""


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One union record as others may take it over; 001 is its public identifier."""

    id: int
    origins: tuple[Origin, ...]
    stored: tuple[Stored, ...]
    """The revisions behind it, the best first."""
    copies: tuple[Field, ...]

    @property
    def public_id(self) -> str:
        return ids.encode(self.id)

    def record(self) -> Record:
        """The MARC record, read anew at each call: of a page of five hundred only one is in memory at a time."""
        return _dressed(self.id, _united([_record(*one) for one in self.stored]), self.origins, self.copies)


def holders_of(cluster_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The codes of the libraries that have each of these union records; those that nobody may see are left out."""
    shown = _shown(cluster_ids)
    if not shown:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, {"clusters": shown, "closed": closed_libraries()})
        found = {cluster_id: tuple(codes) for cluster_id, codes in cursor.fetchall()}
    return {cluster_id: found.get(cluster_id, ()) for cluster_id in shown}


def exchange_records(cluster_ids: Sequence[int]) -> dict[int, ExchangeRecord]:
    """These union records, as far as the public sees them.

    The MARC record is that of the best source, without what is private or local to it (9XX, 59X, notes marked so), and
    with the numbers, classes and subjects that only other sources have. 035 names every source, 852 the copies that
    everybody may see: $a library, $b branch, $c shelf, $h call number, $p accession number.
    """
    shown = _shown(cluster_ids)
    if not shown:
        return {}
    bounds = {"clusters": shown, "closed": closed_libraries()}
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, bounds)
        copies: dict[int, list[Field]] = {}
        for cluster_id, *values in cursor.fetchall():
            parts = [(code, value) for code, value in zip(_CODES_OF_COPY, values, strict=True) if value]
            copies.setdefault(cluster_id, []).append(Field("852", "", "  ", parts))
        cursor.execute(_SOURCES, bounds)
        stored: dict[int, list[Stored]] = {}
        origins: dict[int, list[Origin]] = {}
        for cluster_id, library, number, *revision in cursor.fetchall():
            stored.setdefault(cluster_id, []).append(tuple(revision))
            origins.setdefault(cluster_id, []).append(Origin(library, number))
    return {
        cluster_id: ExchangeRecord(
            id=cluster_id,
            origins=tuple(origins[cluster_id]),
            stored=tuple(found),
            copies=tuple(copies.get(cluster_id, ())),
        )
        for cluster_id, found in stored.items()
    }


def _shown(cluster_ids: Iterable[int]) -> list[int]:
    return [cluster_id for (cluster_id,) in ask(_SHOWN, [list(cluster_ids)])]


def _record(original: bytes, dictionary: int, format: str, encoding: str, content: bytes | None) -> Record:
    if content is not None:
        return Record.unpack(decompress(bytes(content), dictionary=dictionary))
    return reread(decompress(bytes(original), dictionary=dictionary), format=format, encoding=encoding)


def _united(records: list[Record]) -> Record:
    best, *others = records
    if not others:
        return best
    fields = list(best.fields)
    known = {_words_of(field) for field in fields}
    for other in others:
        for field in other.fields:
            if (field.tag in _UNITED or field.tag[:1] == "6") and (words := _words_of(field)) not in known:
                known.add(words)
                fields.append(field)
    return Record(best.leader, sorted(fields, key=lambda field: field.tag[:1] if field.indicators else "0"))


def _words_of(field: Field) -> tuple[str, str]:
    """What tells two fields apart: tag and words, whatever the punctuation, capitals and codes."""
    number = field.tag in ("020", "022")
    return field.tag, exact_key(field.get("a") if number else " ".join(value for _, value in field.subfields))


def _dressed(cluster_id: int, record: Record, origins: tuple[Origin, ...], copies: tuple[Field, ...]) -> Record:
    before: list[Field] = [Field("001", ids.encode(cluster_id))]
    after: list[Field] = []
    for field in record.fields:
        tag = field.tag
        if tag in _OWN_TAGS or tag[:1] == "9" or (tag in PRIVATE_WHEN_ZERO and field.indicators[:1] == "0"):
            continue
        (before if tag <= "035" else after).append(field)
    numbers = [Field("035", "", "  ", [("a", f"({one.library}){one.control_number}")]) for one in origins]
    return Record(record.leader, [*before, *numbers, *after, *copies])
