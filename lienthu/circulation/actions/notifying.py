"""What circulation tells readers: reactions to its own events, and the daily look at loans, requests and cards.

A notice is a row written in the same transaction; the notices' room makes words of it and sends them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from lienthu.audit.actions import writing
from lienthu.catalogue.queries.items import copies_by_id
from lienthu.circulation.models import Hold, HoldState, Loan
from lienthu.identity.access import system_actor
from lienthu.kernel import clock
from lienthu.notices.actions import News, restore, send, send_many, withdraw
from lienthu.notices.queries import Timetable, loan_kind
from lienthu.patrons.queries import cards_expiring

_ACTOR = system_actor("circulation")
AT_ONCE = 500
# Beyond the last reminder of any library nothing is told about a loan.
_OLDEST_DAYS = 400
_FARTHEST_DAYS = 60
# Steps that end a loan; undone, the loan goes on.
_ENDING = ("CHECKIN", "RENEW", "RECALL", "MARK_LOST", "MARK_DAMAGED")


def on_hold_ready(payload: dict[str, Any], event_id: int) -> None:
    """A copy waits for its reader, who is still linked."""
    hold = Hold.objects.select_related("cluster").get(pk=payload["hold_id"])
    _tell(hold, "HOLD_READY", f"hold-ready:{hold.pk}:{event_id}", until=str(hold.shelf_until))


def on_hold_ended(payload: dict[str, Any], event_id: int) -> None:
    """A request was cancelled; its own reader knows that already."""
    withdraw(about=f"hold:{payload['hold_id']}")
    if not payload["by_reader"]:
        hold = Hold.objects.select_related("cluster").get(pk=payload["hold_id"])
        _tell(hold, "HOLD_CANCELLED", f"hold-cancelled:{hold.pk}:{event_id}")


def on_hold_expired(payload: dict[str, Any], event_id: int) -> None:
    """A request was kept to its last day, or is wanted no longer."""
    withdraw(about=f"hold:{payload['hold_id']}")
    hold = Hold.objects.select_related("cluster").get(pk=payload["hold_id"])
    _tell(hold, "HOLD_EXPIRED", f"hold-expired:{hold.pk}:{event_id}")


def on_loan_started(payload: dict[str, Any], event_id: int) -> None:
    """Who has taken the copy needs no word that it waits."""
    if payload.get("hold_id"):
        withdraw(about=f"hold:{payload['hold_id']}")


def on_loan_over(payload: dict[str, Any], event_id: int) -> None:
    """A loan was renewed or has ended: its reminders are no longer true."""
    withdraw(about=f"loan:{payload['loan_id']}")
    withdraw(about=f"recall:{payload['loan_id']}")


def on_loan_recalled(payload: dict[str, Any], event_id: int) -> None:
    """Another reader waits: the copy is wanted back earlier."""
    withdraw(about=f"loan:{payload['loan_id']}")
    loan = Loan.objects.get(pk=payload["loan_id"])
    copy = copies_by_id([loan.item_id]).get(loan.item_id)
    if loan.patron_id is None or copy is None:
        return
    with writing(_ACTOR) as w:
        w.nothing_changed()
        send(
            w,
            kind="RECALLED",
            patron_id=loan.patron_id,
            library_id=loan.library_id,
            params={"title": copy.title, "due_on": str(loan.due_on)},
            key=f"recalled:{loan.pk}:{event_id}",
            about=f"recall:{loan.pk}",
        )


def on_step_undone(payload: dict[str, Any], event_id: int) -> None:
    """What a step told, or took back, was told or taken back by mistake."""
    if payload.get("hold_id"):
        withdraw(about=f"hold:{payload['hold_id']}")
    if not payload.get("loan_id") or payload["action"] not in _ENDING:
        return
    restore(about=f"loan:{payload['loan_id']}")
    if payload["action"] == "RECALL":
        withdraw(about=f"recall:{payload['loan_id']}")
    else:
        restore(about=f"recall:{payload['loan_id']}")


def _tell(hold: Hold, kind: str, key: str, **params: object) -> None:
    if hold.patron_id is None:
        return
    with writing(_ACTOR) as w:
        w.nothing_changed()
        send(
            w,
            kind=kind,
            patron_id=hold.patron_id,
            library_id=hold.pickup_library_id,
            params={"title": hold.cluster.title, **params},
            key=key,
            about=f"hold:{hold.pk}",
        )


def tell_the_day(*, today: date | None = None) -> int:
    """Put everything into the outbox that a day asks for; how many were looked at. Doing it again adds nothing."""
    day = today or clock.today()
    timetable = Timetable()
    done = 0
    for news in (_of_loans(day, timetable), _of_holds(day, timetable), _of_cards(day, timetable)):
        for chunk in _chunks(news):
            with writing(_ACTOR) as w:
                w.nothing_changed()
                send_many(w, chunk)
            done += len(chunk)
    return done


def _of_loans(day: date, timetable: Timetable) -> Iterator[News]:
    near = Loan.objects.filter(
        ended_at=None,
        in_library=False,
        claimed_at=None,
        due_on__range=(day - timedelta(days=_OLDEST_DAYS), day + timedelta(days=_FARTHEST_DAYS)),
    )
    for loans in _pages(near):
        told = [
            (loan, kind)
            for loan in loans
            if (kind := loan_kind(loan.due_on, day, timetable.of(loan.library_id))) is not None
        ]
        copies = copies_by_id([loan.item_id for loan, _kind in told])
        for loan, kind in told:
            if loan.patron_id is not None and (copy := copies.get(loan.item_id)):
                yield News(
                    kind=kind,
                    patron_id=loan.patron_id,
                    library_id=loan.library_id,
                    params={"title": copy.title, "due_on": str(loan.due_on), "days": (day - loan.due_on).days},
                    # a renewed loan has another due day, and is told of again
                    key=f"{kind.lower()}:{loan.pk}:{loan.due_on}",
                    about=f"loan:{loan.pk}",
                )


def _of_holds(day: date, timetable: Timetable) -> Iterator[News]:
    near = Hold.objects.filter(
        state=HoldState.READY, shelf_until__range=(day, day + timedelta(days=_FARTHEST_DAYS))
    ).select_related("cluster")
    for hold in near.iterator(chunk_size=AT_ONCE):
        last = hold.shelf_until
        soon = timetable.of(hold.pickup_library_id).expiring
        # who was told on the same day that it is ready needs no reminder
        fresh = hold.ready_at is not None and (clock.now() - hold.ready_at) < timedelta(days=1)
        if hold.patron_id is None or last is None or fresh or (last - day).days > soon:
            continue
        yield News(
            kind="HOLD_EXPIRING",
            patron_id=hold.patron_id,
            library_id=hold.pickup_library_id,
            params={"title": hold.cluster.title, "until": str(last)},
            key=f"hold-expiring:{hold.pk}:{last}",
            about=f"hold:{hold.pk}",
        )


def _of_cards(day: date, timetable: Timetable) -> Iterator[News]:
    for patron_id, library_id, number, last in cards_expiring(first=day, last=day + timedelta(days=120)):
        if (last - day).days <= timetable.of(library_id).card:
            yield News(
                kind="CARD_EXPIRING",
                patron_id=patron_id,
                library_id=library_id,
                params={"card": number, "until": str(last)},
                key=f"card-expiring:{number}:{last}",
            )


def _pages(loans: QuerySet[Loan]) -> Iterator[list[Loan]]:
    last = 0
    while page := list(loans.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield page
        last = page[-1].pk


def _chunks(news: Iterable[News]) -> Iterator[list[News]]:
    chunk: list[News] = []
    for one in news:
        chunk.append(one)
        if len(chunk) >= AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
