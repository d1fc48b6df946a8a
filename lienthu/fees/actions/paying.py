"""Money that comes in or goes out, and what is forgiven. Each is booked once for its key, with a numbered paper."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lienthu.audit.actions import Writing
from lienthu.fees.actions.booking import book, booked_before, drawer_for, lock_money, number_receipt
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Charge, Entry, EntryKind, Line, Method, Series
from lienthu.fees.policy.allocating import Share, TooMuch, allocate
from lienthu.fees.policy.posting import Posting, moved, negated, payment, waiver
from lienthu.fees.queries.balances import balance, open_charges, settled

MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked. `again`: the same request came before, and this is its first result."""

    entry: Entry
    shares: tuple[Share, ...] = ()
    again: bool = False


def pay(
    w: Writing,
    *,
    patron_id: int,
    library_id: int,
    library_code: str = "",
    amount: int,
    method: str,
    key: str,
    charges: Collection[int] | None = None,
    at: datetime | None = None,
) -> Booked:
    """Take a payment for the charges of one library, oldest first (only these `charges`, if given).

    DEPOSIT and CREDIT pay with money of the reader that the library holds. Raises Refused: nothing owed, more than is
    owed, no open drawer for cash, too small a deposit or credit.
    """
    _check(amount)
    if method not in (Method.CASH, Method.TRANSFER, Method.DEPOSIT, Method.CREDIT):
        raise ValueError(method)
    lock_money(patron_id)
    before = booked_before(key, kind=EntryKind.PAYMENT, patron_id=patron_id, amount=amount)
    if before is not None:
        w.nothing_changed()
        return Booked(before, again=True)
    still = open_charges(patron_id, library_id=library_id)
    chosen = [one.as_open() for one in still if charges is None or one.charge_id in charges]
    if not chosen:
        raise Refused("NOTHING_OWED")
    try:
        shares = allocate(amount, chosen)
    except TooMuch as much:
        raise Refused("TOO_MUCH", owed=much.owed) from None
    if method in (Method.DEPOSIT, Method.CREDIT):
        _require_held(patron_id, library_id, of=method, amount=amount)
    entry = book(
        w,
        kind=EntryKind.PAYMENT,
        library_id=library_id,
        patron_id=patron_id,
        amount=amount,
        lines=payment(shares, method=method),
        key=key,
        method=method,
        drawer_id=drawer_for(w, library_id=library_id, method=method),
        at=at,
    )
    if method in (Method.CASH, Method.TRANSFER):
        number_receipt(entry, Series.IN)
    w.audit("fees.paid", target=("entry", entry.pk), at=library_code, details={"amount": amount, "method": method})
    return Booked(entry, shares)


def waive(
    w: Writing, *, charge_id: int, library_id: int, library_code: str = "", amount: int, reason: str, key: str
) -> Booked:
    """Forgive what is open of a charge, or a part of it, with a reason. Raises Refused, Charge.DoesNotExist."""
    _check(amount)
    if not reason.strip():
        raise Refused("REASON_NEEDED")
    found = Charge.objects.get(pk=charge_id, library_id=library_id)
    lock_money(found.patron_id)
    before = booked_before(key, kind=EntryKind.WAIVER, patron_id=found.patron_id, amount=amount)
    if before is not None:
        w.nothing_changed()
        return Booked(before, again=True)
    still = settled(found).open
    if amount > still:
        raise Refused("TOO_MUCH", owed=still)
    entry = book(
        w,
        kind=EntryKind.WAIVER,
        library_id=library_id,
        patron_id=found.patron_id,
        amount=amount,
        lines=waiver(charge_id, amount),
        key=key,
        reason=reason,
    )
    w.audit(
        "fees.waived", target=("charge", charge_id), at=library_code, details={"amount": amount, "reason": reason[:200]}
    )
    return Booked(entry)


def refund(
    w: Writing, *, patron_id: int, library_id: int, library_code: str = "", amount: int, method: str, key: str
) -> Booked:
    """Give a reader back what the library owes them. Raises Refused for more than that, or without an open drawer."""
    return _move(w, patron_id, library_id, library_code, -amount, EntryKind.REFUND, "CREDIT", method, key)


def take_deposit(
    w: Writing, *, patron_id: int, library_id: int, library_code: str = "", amount: int, method: str, key: str
) -> Booked:
    """Keep a deposit for a reader. Raises Refused without an open drawer."""
    return _move(w, patron_id, library_id, library_code, amount, EntryKind.DEPOSIT_IN, "DEPOSIT", method, key)


def return_deposit(
    w: Writing, *, patron_id: int, library_id: int, library_code: str = "", amount: int, method: str, key: str
) -> Booked:
    """Give a deposit back. Raises Refused for more than is held, or without an open drawer."""
    return _move(w, patron_id, library_id, library_code, -amount, EntryKind.DEPOSIT_OUT, "DEPOSIT", method, key)


def take_back(w: Writing, *, entry_id: int, library_id: int, library_code: str = "", reason: str, key: str) -> Booked:
    """Undo a payment, a waiver, a refund or a deposit that was booked by mistake; every balance is as before it.

    Cash goes through the drawer that is open now. Raises Refused: no such entry, taken back already, no reason, no
    drawer, or money that has been used since.
    """
    if not reason.strip():
        raise Refused("REASON_NEEDED")
    entry = Entry.objects.filter(pk=entry_id, library_id=library_id, kind__in=_REVERSIBLE).first()
    if entry is None or entry.patron_id is None:
        raise Refused("NO_SUCH_ENTRY")
    lock_money(entry.patron_id)
    before = booked_before(key, kind=EntryKind.REVERSAL, patron_id=entry.patron_id, amount=entry.amount)
    if before is not None:
        w.nothing_changed()
        return Booked(before, again=True)
    if Entry.objects.filter(reverses=entry).exists():
        raise Refused("REVERSED_ALREADY")
    lines = _lines_to_take_back(entry)
    back = book(
        w,
        kind=EntryKind.REVERSAL,
        library_id=library_id,
        patron_id=entry.patron_id,
        amount=entry.amount,
        lines=lines,
        key=key,
        method=entry.method,
        drawer_id=drawer_for(w, library_id=library_id, method=entry.method),
        reverses=entry,
        reason=reason,
    )
    money = sum(line.amount for line in lines if line.account in ("CASH", "BANK"))
    if money:
        number_receipt(back, Series.IN if money > 0 else Series.OUT)
    w.audit(
        "fees.reversed", target=("entry", entry.pk), at=library_code, details={"amount": entry.amount, "why": reason}
    )
    return Booked(back)


_REVERSIBLE = (
    EntryKind.PAYMENT,
    EntryKind.WAIVER,
    EntryKind.REFUND,
    EntryKind.DEPOSIT_IN,
    EntryKind.DEPOSIT_OUT,
)


def _lines_to_take_back(entry: Entry) -> list[Posting]:
    """The entry's lines turned round, unless what it paid for was taken back since, or what it brought is used up."""
    lines = [Posting(line.account, line.amount, line.charge_id) for line in Line.objects.filter(entry=entry)]
    charges = [line.charge_id for line in lines if line.charge_id is not None]
    if Entry.objects.filter(reverses_id__in=charges).exists():
        raise Refused("CHANGED_SINCE")
    patron_id = entry.patron_id or 0
    for account in ("DEPOSIT", "CREDIT"):
        needed = -sum(line.amount for line in lines if line.account == account)
        if needed > 0:
            _require_held(patron_id, entry.library_id, of=account, amount=needed)
    return negated(lines)


def _move(
    w: Writing,
    patron_id: int,
    library_id: int,
    library_code: str,
    amount: int,
    kind: object,
    of: str,
    method: str,
    key: str,
) -> Booked:
    """Money of the reader comes in (positive) or goes out (negative)."""
    _check(abs(amount))
    if method not in (Method.CASH, Method.TRANSFER):
        raise ValueError(method)
    lock_money(patron_id)
    before = booked_before(key, kind=kind, patron_id=patron_id, amount=abs(amount))
    if before is not None:
        w.nothing_changed()
        return Booked(before, again=True)
    if amount < 0:
        _require_held(patron_id, library_id, of=of, amount=-amount)
    entry = book(
        w,
        kind=kind,
        library_id=library_id,
        patron_id=patron_id,
        amount=abs(amount),
        lines=moved(amount, of=of, method=method),
        key=key,
        method=method,
        drawer_id=drawer_for(w, library_id=library_id, method=method),
    )
    number_receipt(entry, Series.IN if amount > 0 else Series.OUT)
    details = {"amount": abs(amount), "method": method}
    w.audit(_TOLD[str(kind)], target=("entry", entry.pk), at=library_code, details=details)
    return Booked(entry)


_TOLD = {
    "REFUND": "fees.refunded",
    "DEPOSIT_IN": "fees.deposit_taken",
    "DEPOSIT_OUT": "fees.deposit_returned",
}


def _require_held(patron_id: int, library_id: int, *, of: str, amount: int) -> None:
    stands = balance(patron_id, library_id=library_id)
    held = stands.deposit if of == "DEPOSIT" else stands.credit
    if amount > held:
        raise Refused("NOT_SO_MUCH_HELD", held=held)


def _check(amount: int) -> None:
    if not 0 < amount <= MOST:
        raise ValueError(amount)
