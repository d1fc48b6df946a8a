"""The copies of a union record as the public may see them, and the statements of serial holdings."""

from dataclasses import dataclass

from django.db import connection

from lienthu.catalogue.queries.sight import PUBLIC, Sight

_COPIES = """
SELECT l.code, b.name_vi, b.name_en, i.accession_number, i.call_number, i.shelf, i.status, i.note,
       i.id
FROM catalogue_sourcerecord r
JOIN catalogue_item i ON i.record_id = r.id
JOIN libraries_library l ON l.id = i.library_id
LEFT JOIN libraries_branch b ON b.id = i.branch_id
WHERE r.cluster_id = %s AND r.status = 'ACTIVE' AND {items} AND {records} AND i.status <> 'WITHDRAWN'
ORDER BY l.name_sort, l.code, b.code NULLS FIRST, i.call_number, i.accession_number, i.id
LIMIT %s
"""
_STATEMENTS = """
SELECT l.code, h.text, h.call_number
FROM catalogue_sourcerecord r
JOIN catalogue_holding h ON h.record_id = r.id
JOIN libraries_library l ON l.id = h.library_id
WHERE r.cluster_id = %s AND r.status = 'ACTIVE' AND h.is_active AND h.text <> '' AND {holdings} AND {records}
ORDER BY l.name_sort, l.code, h.id
"""

# A serial bound over a century may have thousands of volumes; a page stays readable and quick with this many.
COPIES_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class Copy:
    """One public copy; `library` is the code, `branch` its name in Vietnamese and English."""

    library: str
    branch: tuple[str, str]
    accession_number: str
    call_number: str
    shelf: str
    status: str
    note: str
    item_id: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a library says it holds of a serial or a set, in its own words."""

    library: str
    text: str
    call_number: str


def copies_of(cluster_id: int, *, sight: Sight = PUBLIC) -> list[Copy]:
    """The copies that this onlooker sees, libraries in Vietnamese order; at most COPIES_SHOWN."""
    with connection.cursor() as cursor:
        cursor.execute(_COPIES.format(items=sight.items("i"), records=sight.records("r")), [cluster_id, COPIES_SHOWN])
        return [
            Copy(code, (name_vi or "", name_en or ""), *rest) for code, name_vi, name_en, *rest in cursor.fetchall()
        ]


def statements_of(cluster_id: int, *, sight: Sight = PUBLIC) -> list[Statement]:
    """Statements of holdings, libraries in Vietnamese order."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS.format(holdings=sight.records("h"), records=sight.records("r")), [cluster_id])
        return [Statement(*row) for row in cursor.fetchall()]
