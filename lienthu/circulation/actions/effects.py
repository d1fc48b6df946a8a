"""What each effect of the table does to the rows. A line's effects run in its order; then the copy changes state."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from lienthu.catalogue.actions.items import change_status
from lienthu.circulation.actions.rows import add_loan, count, end_loan, hand_over
from lienthu.circulation.actions.stage import Stage
from lienthu.circulation.models import (
    FactEvent,
    Hold,
    HoldState,
    LoanEnd,
    Purpose,
    Transit,
)
from lienthu.circulation.policy import Transition
from lienthu.kernel import clock

_BOUND = ("state", "assigned", "ready_at", "shelf_until", "target", "asked_at")


def perform(stage: Stage, transition: Transition) -> None:
    """Do what the line says: effects, state of the copy, custody."""
    stage.made.setdefault("was", stage.scene.copy.status)
    for name in transition.effects:
        _EFFECTS[name](stage)
    if transition.copy_becomes != "AVAILABLE":
        _ask_no_longer(stage)
    change_status(
        stage.w,
        item_id=stage.scene.copy.item_id,
        was=stage.scene.copy.status,
        becomes=transition.copy_becomes,
        cluster_id=stage.scene.copy.cluster_id,
    )
    stage.made["becomes"] = transition.copy_becomes


def _ask_no_longer(stage: Stage) -> None:
    """The copy leaves its shelf: a waiting request for which it was to be fetched needs another one."""
    for hold in stage.scene.pending.values():
        if hold.target_id != stage.scene.copy.item_id:
            continue
        hold.target_id = hold.asked_at = None
        hold.save(update_fields=["target", "asked_at"])
        stage.w.publish("circulation.target_lost", hold_id=hold.pk)


def end_hold(hold: Hold, state: object, *, stage_at: object, reason: str = "") -> None:
    """End a request; the reader is unlinked unless a history is kept."""
    hold.state, hold.ended_at, hold.reason = state, stage_at, reason[:200]
    hold.patron_id = hold.patron_id if hold.keep else None
    hold.target_id = None
    hold.save(update_fields=["state", "ended_at", "reason", "patron_id", "target"])


def served_as(hold: Hold) -> dict[str, object]:
    """How a request is served now, for a step that may be undone."""
    return {
        "state": str(hold.state),
        "ready_at": hold.ready_at.isoformat() if hold.ready_at else None,
        "shelf_until": hold.shelf_until.isoformat() if hold.shelf_until else None,
    }


def _start_loan(stage: Stage) -> None:
    reader, terms, due = stage.reader, stage.made["terms"], stage.made["due"]
    if reader is None:
        raise RuntimeError("a loan needs a reader")
    loan = add_loan(stage, reader, terms=terms, due=due)
    stage.made |= {"loan": loan, "loan_id": loan.pk}


def _end_loan(stage: Stage) -> None:
    """End the loan, if there is one: a copy may have come "on loan" from an old system without any."""
    loan = stage.scene.loan
    if loan is None:
        return
    stage.made |= {"loan": loan, "loan_id": loan.pk, "reader": loan.patron_id}
    stage.made["overdue"] = stage.at > loan.due_at
    how = {"MARK_LOST": LoanEnd.LOST, "MARK_DAMAGED": LoanEnd.DAMAGED}.get(stage.action, LoanEnd.RETURNED)
    # While the reader is still linked: reactions to this event may assess what is owed.
    stage.w.publish(
        "circulation.loan_returned",
        loan_id=loan.pk,
        item_id=loan.item_id,
        library_id=stage.library.pk,
        how=how,
        at=stage.at,
    )
    loan.ended_at, loan.ended_how = max(stage.at, loan.started_at), how
    loan.patron_id = loan.patron_id if loan.keep else None
    end_loan(loan)
    if how != LoanEnd.LOST:  # of a lost copy, the ledger keeps who had it last
        hand_over(stage, library=stage.library.pk)
    if how == LoanEnd.RETURNED:
        count(stage, FactEvent.RETURN, category=loan.category, age_band=loan.age_band)


def _extend_loan(stage: Stage) -> None:
    loan, due = stage.scene.loan, stage.made["due"]
    if loan is None:
        raise RuntimeError("nothing to renew")
    stage.made |= {"loan": loan, "loan_id": loan.pk, "reader": loan.patron_id}
    stage.made["before"] = {"due_at": loan.due_at.isoformat(), "due_on": loan.due_on.isoformat()}
    loan.due_at, loan.due_on, loan.renewals = due.at, due.on, loan.renewals + 1
    loan.terms = stage.made["terms"].as_json() | {"out": loan.terms.get("out", {})}
    loan.save(update_fields=["due_at", "due_on", "renewals", "terms"])
    count(stage, FactEvent.RENEWAL, category=loan.category, age_band=loan.age_band)


def _recall_loan(stage: Stage) -> None:
    """Due earlier, for somebody who waits."""
    loan, day = stage.scene.loan, stage.made["day"]
    if loan is None:
        raise RuntimeError("nothing to recall")
    stage.made |= {"loan": loan, "loan_id": loan.pk}
    stage.made["before"] = {"due_at": loan.due_at.isoformat(), "due_on": loan.due_on.isoformat()}
    local = loan.due_at.astimezone(clock.VIETNAM)
    loan.due_at = datetime.combine(day, local.timetz())
    loan.due_on, loan.recalled_at = day, stage.at
    loan.save(update_fields=["due_at", "due_on", "recalled_at"])


def _note_claim(stage: Stage) -> None:
    loan = stage.scene.loan
    if loan is not None:
        loan.claimed_at = stage.at
        loan.save(update_fields=["claimed_at"])
        stage.made |= {"loan": loan, "loan_id": loan.pk, "reader": loan.patron_id}


def _fill_hold(stage: Stage) -> None:
    hold: Hold = stage.made["hold"]
    stage.made["hold_id"] = hold.pk
    stage.made["before"] = {"hold_state": hold.state, "hold_assigned": hold.assigned_id}
    hold.assigned_id = stage.scene.copy.item_id
    hold.state, hold.ended_at = HoldState.FILLED, stage.at
    hold.patron_id = hold.patron_id if hold.keep else None
    hold.target_id = None
    hold.save(update_fields=["state", "assigned", "ended_at", "patron_id", "target"])
    count(stage, FactEvent.HOLD_FILLED, category=hold.category, age_band=hold.age_band)


def _hold_to_serve(stage: Stage) -> Hold:
    hold = stage.scene.bound or stage.scene.next_hold(stage.today)
    if hold is None:
        raise RuntimeError("no request to serve")
    stage.made |= {"hold": hold, "hold_id": hold.pk}
    hold.target_id = hold.asked_at = None
    return hold


def _hold_ready(stage: Stage) -> None:
    """Only a scan at the pickup library makes a copy ready for its reader."""
    hold = _hold_to_serve(stage)
    hold.state, hold.assigned_id, hold.ready_at = HoldState.READY, stage.scene.copy.item_id, stage.at
    hold.shelf_until = stage.today + timedelta(days=hold.shelf_days)
    hold.save(update_fields=_BOUND)
    count(stage, FactEvent.HOLD_READY, category=hold.category, age_band=hold.age_band)
    stage.w.publish(
        "circulation.hold_ready",
        hold_id=hold.pk,
        item_id=stage.scene.copy.item_id,
        library_id=stage.library.pk,
        shelf_until=hold.shelf_until,
    )


def _send_to_pickup(stage: Stage) -> None:
    hold = _hold_to_serve(stage)
    hold.state, hold.assigned_id, hold.ready_at, hold.shelf_until = (
        HoldState.SENT,
        stage.scene.copy.item_id,
        None,
        None,
    )
    hold.save(update_fields=_BOUND)
    _send(stage, to=hold.pickup_library_id, purpose=Purpose.PICKUP, hold=hold)


def _send_home(stage: Stage) -> None:
    home = stage.home_id()
    _send(stage, to=home, purpose=Purpose.HOME if home == stage.scene.copy.library_id else Purpose.ROTATION)


def _send_asked(stage: Stage) -> None:
    to = stage.made["to"]
    purpose = Purpose.HOME if to == stage.scene.copy.library_id else Purpose.ROTATION
    _send(stage, to=to, purpose=purpose)


def _send(stage: Stage, *, to: int, purpose: object, hold: Hold | None = None) -> None:
    transit = Transit.objects.create(
        item_id=stage.scene.copy.item_id,
        from_library_id=stage.library.pk,
        to_library_id=to,
        purpose=purpose,
        hold=hold,
        sent_at=stage.at,
    )
    stage.made |= {"transit": transit, "transit_id": transit.pk, "to": to}
    hand_over(stage, transit=transit.pk)
    count(stage, FactEvent.TRANSIT)
    stage.w.publish("circulation.copy_sent", transit_id=transit.pk, item_id=transit.item_id, to_library_id=to)


def _receive(stage: Stage) -> None:
    """End the way, if there is one: a copy may have come "in transit" from an old system without any."""
    transit = stage.scene.transit
    if transit is None:
        return
    stage.made.setdefault("before", {})["transit"] = transit.pk
    transit.ended_at, transit.received_library_id = max(stage.at, transit.sent_at), stage.library.pk
    transit.save(update_fields=["ended_at", "received_library"])
    hand_over(stage, library=stage.library.pk)


def _note_passing(stage: Stage) -> None:
    if stage.scene.transit is not None:
        stage.made["to"] = stage.scene.transit.to_library_id
        stage.made["passing"] = True
    if stage.scene.bound is not None:
        stage.made["hold"] = stage.scene.bound


def _requeue_hold(stage: Stage) -> None:
    """The copy cannot serve its request any more: the request waits again, at its old place."""
    hold = stage.scene.bound
    if hold is None:
        return
    stage.made |= {"hold": hold, "hold_id": hold.pk}
    stage.made.setdefault("before", {})["hold"] = served_as(hold)
    hold.state, hold.assigned_id, hold.ready_at, hold.shelf_until = HoldState.PENDING, None, None, None
    hold.save(update_fields=["state", "assigned", "ready_at", "shelf_until"])


def _found(stage: Stage) -> None:
    stage.made["found"] = True
    if stage.scene.loan is None:
        hand_over(stage, library=stage.library.pk)


def _mark_lost(stage: Stage) -> None:
    loan = stage.scene.loan
    count(stage, FactEvent.LOST, category=loan.category if loan else "", age_band=loan.age_band if loan else "")


def _mark_damaged(stage: Stage) -> None:
    count(stage, FactEvent.DAMAGED)


def _count_use(stage: Stage) -> None:
    count(stage, FactEvent.IN_LIBRARY_USE)


def _nothing(stage: Stage) -> None:
    """The line changes nothing but the state of the copy."""


_EFFECTS: Mapping[str, Callable[[Stage], None]] = {
    "START_LOAN": _start_loan,
    "END_LOAN": _end_loan,
    "EXTEND_LOAN": _extend_loan,
    "NOTE_CLAIM": _note_claim,
    "RECALL_LOAN": _recall_loan,
    "FILL_HOLD": _fill_hold,
    "HOLD_READY": _hold_ready,
    "SEND_TO_PICKUP": _send_to_pickup,
    "SEND_HOME": _send_home,
    "SEND": _send_asked,
    "RECEIVE": _receive,
    "NOTE_PASSING": _note_passing,
    "REQUEUE_HOLD": _requeue_hold,
    "FOUND": _found,
    "REPAIRED": _nothing,
    "SHELVE": _nothing,
    "NOTHING": _nothing,
    "MARK_LOST": _mark_lost,
    "MARK_DAMAGED": _mark_damaged,
    "MARK_MISSING": _nothing,
    "COUNT_USE": _count_use,
}
