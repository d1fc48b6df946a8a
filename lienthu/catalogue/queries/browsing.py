"""Walking through the catalogue in Vietnamese order: titles, authors and subjects, page by page from any place.

Pages are found by key (keyset), so the last page costs as little as the first, and a new record never shifts a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

from lienthu.catalogue.queries.union import UnionRecord, union_records
from lienthu.kernel.text import sort_key

# MARC tags that make a heading an author of the record, or a subject of it.
AUTHOR_TAGS = (100, 110, 111, 700, 710, 711)
SUBJECT_TAGS = (600, 610, 611, 630, 648, 650, 651, 653, 655)
AUTHOR_KINDS = ("PERSON", "CORPORATE", "MEETING")
SUBJECT_KINDS = ("TOPIC", "PLACE", "GENRE", "PERSON", "CORPORATE", "MEETING", "TITLE")

LETTERS = "AĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ"
FIGURES = "0-9"
OTHERS = "…"

_LAST = b"\xff"

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order: the sort key and the id of an entry; the id settles equal keys."""

    key: bytes
    id: int = 0


@dataclass(frozen=True, slots=True)
class HeadingEntry:
    """A heading with the number of shown union records that use it."""

    id: int
    kind: str
    text: str
    count: int
    place: Place


@dataclass(frozen=True, slots=True)
class TitleEntry:
    """A title in the list."""

    record: UnionRecord
    place: Place


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Entry]):
    """Entries from one place on, and whether there is more before and after them."""

    entries: list[Entry]
    more_before: bool
    more_after: bool


def letter_start(letter: str) -> bytes:
    """The lowest sort key of what files under a letter: the primary weight of the letter, without case and tone."""
    return sort_key(letter).split(b"\x01")[0]


def letter_bounds() -> list[tuple[str, bytes, bytes]]:
    """Each jump mark with the keys it begins and ends at, in filing order."""
    starts = [letter_start(letter) for letter in LETTERS]
    after_z = bytes([starts[-1][0] + 1])
    ends = [*starts[1:], after_z]
    return [(FIGURES, b"", starts[0]), *zip(LETTERS, starts, ends, strict=True), (OTHERS, after_z, _LAST)]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One way to walk: the SQL comparison and the order."""

    compare: str
    order: str


_FORWARD = _Walk(">=", "ASC")
_BACKWARD = _Walk("<", "DESC")

_TITLES = """
SELECT id, title_sort FROM catalogue_cluster
WHERE is_active AND merged_into_id IS NULL AND visibility = 'PUBLIC' AND (title_sort, id) {compare} (%(key)s, %(id)s)
ORDER BY title_sort {order}, id {order} LIMIT %(limit)s
"""
# One ordered scan for each kind of heading, then merged: an index cannot be read in order over several kinds.
_HEADINGS_OF_KIND = """
(SELECT h.id, h.sort, h.kind, h.text FROM catalogue_heading h
 WHERE h.kind = '{kind}' AND (h.sort, h.id) {compare} (%(key)s, %(id)s) AND EXISTS ({used})
 ORDER BY h.sort {order}, h.id {order} LIMIT %(limit)s)
"""
_USED = """
SELECT 1 FROM catalogue_headinglink k
JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active AND c.visibility = 'PUBLIC'
WHERE k.heading_id = h.id AND k.tag = ANY(%(tags)s)
"""
_COUNTS = """
SELECT k.heading_id, count(DISTINCT r.cluster_id) FROM catalogue_headinglink k
JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active AND c.visibility = 'PUBLIC'
WHERE k.heading_id = ANY(%s) AND k.tag = ANY(%s) GROUP BY 1
"""
_TITLE_LETTERS = """
SELECT m.mark FROM unnest(%(marks)s::text[], %(starts)s::bytea[], %(ends)s::bytea[]) AS m (mark, low, high)
WHERE EXISTS (SELECT 1 FROM catalogue_cluster
              WHERE is_active AND merged_into_id IS NULL AND visibility = 'PUBLIC'
                    AND title_sort >= m.low AND title_sort < m.high)
"""
_HEADING_LETTERS = """
SELECT m.mark FROM unnest(%(marks)s::text[], %(starts)s::bytea[], %(ends)s::bytea[]) AS m (mark, low, high)
WHERE EXISTS (SELECT 1 FROM unnest(%(kinds)s::text[]) AS w (kind), LATERAL (
    SELECT 1 FROM catalogue_heading h
    WHERE h.kind = w.kind AND h.sort >= m.low AND h.sort < m.high AND EXISTS ({used}) LIMIT 1) AS found)
"""


def titles(*, place: Place, size: int, backward: bool = False) -> Stretch[TitleEntry]:
    """Titles from a place on (or the ones just before it, when `backward`), in Vietnamese order."""
    rows, more = _walk(_TITLES, place, size, backward)
    records = union_records(row[0] for row in rows)
    entries = [TitleEntry(records[row[0]], Place(bytes(row[1]), row[0])) for row in rows if row[0] in records]
    edge = Place(bytes(rows[0][1]), rows[0][0]) if rows else place
    return _stretch(entries, more, backward, _exists(_TITLES, edge, before=not backward))


def headings(
    *, kinds: Sequence[str], tags: Sequence[int], place: Place, size: int, backward: bool = False
) -> Stretch[HeadingEntry]:
    """Headings of these kinds that records use in these MARC tags, from a place on, with their counts."""
    statement = _union_of_kinds(kinds)
    rows, more = _walk(statement, place, size, backward, tags=list(tags))
    counts = _counts([row[0] for row in rows], tags)
    entries = [
        HeadingEntry(id=pk, kind=kind, text=text, count=counts.get(pk, 0), place=Place(bytes(sort), pk))
        for pk, sort, kind, text in rows
    ]
    edge = Place(bytes(rows[0][1]), rows[0][0]) if rows else place
    return _stretch(entries, more, backward, _exists(statement, edge, before=not backward, tags=list(tags)))


def title_letters() -> set[str]:
    """The jump marks under which there are titles."""
    return _letters(_TITLE_LETTERS, {})


def heading_letters(*, kinds: Sequence[str], tags: Sequence[int]) -> set[str]:
    """The jump marks under which there are used headings of these kinds."""
    return _letters(_HEADING_LETTERS.format(used=_USED), {"kinds": list(kinds), "tags": list(tags)})


def _union_of_kinds(kinds: Sequence[str]) -> str:
    # The kinds come from the constants above, never from a request.
    parts = (_HEADINGS_OF_KIND.format(kind=kind, used=_USED, compare="{compare}", order="{order}") for kind in kinds)
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS h ORDER BY sort {{order}}, id {{order}} LIMIT %(limit)s"


def _walk(statement: str, place: Place, size: int, backward: bool, **more: object) -> tuple[list[tuple], bool]:
    """Up to `size` rows in filing order, and whether the walk could go on."""
    way = _BACKWARD if backward else _FORWARD
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(compare=way.compare, order=way.order),
            {"key": place.key, "id": place.id, "limit": size + 1, **more},
        )
        rows = cursor.fetchall()
    further, rows = len(rows) > size, rows[:size]
    return (rows[::-1] if backward else rows), further


def _exists(statement: str, edge: Place, *, before: bool, **more: object) -> bool:
    """Is there an entry on the side that the walk came from? After a backward walk there always is."""
    if not before:
        return True
    found, _ = _walk(statement, edge, 1, True, **more)
    return bool(found)


def _stretch(entries: list[Entry], further: bool, backward: bool, behind: bool) -> Stretch[Entry]:
    if backward:
        return Stretch(entries, more_before=further, more_after=behind)
    return Stretch(entries, more_before=behind, more_after=further)


def _counts(heading_ids: list[int], tags: Sequence[int]) -> dict[int, int]:
    if not heading_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [heading_ids, list(tags)])
        return dict(cursor.fetchall())


def _letters(statement: str, parameters: dict[str, object]) -> set[str]:
    marks, starts, ends = zip(*letter_bounds(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"marks": list(marks), "starts": list(starts), "ends": list(ends), **parameters})
        return {row[0] for row in cursor.fetchall()}
