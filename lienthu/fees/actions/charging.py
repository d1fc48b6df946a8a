"""Charges: made once, with their reason; taken back when what they were for turned out otherwise."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from lienthu.audit.actions import Writing
from lienthu.fees.actions.booking import KEY_LENGTH, book, booked_before, lock_money
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import Charge, ChargeKind, Entry, EntryKind
from lienthu.fees.policy.posting import withdrawal
from lienthu.fees.queries.balances import settled
from lienthu.kernel import clock

MOST = 100_000_000
# A check-in may charge: one statement for entry, charge, its two lines and its reason.
_CHARGE = """
WITH booked AS (
    INSERT INTO fees_entry
        (kind, library_id, patron_id, amount, method, at, "on", by, account_id, reason, key)
    VALUES ('CHARGE', %(library)s, %(patron)s, %(amount)s, '', %(at)s, %(on)s, %(by)s, %(account)s, '', %(key)s)
    ON CONFLICT (key) DO NOTHING RETURNING id
), charged AS (
    INSERT INTO fees_charge (entry_id, library_id, patron_id, kind, amount, "on")
    SELECT id, %(library)s, %(patron)s, %(kind)s, %(amount)s, %(on)s FROM booked
), because AS (
    INSERT INTO fees_because (charge_id, facts) SELECT id, %(facts)s::jsonb FROM booked
), posted AS (
    INSERT INTO fees_line (entry_id, account, amount, patron_id, charge_id)
    SELECT id, 'OWED', %(amount)s, %(patron)s, id FROM booked
    UNION ALL SELECT id, 'INCOME', -%(amount)s, NULL, NULL FROM booked
)
SELECT id FROM booked
"""


def charge(
    w: Writing,
    *,
    patron_id: int,
    library_id: int,
    library_code: str = "",
    kind: str,
    amount: int,
    because: Mapping[str, Any],
    key: str,
    at: datetime | None = None,
) -> int:
    """Charge a reader and return the number of the charge; the same key again returns the first one's.

    `because` says why, for people: title, loan, days, rule; it is forgotten some time after the charge is settled.
    Raises ValueError for an amount that cannot be charged, Refused for a key that was used for something else.
    """
    if not 0 < amount <= MOST:
        raise ValueError(amount)
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError("a charge needs a key")
    moment = at or clock.now()
    values = {
        "library": library_id,
        "patron": patron_id,
        "kind": ChargeKind(kind),
        "amount": amount,
        "at": moment,
        "on": moment.astimezone(clock.VIETNAM).date(),
        "by": w.actor.name[:200],
        "account": w.actor.account_id,
        "key": key,
        "facts": json.dumps(dict(because), ensure_ascii=False, default=str),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHARGE, values)
        row = cursor.fetchone()
    if row is None:
        before = booked_before(key, kind=EntryKind.CHARGE, patron_id=patron_id, amount=amount)
        if before is None:
            raise Refused("KEY_USED")
        w.nothing_changed()
        return before.pk
    w.audit("fees.charged", target=("charge", row[0]), at=library_code, details={"kind": str(kind), "amount": amount})
    return int(row[0])


def reverse(w: Writing, *, key: str, reason: str = "", library_code: str = "") -> int | None:
    """Take the charge with this key back: nothing of it stays open, and what was paid is the reader's again (credit).

    Returns the number of the reversing entry, the same one again for a second call; None when there is no such charge.
    Raises Refused for a deposit that was paid: it is given back, not taken back.
    """
    entry = Entry.objects.filter(key=key, kind=EntryKind.CHARGE).first()
    if entry is None or entry.patron_id is None:
        return None
    lock_money(entry.patron_id)
    before = Entry.objects.filter(reverses=entry).first()
    if before is not None:
        return before.pk
    found = Charge.objects.get(pk=entry.pk)
    stands = settled(found)
    if found.kind == ChargeKind.DEPOSIT and stands.paid:
        raise Refused("DEPOSIT_PAID")
    lines = withdrawal(entry.pk, still_open=stands.open, paid=stands.paid, forgiven=stands.forgiven)
    back = book(
        w,
        kind=EntryKind.REVERSAL,
        library_id=entry.library_id,
        patron_id=entry.patron_id,
        amount=entry.amount,
        lines=lines,
        key=f"reverse-{entry.pk}",
        reverses=entry,
        reason=reason,
    )
    w.audit(
        "fees.reversed", target=("charge", entry.pk), at=library_code, details={"amount": entry.amount, "why": reason}
    )
    return back.pk


def charge_again(w: Writing, *, key: str, times: int, library_code: str = "") -> int | None:
    """Charge once more what was taken back by mistake, for the same reason; `times` tells repetitions apart."""
    entry = Entry.objects.filter(key=key, kind=EntryKind.CHARGE).first()
    if entry is None or entry.patron_id is None:
        return None
    found = Charge.objects.select_related("because").get(pk=entry.pk)
    return charge(
        w,
        patron_id=found.patron_id,
        library_id=found.library_id,
        library_code=library_code,
        kind=found.kind,
        amount=found.amount,
        because=found.because.facts,
        key=f"{key}-{times}",
    )
