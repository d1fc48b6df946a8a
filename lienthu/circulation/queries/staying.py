"""Copies that another library keeps for some time: they are at home there too."""

from collections.abc import Iterable
from datetime import datetime

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


def was_received(item_id: int, *, library_id: int, since: datetime) -> bool:
    """Did a copy that was sent since then arrive at this library by a scan at any of its desks?"""
    return Transit.objects.filter(item_id=item_id, received_library_id=library_id, ended_at__gte=since).exists()


def due_days(item_ids: Iterable[int]) -> dict[int, datetime]:
    """When those of these copies that are on loan are due back."""
    return dict(Loan.objects.filter(item_id__in=list(item_ids), ended_at=None).values_list("item_id", "due_at"))
