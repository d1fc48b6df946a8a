"""From union records in the database to documents of the search engine."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db import connection

from lienthu.search import Document

# One row per union record: its summary, and what its copies say. Copies that the public may not see stay out.
_ROWS = """
WITH wanted AS (
    SELECT c.id, c.summary, c.title_sort, c.created_at FROM catalogue_cluster c
    WHERE c.id = ANY(%(ids)s) AND c.is_active AND c.merged_into_id IS NULL
), records AS (
    SELECT r.id, r.cluster_id, r.control_number, l.code
    FROM catalogue_sourcerecord r JOIN libraries_library l ON l.id = r.library_id
    WHERE r.cluster_id = ANY(%(ids)s) AND r.status = 'ACTIVE'
), copies AS (
    SELECT r.cluster_id,
           array_agg(DISTINCT l.code) AS libraries,
           array_agg(DISTINCT l.code) FILTER (WHERE i.status = 'AVAILABLE') AS available,
           array_agg(i.accession_number) FILTER (WHERE i.accession_number <> '') AS numbers
    FROM records r JOIN catalogue_item i ON i.record_id = r.id JOIN libraries_library l ON l.id = i.library_id
    WHERE i.visibility = 'PUBLIC' AND i.status <> 'WITHDRAWN'
    GROUP BY r.cluster_id
), held AS (
    SELECT cluster_id, array_agg(control_number) AS numbers, array_agg(DISTINCT code) AS owners
    FROM records GROUP BY cluster_id
)
SELECT w.id, w.summary::text, w.title_sort, (w.created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
       COALESCE(c.libraries, h.owners, '{}'), COALESCE(c.available, '{}'), COALESCE(c.numbers, '{}'),
       COALESCE(h.numbers, '{}')
FROM wanted w LEFT JOIN copies c ON c.cluster_id = w.id LEFT JOIN held h ON h.cluster_id = w.id
"""


def documents_of(cluster_ids: Iterable[int]) -> Iterator[Document]:
    """Documents of these union records; those that are gone (merged, withdrawn) are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"ids": list(cluster_ids)})
        for row in cursor.fetchall():
            yield _document(*row)


def _document(
    cluster_id: int,
    summary_text: str,
    title_sort: bytes,
    added: Any,
    libraries: list[str],
    available: list[str],
    accession_numbers: list[str],
    control_numbers: list[str],
) -> Document:
    summary = orjson.loads(summary_text)
    return Document(
        id=cluster_id,
        title=full_title(summary),
        alternate_titles=summary.get("other_titles", ()),
        authors=summary.get("author_headings") or summary.get("authors", ()),
        subjects=summary.get("subjects", ()),
        publisher=" ".join(filter(None, (summary.get("publisher"), summary.get("place")))),
        series=summary.get("series", ()),
        notes=[n for n in (*summary.get("notes", ()), summary.get("abstract"), summary.get("responsibility")) if n],
        isbns=summary.get("isbn", ()),
        issns=(summary["issn"],) if summary.get("issn") else (),
        control_numbers=control_numbers,
        accession_numbers=accession_numbers,
        ddc=summary.get("ddc", ()),
        languages=summary.get("language", ()),
        type=summary.get("type", "OTHER"),
        year=summary.get("year"),
        libraries=libraries,
        available_at=available,
        digital=bool(summary.get("digital_url")),
        added_on=added.toordinal(),
        title_sort=bytes(title_sort),
    )


def full_title(summary: dict[str, Any]) -> str:
    """Title and rest of title as one line."""
    title, rest = summary.get("title", ""), summary.get("subtitle", "")
    return f"{title} : {rest}" if rest else title
