"""Single copies, for lending: found by number or id, with what rules and desks need to know of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from lienthu.catalogue.models import Cluster, ItemType
from lienthu.kernel.postgresql.planned import ask

_COPIES = """
SELECT i.id, i.library_id, i.branch_id, i.accession_number, COALESCE(c.summary->>'title', c.title), r.cluster_id,
       r.id, i.status, COALESCE(NULLIF(i.item_type, ''), c.summary->>'type', 'BOOK'), i.call_number, i.visibility
FROM catalogue_item i
JOIN catalogue_sourcerecord r ON r.id = i.record_id
JOIN catalogue_cluster c ON c.id = r.cluster_id
WHERE {condition}
ORDER BY i.id
{lock}
"""
# The libraries are named so that the index on (library, accession number) is used.
_NUMBERED = (
    "i.library_id = ANY(ARRAY(SELECT id FROM libraries_library)) AND i.accession_number = ANY(%s)"
    " AND i.status <> 'WITHDRAWN'"
)
CLUSTER_COPIES = 2_000


@dataclass(frozen=True, slots=True)
class CopySummary:
    """One copy; `item_type` is its own type, else the material of its record (BOOK, SERIAL, …)."""

    item_id: int
    library_id: int
    branch_id: int | None
    accession_number: str
    title: str
    cluster_id: int
    record_id: int
    status: str
    item_type: str
    call_number: str
    visibility: str


def copies_with_number(number: str) -> list[CopySummary]:
    """The copies with this accession number in all libraries, whatever its case; withdrawn ones left out."""
    spellings = _spellings(number)
    return _copies(_NUMBERED, [spellings]) if spellings else []


def copies_with_numbers(numbers: Iterable[str]) -> dict[str, list[CopySummary]]:
    """The same for many numbers, in one statement."""
    asked = {number: _spellings(number) for number in numbers}
    wanted = sorted({one for spellings in asked.values() for one in spellings})
    found: dict[str, list[CopySummary]] = {}
    for copy in _copies(_NUMBERED, [wanted]) if wanted else ():
        found.setdefault(copy.accession_number, []).append(copy)
    return {
        number: sorted((copy for one in spellings for copy in found.get(one, ())), key=lambda copy: copy.item_id)
        for number, spellings in asked.items()
    }


def withdrawn_with_numbers(numbers: Iterable[str], *, library_id: int) -> dict[str, CopySummary]:
    """Withdrawn copies of one library by the number asked for, for whoever finds one on a shelf. One statement."""
    asked = {number: _spellings(number) for number in numbers}
    wanted = sorted({one for spellings in asked.values() for one in spellings})
    if not wanted:
        return {}
    gone = _copies(
        "i.library_id = %s AND i.accession_number = ANY(%s) AND i.status = 'WITHDRAWN'", [library_id, wanted]
    )
    by_number = {copy.accession_number: copy for copy in gone}
    found = {
        number: next((by_number[one] for one in spellings if one in by_number), None)
        for number, spellings in asked.items()
    }
    return {number: copy for number, copy in found.items() if copy is not None}


def _spellings(number: str) -> list[str]:
    wanted = " ".join(number.replace("\x00", "").split())
    return list(dict.fromkeys([wanted, wanted.upper(), wanted.lower()])) if wanted else []


def copies_with_title(words: str, *, library_id: int, limit: int) -> list[CopySummary]:
    """Copies of one library whose title has all these words as they are written, whatever their case."""
    wanted = words.replace("\x00", "").split()[:8]
    if not wanted:
        return []
    # each word stands for itself: % and _ are no wildcards of the person who types
    patterns = ["%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in wanted]
    condition = "i.library_id = %s AND c.title ILIKE ALL(%s) AND i.status <> 'WITHDRAWN'"
    return _copies(condition, [library_id, patterns], tail=f"LIMIT {int(limit)}")


def copies_on_shelf(library_id: int, *, limit: int) -> list[CopySummary]:
    """Available copies of a library that everybody may see, the oldest first."""
    condition = "i.library_id = %s AND i.status = 'AVAILABLE' AND i.visibility = 'PUBLIC' AND r.status = 'ACTIVE'"
    return _copies(condition, [library_id], tail=f"LIMIT {int(limit)}")


def copy_of_item(item_id: int) -> CopySummary | None:
    """One copy by its id, withdrawn ones too."""
    return next(iter(_copies("i.id = %s", [item_id])), None)


def copies_by_id(item_ids: Iterable[int]) -> dict[int, CopySummary]:
    """Copies by their ids, in one statement."""
    return {copy.item_id: copy for copy in _copies("i.id = ANY(%s)", [list(item_ids)])}


def copies_of_clusters(cluster_ids: Sequence[int]) -> list[CopySummary]:
    """All copies of these union records that are not withdrawn, at most CLUSTER_COPIES."""
    condition = "r.cluster_id = ANY(%s) AND r.status = 'ACTIVE' AND i.status <> 'WITHDRAWN'"
    return _copies(condition, [list(cluster_ids)], tail=f"LIMIT {CLUSTER_COPIES}")


def locked_copy(item_id: int) -> CopySummary | None:
    """One copy, its row locked until the transaction ends."""
    return next(iter(_copies("i.id = %s", [item_id], tail="FOR UPDATE OF i")), None)


def work_of(cluster_id: int) -> int | None:
    """The work of a union record. Raises Cluster.DoesNotExist."""
    return Cluster.objects.values_list("work_id", flat=True).get(pk=cluster_id)


def item_types() -> list[tuple[str, str | Promise]]:
    """Types that a copy may have of its own, with their names."""
    return list(ItemType.choices)


def _copies(condition: str, parameters: list[Any], *, tail: str = "") -> list[CopySummary]:
    return [CopySummary(*row) for row in ask(_COPIES.format(condition=condition, lock=tail), parameters)]


def copies_of_library(library_id: int) -> list[CopySummary]:
    """Every numbered copy of a library that is not withdrawn, for a desk that must know them without network."""
    return _copies("i.library_id = %s AND i.accession_number <> '' AND i.status <> 'WITHDRAWN'", [library_id])
