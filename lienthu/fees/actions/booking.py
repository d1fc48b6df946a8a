"""The one way into the ledger: an entry with its lines, once for each key, under the lock of its reader.

Order of locks: the reader's money (advisory), the drawer, the counter of receipts, the chain of the audit.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Sum

from lienthu.audit.actions import Writing
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Account, Charge, Drawer, Entry, Line, Receipt
from lienthu.fees.policy.posting import OF_READER, Posting
from lienthu.kernel import clock

MONEY_LOCK = 4_102
KEY_LENGTH = 120
_NEXT_NUMBER = """
INSERT INTO fees_receiptcounter (library_id, series, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (library_id, series, year) DO UPDATE SET last = fees_receiptcounter.last + 1 RETURNING last
"""


def lock_money(patron_id: int) -> None:
    """One desk at a time books for one reader, so that two payments do not pay one charge twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MONEY_LOCK, patron_id & 0x7FFFFFFF])


def booked_before(key: str, *, kind: object, patron_id: int | None, amount: int | None = None) -> Entry | None:
    """The entry that this very request made when it came the first time. Raises Refused for a key used otherwise."""
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError("an entry needs a key")
    entry = Entry.objects.filter(key=key).first()
    if entry is None:
        return None
    if (entry.kind, entry.patron_id) != (str(kind), patron_id) or (amount is not None and entry.amount != amount):
        raise Refused("KEY_USED")
    return entry


def book(
    w: Writing,
    *,
    kind: object,
    library_id: int,
    patron_id: int | None,
    amount: int,
    lines: Sequence[Posting],
    key: str,
    method: str = "",
    drawer_id: int | None = None,
    reverses: Entry | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Entry:
    """Write an entry with its lines. Raises ValueError when they are not balanced; the database would refuse too."""
    if sum(line.amount for line in lines):
        raise ValueError(lines)
    at = at or clock.now()
    entry = Entry.objects.create(
        kind=kind,
        library_id=library_id,
        patron_id=patron_id,
        amount=amount,
        method=method,
        at=at,
        on=at.astimezone(clock.VIETNAM).date(),
        by=w.actor.name[:200],
        account_id=w.actor.account_id,
        drawer_id=drawer_id,
        reverses=reverses,
        reason=" ".join(reason.split())[:300],
        key=key,
    )
    whose = _whose(lines)
    Line.objects.bulk_create(
        Line(
            entry=entry,
            account=line.account,
            amount=line.amount,
            patron_id=whose.get(line.charge_id or 0, patron_id) if line.account in OF_READER else None,
            charge_id=line.charge_id,
        )
        for line in lines
    )
    _require_cash(entry, lines)
    return entry


def _whose(lines: Sequence[Posting]) -> dict[int, int]:
    """Charges belong to the reader they were made for, also after that reader was merged into another one."""
    numbers = [line.charge_id for line in lines if line.charge_id is not None]
    return dict(Charge.objects.filter(pk__in=numbers).values_list("pk", "patron_id")) if numbers else {}


def _require_cash(entry: Entry, lines: Sequence[Posting]) -> None:
    """Nobody can hand out more cash than lies in the drawer."""
    if any(line.account == "CASH" and line.amount < 0 for line in lines):
        left = cash_in(entry.drawer_id or 0)
        if left < 0:
            raise Refused("NOT_ENOUGH_CASH", missing=-left)


def cash_in(drawer_id: int) -> int:
    """What lies in a drawer, by its lines."""
    found = Line.objects.filter(entry__drawer_id=drawer_id, account=Account.CASH).aggregate(sum=Sum("amount"))
    return int(found["sum"] or 0)


def drawer_for(w: Writing, *, library_id: int, method: str) -> int | None:
    """The open drawer of this person, locked, when cash changes hands. Raises Refused without one."""
    if method != "CASH":
        return None
    open_one = Drawer.objects.filter(library_id=library_id, account_id=w.actor.account_id, closed_at=None)
    drawer = open_one.select_for_update().first()
    if drawer is None:
        raise Refused("NO_OPEN_DRAWER")
    return drawer.pk


def number_receipt(entry: Entry, series: object) -> Receipt:
    """Give the paper of this entry the next number of its library and year; a rollback gives it back."""
    year = clock.today().year
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [entry.library_id, series, year])
        (number,) = cursor.fetchone()
    return Receipt.objects.create(entry=entry, library_id=entry.library_id, series=series, year=year, number=number)
