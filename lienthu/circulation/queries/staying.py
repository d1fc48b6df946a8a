"""Copies that another library keeps for some time: they are at home there too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lienthu.circulation.models import Loan, Stay, Transit
from lienthu.kernel.postgresql.planned import ask

_STAY = "SELECT library_id FROM circulation_stay WHERE item_id = %s AND ended_at IS NULL"


def stays_at(item_id: int) -> int | None:
    """The library that keeps this copy for the time being."""
    rows = ask(_STAY, [item_id])
    return int(rows[0][0]) if rows else None


def staying(item_ids: Iterable[int]) -> dict[int, int]:
    """The same for many copies, in one statement."""
    found = Stay.objects.filter(item_id__in=list(item_ids), ended_at=None)
    return dict(found.values_list("item_id", "library_id"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy of a set is: the library by its code, the point or "", and when it is due back."""

    library: str
    point: str
    until: date


_PLACES = """
SELECT s.item_id, l.code, s.point, s.until FROM circulation_stay s
JOIN libraries_library l ON l.id = s.library_id
JOIN catalogue_item i ON i.id = s.item_id
LEFT JOIN circulation_custody u ON u.item_id = s.item_id AND u.until IS NULL
WHERE s.item_id = ANY(%s) AND s.ended_at IS NULL AND (s.point <> '' OR u.library_id IS DISTINCT FROM i.library_id)
"""


def places_of(item_ids: Iterable[int]) -> dict[int, Place]:
    """Which of these copies are not on the shelves of their own library because of a set, and where they are."""
    wanted = list(item_ids)
    return {item_id: Place(*place) for item_id, *place in ask(_PLACES, [wanted])} if wanted else {}


def was_received(item_id: int, *, library_id: int, since: datetime) -> bool:
    """Did a copy that was sent since then arrive at this library by a scan at any of its desks?"""
    return Transit.objects.filter(item_id=item_id, received_library_id=library_id, ended_at__gte=since).exists()


def due_days(item_ids: Iterable[int]) -> dict[int, datetime]:
    """When those of these copies that are on loan are due back."""
    return dict(Loan.objects.filter(item_id__in=list(item_ids), ended_at=None).values_list("item_id", "due_at"))
