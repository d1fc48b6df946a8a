"""Balances: nothing is kept but lines, so every figure here is a sum of them. Money is whole đồng."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from lienthu.fees.models import Account, Because, Charge, Entry, EntryKind, Line
from lienthu.fees.policy.allocating import Open
from lienthu.kernel.postgresql.planned import ask
from lienthu.libraries.queries import Library

# The account of a reader who was merged into another one follows them, and comes back when that is undone.
_MINE = "SELECT id FROM patrons_patron WHERE id = %(patron)s OR merged_into_id = %(patron)s"
_BALANCE = f"""
WITH mine AS (
    SELECT l.account, l.charge_id, l.amount FROM fees_line l JOIN fees_entry e ON e.id = l.entry_id
    WHERE l.patron_id IN ({_MINE}) AND (%(library)s::bigint IS NULL OR e.library_id = %(library)s)
), still AS (
    SELECT charge_id, sum(amount) AS amount FROM mine WHERE account = 'OWED' GROUP BY charge_id HAVING sum(amount) > 0
)
SELECT (SELECT coalesce(sum(amount), 0) FROM still),
    (SELECT coalesce(-sum(amount), 0) FROM mine WHERE account = 'DEPOSIT'),
    (SELECT coalesce(-sum(amount), 0) FROM mine WHERE account = 'CREDIT'),
    (SELECT min(c."on") FROM fees_charge c JOIN still ON still.charge_id = c.entry_id)
"""
_OPEN = f"""
SELECT c.entry_id, c.kind, c."on", sum(l.amount), c.amount, c.library_id, b.facts
FROM fees_charge c JOIN fees_line l ON l.charge_id = c.entry_id AND l.account = 'OWED'
LEFT JOIN fees_because b ON b.charge_id = c.entry_id
WHERE c.patron_id IN ({_MINE}) AND (%(library)s::bigint IS NULL OR c.library_id = %(library)s)
GROUP BY c.entry_id, b.facts HAVING sum(l.amount) > 0
ORDER BY c."on", c.entry_id
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """How a reader stands: what is owed, the deposit, what the library owes back, the day of the oldest open charge."""

    owed: int = 0
    deposit: int = 0
    credit: int = 0
    oldest: date | None = None


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A charge of which `open` is still to pay; `because` says why it was made."""

    charge_id: int
    kind: str
    on: date
    open: int
    amount: int
    library_id: int
    because: Mapping[str, Any]

    def as_open(self) -> Open:
        """As the rules of allocation see it."""
        return Open(self.charge_id, self.kind, self.on, self.open)


@dataclass(frozen=True, slots=True)
class Settled:
    """How a charge stands: what is open, what was paid for it, what was forgiven."""

    open: int
    paid: int
    forgiven: int


def balance(patron_id: int, *, library_id: int | None = None) -> Balance:
    """The balance of a reader, everywhere or at one library. One statement."""
    ((owed, deposit, credit, oldest),) = ask(_BALANCE, {"patron": patron_id, "library": library_id})
    return Balance(int(owed), int(deposit), int(credit), oldest)


def open_charges(patron_id: int, *, library_id: int | None = None) -> list[OpenCharge]:
    """What a reader has to pay, oldest first. One statement."""
    rows = ask(_OPEN, {"patron": patron_id, "library": library_id})
    return [
        OpenCharge(charge_id, kind, on, int(still), amount, library, _facts(facts))
        for charge_id, kind, on, still, amount, library, facts in rows
    ]


def settled(charge: Charge) -> Settled:
    """How a charge stands, from its lines. Two statements."""
    lines = Line.objects.filter(charge=charge, account=Account.OWED)
    still = lines.aggregate(sum=Sum("amount"))["sum"] or 0
    forgiven = -(lines.filter(entry__kind="WAIVER", entry__reversed_by=None).aggregate(sum=Sum("amount"))["sum"] or 0)
    return Settled(open=still, paid=charge.amount - still - forgiven, forgiven=forgiven)


def charges_with(prefix: str) -> list[str]:
    """The keys of charges that begin like this and were not taken back."""
    found = Entry.objects.filter(key__startswith=prefix, kind=EntryKind.CHARGE, reversed_by=None)
    return list(found.values_list("key", flat=True))


def facts_of(charge_ids: list[int]) -> dict[int, Mapping[str, Any]]:
    """Why charges were made, by number."""
    return dict(Because.objects.filter(charge_id__in=charge_ids).values_list("charge_id", "facts"))


def open_by_library(patron_id: int) -> list[tuple[Library, int]]:
    """What a reader owes at each library."""
    sums: dict[int, int] = {}
    for one in open_charges(patron_id):
        sums[one.library_id] = sums.get(one.library_id, 0) + one.open
    names = Library.objects.in_bulk(list(sums))
    return [(names[number], amount) for number, amount in sums.items()]


def _facts(facts: Any) -> Mapping[str, Any]:
    """JSON comes as text from a bare cursor."""
    found: Mapping[str, Any] = json.loads(facts) if isinstance(facts, str) else (facts or {})
    return found
