"""How readers can be told something, and whose cards end soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lienthu.patrons.models import (
    Card,
    Consent,
    Guardianship,
    Patron,
    PatronState,
    Purpose,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reader can be told something. `guardian`: who answers for a child, with a telephone number.

    `agreed` is false once the reader took back the consent for using what the card needs.
    """

    patron_id: int
    name: str
    email: str
    phone: str
    address: str
    language: str
    guardian: str
    active: bool
    agreed: bool


def contacts_of(patron_ids: Iterable[int]) -> dict[int, Contact]:
    """How readers are reached, those of merged records by the record that holds now. Four statements."""
    found = {
        one.pk: one.merged_into or one
        for one in Patron.objects.filter(pk__in=list(patron_ids)).select_related("merged_into")
    }
    holders = {one.pk for one in found.values()}
    guardians: dict[int, str] = {}
    for one in Guardianship.objects.filter(child__in=holders, ended_at=None).select_related("guardian").order_by("-pk"):
        other = one.guardian
        guardians[one.child_id] = " ".join(
            filter(None, (other.full_name, other.phone) if other else (one.name, one.phone))
        )
    agreed = dict(
        Consent.objects.filter(patron__in=holders, purpose=Purpose.CARD)
        .order_by("pk")
        .values_list("patron_id", "given")
    )
    return {
        asked: Contact(
            patron_id=one.pk,
            name=one.full_name,
            email=one.email,
            phone=one.phone,
            address=one.address,
            language=one.language,
            guardian=guardians.get(one.pk, ""),
            active=one.state == PatronState.ACTIVE,
            agreed=agreed.get(one.pk, True),
        )
        for asked, one in found.items()
    }


def cards_expiring(*, first: date, last: date) -> list[tuple[int, int, str, date]]:
    """Cards in use whose last day lies between two days: (reader, home library, number, last day)."""
    return list(
        Card.objects.filter(status="ACTIVE", valid_until__range=(first, last), patron__state=PatronState.ACTIVE)
        .order_by("pk")
        .values_list("patron_id", "patron__home_library_id", "number", "valid_until")
    )
