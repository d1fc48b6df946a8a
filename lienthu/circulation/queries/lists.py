"""Loans, requests and ways as desks and readers see them, with the titles of the copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from lienthu.catalogue.queries.desk import Item
from lienthu.catalogue.queries.items import CopySummary, copies_by_id
from lienthu.circulation.models import BOUND_HOLDS, Hold, HoldState, Loan, Transit
from lienthu.kernel.postgresql.planned import as_models, ask, columns
from lienthu.libraries.queries import Library


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


_OPEN = """
SELECT {loan}, {library} FROM circulation_loan l JOIN libraries_library b ON b.id = l.library_id
WHERE l.patron_id = %s AND l.ended_at IS NULL ORDER BY l.due_at, l.id
"""


def open_loans(patron_id: int) -> list[LoanLine]:
    """What a reader has, what is due first on top. Two statements, one for who has nothing."""
    rows = ask(_OPEN.format(loan=columns(Loan, "l"), library=columns(Library, "b")), [patron_id])
    if not rows:
        return []
    width = len(Loan._meta.concrete_fields)
    loans = as_models(Loan, [row[:width] for row in rows])
    for loan, library in zip(loans, as_models(Library, [row[width:] for row in rows]), strict=True):
        loan.library = library
    copies = copies_by_id([loan.item_id for loan in loans])
    return [LoanLine(loan, copies[loan.item_id]) for loan in loans]


def past_loans(patron_id: int, *, limit: int = 200) -> list[LoanLine]:
    """What a reader who keeps a history had, newest first."""
    ended = Loan.objects.filter(patron_id=patron_id, ended_at__isnull=False).order_by("-ended_at")
    loans = list(ended.select_related("library")[:limit])
    copies = copies_by_id([loan.item_id for loan in loans])
    return [LoanLine(loan, copies[loan.item_id]) for loan in loans]


def holds_of(patron_id: int) -> list[HoldLine]:
    """The open requests of a reader, oldest first. One short statement for who has none."""
    if not ask("SELECT FROM circulation_hold WHERE patron_id = %s AND ended_at IS NULL LIMIT 1", [patron_id]):
        return []
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


# "ended_at IS NULL" is said for the index: a request that waits has not ended.
_WAITING = "SELECT count(*) FROM circulation_hold WHERE cluster_id = %s AND state = 'PENDING' AND ended_at IS NULL"


def waiting_count(cluster_id: int) -> int:
    """How many wait for a record."""
    ((count,),) = ask(_WAITING, [cluster_id])
    return int(count)


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
