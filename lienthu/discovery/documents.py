"""From union records in the database to documents of the search engine."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db import connection

from lienthu.authorities.queries import OtherNames, other_names
from lienthu.catalogue.queries import PUBLIC
from lienthu.search import Document

_NO_NAMES = OtherNames()

# One row per union record: its summary, and what its copies say. Copies that the public may not see stay out; a record
# without any copy stands under the library that made it. Each LATERAL part looks up one record by an index, so the cost
# does not depend on what the planner knows of tables that an import is just filling.
_ROWS = """
SELECT c.id, c.summary::text, c.title_sort, (c.created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
       CASE WHEN i.copies = 0 THEN h.owners ELSE i.libraries END, i.available, i.numbers, h.numbers
FROM unnest(%s::bigint[]) AS wanted (id)
JOIN catalogue_cluster c ON c.id = wanted.id AND c.is_active AND c.merged_into_id IS NULL AND c.visibility = 'PUBLIC'
CROSS JOIN LATERAL (
    SELECT array_agg(r.id) AS ids, array_agg(r.control_number) AS numbers, array_agg(r.library_id) AS owners
    FROM catalogue_sourcerecord r WHERE r.cluster_id = c.id AND r.status = 'ACTIVE' AND {records}
) AS h
CROSS JOIN LATERAL (
    SELECT count(*) AS copies,
           array_agg(i.library_id) FILTER (WHERE {items}) AS libraries,
           array_agg(i.library_id) FILTER (WHERE {items} AND i.status = 'AVAILABLE') AS available,
           array_agg(i.accession_number) FILTER (WHERE {items} AND i.accession_number <> '') AS numbers
    FROM catalogue_item i WHERE i.record_id = ANY(h.ids) AND i.status <> 'WITHDRAWN'
) AS i
"""


def documents_of(cluster_ids: Iterable[int]) -> Iterator[Document]:
    """Documents of these union records; those that are gone (merged, withdrawn) are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM libraries_library")
        codes = dict(cursor.fetchall())
        wanted = list(cluster_ids)
        cursor.execute(_ROWS.format(items=PUBLIC.items("i"), records=PUBLIC.records("r")), [wanted])
        rows = cursor.fetchall()
    names = other_names(wanted)
    for row in rows:
        yield _document(codes, names.get(row[0], _NO_NAMES), *row)


def _codes(codes: dict[int, str], library_ids: list[int] | None) -> list[str]:
    return sorted({codes[library_id] for library_id in library_ids or ()})


def _document(
    codes: dict[int, str],
    names: OtherNames,
    cluster_id: int,
    summary_text: str,
    title_sort: bytes,
    added: Any,
    libraries: list[int] | None,
    available: list[int] | None,
    accession_numbers: list[str] | None,
    control_numbers: list[str] | None,
) -> Document:
    summary = orjson.loads(summary_text)
    return Document(
        id=cluster_id,
        title=full_title(summary),
        alternate_titles=(*summary.get("other_titles", ()), *names.titles),
        authors=summary.get("author_headings") or summary.get("authors", ()),
        subjects=summary.get("subjects", ()),
        author_variants=names.authors,
        subject_variants=names.subjects,
        publisher=" ".join(filter(None, (summary.get("publisher"), summary.get("place")))),
        series=summary.get("series", ()),
        notes=[n for n in (*summary.get("notes", ()), summary.get("abstract"), summary.get("responsibility")) if n],
        isbns=summary.get("isbn", ()),
        issns=(summary["issn"],) if summary.get("issn") else (),
        control_numbers=control_numbers or (),
        accession_numbers=accession_numbers or (),
        ddc=summary.get("ddc", ()),
        languages=summary.get("language", ()),
        type=summary.get("type", "OTHER"),
        year=summary.get("year"),
        libraries=_codes(codes, libraries),
        available_at=_codes(codes, available),
        digital=bool(summary.get("digital_url")),
        added_on=added.toordinal(),
        title_sort=bytes(title_sort),
    )


def full_title(summary: dict[str, Any]) -> str:
    """Title and rest of title as one line."""
    title, rest = summary.get("title", ""), summary.get("subtitle", "")
    return f"{title} : {rest}" if rest else title
