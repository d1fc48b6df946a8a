"""Transfers: asked for with a reference in the note, found again in the bank's statement, booked once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.audit.actions import Writing, writing
from lienthu.fees.access import COLLECT, require_at
from lienthu.fees.actions.paying import MOST, pay
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Demand, Transfer, TransferState
from lienthu.fees.policy.sheets import StatementLine
from lienthu.fees.policy.statements import candidates
from lienthu.fees.queries.balances import balance
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library

# The name this use has among PostgreSQL's advisory locks.
STATEMENT_LOCK = 4_104


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a statement: booked, to be looked at, known from an earlier import."""

    paid: int
    doubtful: int
    known: int


def demand(*, actor: Actor, library: Library, patron_id: int, amount: int, own: bool = False) -> Demand:
    """Ask for a transfer of what is owed at a library; the same open demand again when the amount is the same.

    `own`: the reader asks for the code; otherwise the desk does. Raises both Refused.
    """
    if not own:
        require_at(actor, COLLECT, library)
    owed = balance(patron_id, library_id=library.pk).owed
    if not 0 < amount <= owed:
        raise Refused("TOO_MUCH" if owed else "NOTHING_OWED", owed=owed)
    with writing(actor) as w:
        same = Demand.objects.filter(library=library, patron_id=patron_id, amount=amount, entry=None).last()
        if same is not None:
            w.nothing_changed()
            return same
        made = Demand.objects.create(
            library=library, patron_id=patron_id, amount=amount, made_at=clock.now(), made_by=actor.name[:200]
        )
        w.audit("fees.demanded", target=("demand", made.pk), at=library.code, details={"amount": amount})
    return made


def import_statement(*, actor: Actor, library: Library, lines: Sequence[StatementLine]) -> Imported:
    """Book what a bank's statement says for certain, and keep the rest to be looked at. Importing again adds nothing.

    Certain is a line whose note carries the reference of an open demand of this library and whose amount is the
    demanded one. Raises identity's Refused.
    """
    require_at(actor, COLLECT, library)
    paid = doubtful = known = 0
    with writing(actor) as w:
        _one_statement_at_a_time(library)
        seen: dict[str, int] = {}
        for line in lines:
            number = line.reference or _print(line, seen)
            if Transfer.objects.filter(library=library, bank_reference=number[:80]).exists():
                known += 1
                continue
            if _take(w, actor, library, line, number[:80]):
                paid += 1
            else:
                doubtful += 1
        w.audit(
            "fees.statement_read",
            target=("library", library.code),
            at=library.code,
            details={"lines": len(lines), "paid": paid, "doubtful": doubtful, "known": known},
        )
    return Imported(paid, doubtful, known)


def _one_statement_at_a_time(library: Library) -> None:
    """The same statement read in twice at one moment: the second finds the lines of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STATEMENT_LOCK, library.pk & 0x7FFFFFFF])


def confirm_transfer(*, actor: Actor, library: Library, transfer_id: int, patron_id: int, reason: str = "") -> Transfer:
    """A person says whose money a doubtful transfer is. Raises both Refused, Transfer.DoesNotExist."""
    require_at(actor, COLLECT, library)
    with writing(actor) as w:
        transfer = Transfer.objects.select_for_update().get(pk=transfer_id, library=library)
        if transfer.state == TransferState.PAID:
            w.nothing_changed()
            return transfer
        if transfer.amount > MOST:
            raise Refused("TOO_MUCH", owed=balance(patron_id, library_id=library.pk).owed)
        booked = pay(
            w,
            patron_id=patron_id,
            library_id=library.pk,
            library_code=library.code,
            amount=transfer.amount,
            method="TRANSFER",
            key=_key(transfer),
        )
        transfer.state, transfer.entry, transfer.decided_by = TransferState.PAID, booked.entry, actor.name[:200]
        transfer.decision = reason.strip()[:300]
        transfer.save(update_fields=["state", "entry", "decided_by", "decision"])
        _settle(transfer)
        w.audit("fees.transfer_decided", target=("transfer", transfer.pk), at=library.code, details={"paid": True})
    return transfer


def set_aside(*, actor: Actor, library: Library, transfer_id: int, reason: str) -> Transfer:
    """A person says that a transfer is nothing a reader owed. Raises both Refused, Transfer.DoesNotExist."""
    require_at(actor, COLLECT, library)
    if not reason.strip():
        raise Refused("REASON_NEEDED")
    with writing(actor) as w:
        transfer = Transfer.objects.select_for_update().get(pk=transfer_id, library=library)
        if transfer.state == TransferState.PAID:
            raise Refused("PAID_ALREADY")
        transfer.state, transfer.decided_by = TransferState.SET_ASIDE, actor.name[:200]
        transfer.decision = reason.strip()[:300]
        transfer.save(update_fields=["state", "decided_by", "decision"])
        w.audit(
            "fees.transfer_decided",
            target=("transfer", transfer.pk),
            at=library.code,
            details={"paid": False, "reason": transfer.decision},
        )
    return transfer


def _take(w: Writing, actor: Actor, library: Library, line: StatementLine, number: str) -> bool:
    """Keep one line; was it booked?"""
    asked, doubt = _demand_in(library, line)
    transfer = Transfer.objects.create(
        library=library,
        bank_reference=number,
        on=line.on,
        amount=line.amount,
        note=line.note,
        state=TransferState.DOUBTFUL,
        doubt=doubt,
        demand=asked,
        imported_at=clock.now(),
        imported_by=actor.name[:200],
    )
    if doubt or asked is None:
        return False
    try:
        booked = pay(
            w,
            patron_id=asked.patron_id,
            library_id=library.pk,
            library_code=library.code,
            amount=line.amount,
            method="TRANSFER",
            key=_key(transfer),
        )
    except Refused as refusal:
        transfer.doubt = refusal.code[:16]
        transfer.save(update_fields=["doubt"])
        return False
    transfer.state, transfer.entry = TransferState.PAID, booked.entry
    transfer.save(update_fields=["state", "entry"])
    _settle(transfer)
    return True


def _demand_in(library: Library, line: StatementLine) -> tuple[Demand | None, str]:
    """The demand that a note names, and why it is not certain ("": it is)."""
    for public in candidates(line.note):
        number = ids.decode(public)
        asked = Demand.objects.filter(pk=number, library=library).first() if number else None
        if asked is None:
            continue
        if asked.entry_id is not None:
            return asked, "PAID_BEFORE"
        return asked, "" if asked.amount == line.amount else "OTHER_AMOUNT"
    return None, "NO_REFERENCE"


def _settle(transfer: Transfer) -> None:
    if transfer.demand_id is not None:
        Demand.objects.filter(pk=transfer.demand_id, entry=None).update(entry=transfer.entry)


def _key(transfer: Transfer) -> str:
    return f"transfer-{transfer.library_id}-{transfer.bank_reference}"


def _print(line: StatementLine, seen: dict[str, int]) -> str:
    """A number for a line of a bank that gives none: day, amount, note, which of the same ones it is."""
    text = f"{line.on}|{line.amount}|{line.note}"
    seen[text] = seen.get(text, 0) + 1
    return "sha-" + hashlib.sha256(f"{text}|{seen[text]}".encode()).hexdigest()[:40]
