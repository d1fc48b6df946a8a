"""Loans, requests and ways as desks and readers see them, with the titles of the copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from lienthu.catalogue.queries.desk import Item
from lienthu.catalogue.queries.items import CopySummary, copies_by_id
from lienthu.circulation.models import BOUND_HOLDS, Hold, HoldState, Loan, Transit


@dataclass(frozen=True, slots=True)
class LoanLine:
    """An open loan with its copy."""

    loan: Loan
    copy: CopySummary

    def overdue(self, now: datetime) -> bool:
        return self.loan.due_at < now


@dataclass(frozen=True, slots=True)
class HoldLine:
    """An open request; `place` in the queue counts from 1, 0 once a copy serves it."""

    hold: Hold
    title: str
    place: int


def open_loans(patron_id: int) -> list[LoanLine]:
    """What a reader has, what is due first on top."""
    loans = list(
        Loan.objects.filter(patron_id=patron_id, ended_at=None).select_related("library").order_by("due_at", "pk")
    )
    copies = copies_by_id([loan.item_id for loan in loans])
    return [LoanLine(loan, copies[loan.item_id]) for loan in loans]


def past_loans(patron_id: int, *, limit: int = 200) -> list[LoanLine]:
    """What a reader who keeps a history had, newest first."""
    ended = Loan.objects.filter(patron_id=patron_id, ended_at__isnull=False).order_by("-ended_at")
    loans = list(ended.select_related("library")[:limit])
    copies = copies_by_id([loan.item_id for loan in loans])
    return [LoanLine(loan, copies[loan.item_id]) for loan in loans]


def loans_of_item(item_id: int) -> QuerySet[Loan]:
    """The loans of a copy, newest first; ended ones name no reader as a rule."""
    return Loan.objects.filter(item_id=item_id).order_by("-started_at", "-pk")


def holds_of(patron_id: int) -> list[HoldLine]:
    """The open requests of a reader, oldest first."""
    holds = list(
        Hold.objects.filter(patron_id=patron_id, ended_at=None)
        .select_related("pickup_library", "cluster")
        .order_by("placed_at", "pk")
    )
    places = queue_places(holds)
    return [HoldLine(hold, hold.cluster.title, places.get(hold.pk, 0)) for hold in holds]


def queue_places(holds: Iterable[Hold]) -> Mapping[int, int]:
    """The places of pending requests in the queues of their records, in one statement."""
    clusters = {hold.cluster_id for hold in holds if hold.state == HoldState.PENDING}
    numbered = Hold.objects.filter(cluster_id__in=clusters, state=HoldState.PENDING).annotate(
        place=Window(RowNumber(), partition_by=F("cluster_id"), order_by=[F("position").asc(), F("pk").asc()])
    )
    return dict(numbered.values_list("pk", "place"))


def waiting_count(cluster_id: int) -> int:
    """How many wait for a record."""
    return Hold.objects.filter(cluster_id=cluster_id, state=HoldState.PENDING).count()


def hold_shelf(library_ids: Iterable[int]) -> QuerySet[Hold]:
    """Requests whose copy waits at these libraries."""
    return Hold.objects.filter(pickup_library_id__in=list(library_ids), state=HoldState.READY).select_related(
        "pickup_library", "assigned__record__cluster"
    )


def off_the_shelf(library_ids: Iterable[int]) -> QuerySet[Item]:
    """Copies that stand on a hold shelf for nobody any more: a check-in says where they go."""
    bound = Hold.objects.filter(state__in=BOUND_HOLDS).values("assigned_id")
    return Item.objects.filter(status="ON_HOLD_SHELF", library_id__in=list(library_ids)).exclude(pk__in=bound)


def transits(library_ids: Iterable[int], *, coming: bool) -> QuerySet[Transit]:
    """What is on its way to (or from) these libraries."""
    ids = list(library_ids)
    chosen = {"to_library_id__in": ids} if coming else {"from_library_id__in": ids}
    return Transit.objects.filter(**chosen, ended_at=None).select_related(
        "from_library", "to_library", "item__record__cluster"
    )


def overdue(library_ids: Iterable[int], *, now: datetime) -> QuerySet[Loan]:
    """Open loans of these libraries that are past their due moment."""
    return Loan.objects.filter(library_id__in=list(library_ids), ended_at=None, due_at__lt=now).select_related(
        "library", "item__record__cluster"
    )
