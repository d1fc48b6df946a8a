"""Counts of the catalogue as it stands: for the home page and the pages of the libraries."""

from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext

from lienthu.catalogue.queries.sight import PUBLIC
from lienthu.catalogue.queries.union import active
from lienthu.libraries.queries import Figure, Library

_COPIES = """
SELECT count(*), count(*) FILTER (WHERE i.status = 'AVAILABLE'), count(DISTINCT i.library_id)
FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE {items} AND {records} AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE'
"""
_BY_HOLDER = """
SELECT l.code, count(DISTINCT r.cluster_id), count(*)
FROM catalogue_item i
JOIN catalogue_sourcerecord r ON r.id = i.record_id
JOIN libraries_library l ON l.id = i.library_id
WHERE {items} AND {records} AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE'
GROUP BY l.id ORDER BY l.name_sort, l.code
"""
_OF_LIBRARY = """
SELECT count(DISTINCT r.cluster_id), count(*), count(*) FILTER (WHERE i.status = 'AVAILABLE')
FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE i.library_id = %s AND {items} AND {records} AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE'
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """Titles (union records), public copies, those on the shelf now, and libraries that have copies."""

    titles: int
    copies: int
    available: int
    libraries: int


def _public(statement: str) -> str:
    return statement.format(items=PUBLIC.items("i"), records=PUBLIC.records("r"))


def totals() -> Totals:
    """The whole catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(_public(_COPIES))
        copies, available, libraries = cursor.fetchone()
    return Totals(titles=active().count(), copies=copies, available=available, libraries=libraries)


def totals_of_library(library_id: int) -> Totals:
    """What one library shows to the public."""
    with connection.cursor() as cursor:
        cursor.execute(_public(_OF_LIBRARY), [library_id])
        titles, copies, available = cursor.fetchone()
    return Totals(titles=titles, copies=copies, available=available, libraries=1)


def titles_by_holder() -> list[tuple[str, int, int]]:
    """(library code, titles, public copies) of every library with copies, in Vietnamese order."""
    with connection.cursor() as cursor:
        cursor.execute(_public(_BY_HOLDER))
        return cursor.fetchall()


def figures_of_library(library: Library) -> list[Figure]:
    """The same for the page of the library (settings.LIBRARY_FIGURES), each leading to what it counts."""
    found = totals_of_library(library.pk)
    if not found.titles:
        return []
    here = f"{reverse('discovery:results')}?library={library.code}"
    return [
        Figure(gettext("Đầu tài liệu"), found.titles, here),
        Figure(gettext("Bản tài liệu"), found.copies, here),
        Figure(gettext("Có sẵn lúc này"), found.available, here + "&available=1"),
    ]
