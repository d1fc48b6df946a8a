"""What a desk without network keeps of cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lienthu.patrons.models import (
    Block,
    Card,
    Patron,
    PatronState,
)
from lienthu.patrons.policy import CHILD_AGE


@dataclass(frozen=True, slots=True)
class CardCopy:
    """A card as a desk without network may keep it: nothing of the person but the name and the category."""

    patron_id: int
    number: str
    status: str
    replaced_by: str
    name: str
    category: str
    expires: date | None
    blocks: tuple[str, ...]


def cards_for_copying(*, library_id: int, also: Iterable[int], on: date) -> list[CardCopy]:
    """The cards of a library's readers, and of those named in `also`, with what stands against lending there."""
    wanted = Q(patron__home_library_id=library_id) | Q(patron_id__in=list(also))
    cards = Card.objects.filter(wanted, patron__state=PatronState.ACTIVE).values_list(
        "patron_id",
        "number",
        "status",
        "replaced_by__number",
        "patron__full_name",
        "patron__category__code",
        "valid_until",
    )
    rows = list(cards.order_by("number"))
    blocks = _blocks_for_copying({row[0] for row in rows}, library_id=library_id, on=on)
    return [
        CardCopy(patron_id, number, status, replaced_by or "", name, category, until, tuple(blocks.get(patron_id, ())))
        for patron_id, number, status, replaced_by, name, category, until in rows
    ]


def _blocks_for_copying(patron_ids: set[int], *, library_id: int, on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    open_now = Block.objects.filter(lifted_at=None, starts__lte=on).filter(Q(until=None) | Q(until__gte=on))
    here = open_now.filter(Q(library=None) | Q(library_id=library_id)).order_by("pk")
    for patron_id, code in here.values_list("patron_id", "code"):
        if patron_id in patron_ids:
            found.setdefault(patron_id, []).append(code)
    born_after = (
        on.replace(year=on.year - CHILD_AGE) if (on.month, on.day) != (2, 29) else date(on.year - CHILD_AGE, 3, 1)
    )
    children = Patron.objects.filter(birth_date__gt=born_after).exclude(
        guardians__ended_at=None, guardians__isnull=False
    )
    for patron_id in children.values_list("pk", flat=True):
        if patron_id in patron_ids:
            found.setdefault(patron_id, []).append("GUARDIAN_MISSING")
    return found
