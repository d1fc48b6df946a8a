"""What the room of money keeps of readers, for the readers' room (`patrons.actions.owners.Owner`).

The ledger only grows: it keeps the number of the reader it was written for; balances follow readers who were merged.
"""

from typing import Any

from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing
from lienthu.fees.actions.booking import lock_money
from lienthu.fees.models import Because, ChargeKind, Demand, Entry, EntryKind, Method
from lienthu.fees.queries import balance, open_charges
from lienthu.kernel import clock
from lienthu.patrons.actions import Section


def hold_still(*, patron_id: int) -> None:
    """Money is taken and given one desk at a time."""
    lock_money(patron_id)


def against_merging(*, loser: int, winner: int) -> list[str]:
    """Nothing: the balance of a merged reader counts for the one they were merged into."""
    return []


def move(w: Writing, *, loser: int, winner: int) -> dict[str, Any]:
    """Nothing moves; see above."""
    return {}


def move_back(w: Writing, *, moved: Any, loser: int, winner: int) -> None:
    """The entries never left."""


def open_matters(*, patron_id: int) -> list[str]:
    """What is owed on either side."""
    stands = balance(patron_id)
    sums = (
        (_("Còn nợ %(amount)s đồng."), stands.owed),
        (_("Thư viện còn giữ %(amount)s đồng đặt cọc."), stands.deposit),
        (_("Thư viện còn giữ %(amount)s đồng tiền thừa."), stands.credit),
    )
    return [text % {"amount": f"{amount:,}".replace(",", ".")} for text, amount in sums if amount]


def about(*, patron_id: int) -> list[Section]:
    """What is to pay, and every entry of the ledger."""
    return [
        Section(
            "owed",
            _("Còn phải nộp"),
            (("on", _("Ngày")), ("kind", _("Khoản")), ("open", _("Còn phải nộp (đồng)"))),
            tuple((one.on, str(ChargeKind(one.kind).label), one.open) for one in open_charges(patron_id)),
        ),
        Section(
            "money",
            _("Sổ thu chi"),
            (
                ("at", _("Lúc")),
                ("entry", _("Bút toán")),
                ("amount", _("Số tiền (đồng)")),
                ("method", _("Cách nộp")),
                ("reason", _("Lý do")),
            ),
            tuple(
                (one.at, str(EntryKind(one.kind).label), one.amount, str(Method(one.method).label), one.reason)
                for one in Entry.objects.filter(patron_id=patron_id).order_by("id")
            ),
        ),
    ]


def forget_history(w: Writing, *, patron_id: int) -> None:
    """The ledger is no history of reading: it names no books, and why a charge was made is forgotten by itself."""


def forget(w: Writing, *, patron_id: int) -> None:
    """The accounts have to keep amounts and days (Law on Accounting 88/2015); which books it was about is forgotten."""
    Because.objects.filter(charge__patron_id=patron_id, forgotten_at=None).update(facts={}, forgotten_at=clock.now())
    Demand.objects.filter(patron_id=patron_id, entry=None, transfers=None).delete()
