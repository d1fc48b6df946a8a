"""What a person at a desk does with money: permission first, then one transaction."""

from lienthu.audit.actions import writing
from lienthu.fees.access import COLLECT, WAIVE, require_at
from lienthu.fees.actions import charging, paying
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Charge, ChargeKind
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library

MOVES = {
    "deposit_in": paying.take_deposit,
    "deposit_out": paying.return_deposit,
    "refund": paying.refund,
}


def take_payment(
    *, actor: Actor, library: Library, patron_id: int, amount: int, method: str, key: str
) -> paying.Booked:
    """Take money for what a reader owes here. Raises both Refused."""
    require_at(actor, COLLECT, library)
    with writing(actor) as w:
        return paying.pay(
            w,
            patron_id=patron_id,
            library_id=library.pk,
            library_code=library.code,
            amount=amount,
            method=method,
            key=key,
        )


def move_money(
    *, actor: Actor, library: Library, patron_id: int, what: str, amount: int, method: str, key: str
) -> paying.Booked:
    """Do one of MOVES. Raises both Refused."""
    require_at(actor, COLLECT, library)
    with writing(actor) as w:
        return MOVES[what](
            w,
            patron_id=patron_id,
            library_id=library.pk,
            library_code=library.code,
            amount=amount,
            method=method,
            key=key,
        )


def add_charge(*, actor: Actor, library: Library, patron_id: int, kind: str, amount: int, what: str, key: str) -> int:
    """Charge a service by hand: what it is, in words. Raises both Refused."""
    require_at(actor, COLLECT, library)
    if not what.strip():
        raise Refused("REASON_NEEDED")
    with writing(actor) as w:
        return charging.charge(
            w,
            patron_id=patron_id,
            library_id=library.pk,
            library_code=library.code,
            kind=ChargeKind(kind),
            amount=amount,
            because={"what": what.strip()[:200]},
            key=key,
        )


def waive_charge(
    *, actor: Actor, library: Library, charge_id: int, amount: int, reason: str, key: str
) -> paying.Booked:
    """Forgive a charge or a part of it, with a reason. Raises both Refused, Charge.DoesNotExist."""
    require_at(actor, WAIVE, library)
    with writing(actor) as w:
        return paying.waive(
            w,
            charge_id=charge_id,
            library_id=library.pk,
            library_code=library.code,
            amount=amount,
            reason=reason,
            key=key,
        )


def cancel_entry(*, actor: Actor, library: Library, entry_id: int, reason: str, key: str) -> paying.Booked:
    """Take a booking back that was a mistake. Raises both Refused."""
    require_at(actor, WAIVE, library)
    with writing(actor) as w:
        return paying.take_back(
            w, entry_id=entry_id, library_id=library.pk, library_code=library.code, reason=reason, key=key
        )


def cancel_charge(*, actor: Actor, library: Library, charge_id: int, reason: str) -> None:
    """Take a charge back that should not be. Raises both Refused, Charge.DoesNotExist."""
    require_at(actor, WAIVE, library)
    if not reason.strip():
        raise Refused("REASON_NEEDED")
    found = Charge.objects.select_related("entry").get(pk=charge_id, library=library)
    with writing(actor) as w:
        charging.reverse(w, key=found.entry.key, reason=reason, library_code=library.code)
        w.nothing_changed()
