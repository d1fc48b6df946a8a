"""Entries as lists of days and of readers show them, and what a day came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from lienthu.fees.models import Account, BankAccount, Demand, Drawer, Entry, EntryKind, Line, Receipt, Series, Transfer
from lienthu.libraries.queries import Library

MONEY_KINDS = (
    EntryKind.PAYMENT,
    EntryKind.WAIVER,
    EntryKind.REFUND,
    EntryKind.DEPOSIT_IN,
    EntryKind.DEPOSIT_OUT,
    EntryKind.REVERSAL,
    EntryKind.CHARGE,
)


def entries_at(library_ids: Sequence[int], *, on: date) -> QuerySet[Entry]:
    """What was booked at libraries on a day."""
    return Entry.objects.filter(library_id__in=library_ids, on=on, kind__in=MONEY_KINDS).select_related(
        "receipt", "library", "charge", "reverses", "reversed_by"
    )


def entries_of(patron_id: int, *, library_ids: Sequence[int] | None = None) -> QuerySet[Entry]:
    """What was booked for a reader, newest first."""
    found = Entry.objects.filter(patron_id=patron_id).select_related(
        "receipt", "library", "charge__because", "reverses", "reversed_by"
    )
    return (found if library_ids is None else found.filter(library_id__in=library_ids)).order_by("-id")


def entry_with_receipt(entry_id: int) -> Entry | None:
    """An entry that has a paper."""
    return Entry.objects.select_related("receipt", "library__scope", "drawer").filter(
        pk=entry_id, receipt__isnull=False
    ).first()  # fmt: skip


def open_drawer_of(account_id: int | None, library_id: int) -> Drawer | None:
    """The open drawer of a person at a library."""
    return Drawer.objects.filter(account_id=account_id, library_id=library_id, closed_at=None).first()


def cash_in_drawer(drawer: Drawer) -> int:
    """What should lie in a drawer."""
    return _sum(Line.objects.filter(entry__drawer=drawer, account=Account.CASH))


def bank_account_of(library_id: int) -> BankAccount | None:
    """Where transfers to a library go."""
    return BankAccount.objects.filter(library_id=library_id, ended_at=None).first()


def demand_by_id(number: int) -> Demand | None:
    """A demand with its library."""
    return Demand.objects.select_related("library__scope").filter(pk=number).first()


def transfers_at(library_id: int) -> QuerySet[Transfer]:
    """Lines of statements of a library."""
    return Transfer.objects.filter(library_id=library_id).select_related("entry__receipt", "demand")


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A library's day: money by kind, drawers, papers, transfers. Amounts are whole đồng, money out is negative."""

    library: Library
    on: date
    cash_in: int
    cash_out: int
    bank_in: int
    bank_out: int
    by_kind: tuple[tuple[str, int, int], ...]
    waived: int
    charged: int
    drawers: tuple[Drawer, ...]
    open_drawers: int
    difference: int
    papers: tuple[tuple[str, int, int, int], ...]

    @property
    def total(self) -> int:
        return self.cash_in + self.cash_out + self.bank_in + self.bank_out


def reconcile(library: Library, *, on: date) -> Reconciliation:
    """What a day came to at a library, all of it sums of lines."""
    entries = Entry.objects.filter(library=library, on=on)
    money = Line.objects.filter(entry__in=entries).exclude(entry__kind__in=["DRAWER_OPEN", "DRAWER_CLOSE"])
    sums = {
        (account, sign): _sum(money.filter(account=account, **{f"amount__{sign}": 0}))
        for account in ("CASH", "BANK")
        for sign in ("gt", "lt")
    }
    kinds = (
        money.filter(account__in=["CASH", "BANK"])
        .values_list("entry__kind")
        .annotate(times=Count("entry", distinct=True), sum=Sum("amount"))
        .order_by("entry__kind")
    )
    drawers = tuple(
        Drawer.objects.filter(library=library)
        .filter(Q(entries__on=on) | Q(opened_at__date=on) | Q(closed_at__date=on))
        .distinct()
        .order_by("opened_at")
    )
    papers = (
        Receipt.objects.filter(entry__in=entries)
        .values_list("series")
        .annotate(first=Min("number"), last=Max("number"), times=Count("pk"))
        .order_by("series")
    )
    return Reconciliation(
        library=library,
        on=on,
        cash_in=sums["CASH", "gt"],
        cash_out=sums["CASH", "lt"],
        bank_in=sums["BANK", "gt"],
        bank_out=sums["BANK", "lt"],
        by_kind=tuple((str(EntryKind(kind).label), times, total) for kind, times, total in kinds),
        waived=_sum(money.filter(account="FORGIVEN")),
        charged=-_sum(money.filter(account="INCOME")),
        drawers=drawers,
        open_drawers=sum(one.closed_at is None for one in drawers),
        difference=sum(one.difference for one in drawers if one.closed_at is not None),
        papers=tuple((str(Series(series).label), first, last, times) for series, first, last, times in papers),
    )


def _sum(lines: QuerySet[Line]) -> int:
    return int(lines.aggregate(sum=Sum("amount"))["sum"] or 0)
