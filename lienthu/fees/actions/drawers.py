"""Cash drawers: opened with counted change, closed with counted cash; the difference is an entry of its own."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from lienthu.audit.actions import writing
from lienthu.fees.access import COLLECT, require_at
from lienthu.fees.actions.booking import book, cash_in
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Drawer, EntryKind
from lienthu.fees.policy.cash import worth
from lienthu.fees.policy.posting import closing, opening
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library


def open_drawer(*, actor: Actor, library: Library, pieces: Mapping[int, int]) -> Drawer:
    """Open the drawer of this person at a library. Raises identity's Refused; Refused when it is open already."""
    require_at(actor, COLLECT, library)
    if actor.account_id is None:
        raise Refused("NOT_A_PERSON")
    amount = worth(pieces)
    with writing(actor) as w:
        try:
            with transaction.atomic():
                drawer = Drawer.objects.create(
                    library=library,
                    account_id=actor.account_id,
                    opened_by=actor.name[:200],
                    opened_at=clock.now(),
                    opening_count=_kept(pieces),
                    opening=amount,
                )
        except IntegrityError:
            raise Refused("DRAWER_OPEN_ALREADY") from None
        book(
            w,
            kind=EntryKind.DRAWER_OPEN,
            library_id=library.pk,
            patron_id=None,
            amount=amount,
            lines=opening(amount),
            key=f"drawer-{drawer.pk}-open",
            drawer_id=drawer.pk,
        )
        w.audit("fees.drawer_opened", target=("drawer", drawer.pk), at=library.code, details={"amount": amount})
    return drawer


def close_drawer(
    *, actor: Actor, library: Library, drawer_id: int, pieces: Mapping[int, int], note: str = ""
) -> Drawer:
    """Close one's drawer with what was counted. A difference needs a note. Raises both Refused, Drawer.DoesNotExist."""
    require_at(actor, COLLECT, library)
    counted = worth(pieces)
    with writing(actor) as w:
        own = Drawer.objects.select_for_update().filter(library=library, account_id=actor.account_id)
        drawer = own.get(pk=drawer_id)
        if drawer.closed_at is not None:
            raise Refused("DRAWER_CLOSED")
        expected = cash_in(drawer.pk)
        if counted != expected and not note.strip():
            raise Refused("DIFFERENCE_NEEDS_NOTE", expected=expected, counted=counted)
        book(
            w,
            kind=EntryKind.DRAWER_CLOSE,
            library_id=library.pk,
            patron_id=None,
            amount=counted,
            lines=closing(expected=expected, counted=counted),
            key=f"drawer-{drawer.pk}-close",
            drawer_id=drawer.pk,
            reason=note,
        )
        drawer.closed_at, drawer.closed_by, drawer.note = clock.now(), actor.name[:200], note.strip()[:300]
        drawer.closing_count, drawer.counted, drawer.expected = _kept(pieces), counted, expected
        drawer.save(update_fields=["closed_at", "closed_by", "note", "closing_count", "counted", "expected"])
        w.audit(
            "fees.drawer_closed",
            target=("drawer", drawer.pk),
            at=library.code,
            details={"expected": expected, "counted": counted, "note": note.strip()[:200]},
        )
    return drawer


def _kept(pieces: Mapping[int, int]) -> dict[str, int]:
    return {str(note): number for note, number in pieces.items() if number}
