"""Marks, recalls and requests taken back: every row gets the values it had before the step."""

from datetime import date, datetime

from lienthu.audit.actions import Writing
from lienthu.catalogue.actions.items import change_status
from lienthu.circulation.actions.effects import end_hold
from lienthu.circulation.actions.refusals import refuse
from lienthu.circulation.actions.rows import count, hand_over
from lienthu.circulation.actions.stage import Stage, lock_reader
from lienthu.circulation.actions.targeting import target_now
from lienthu.circulation.models import Custody, Fact, FactEvent, Hold, HoldState, Loan, Step, Transit
from lienthu.circulation.policy import Action
from lienthu.circulation.queries.counting import local_day
from lienthu.circulation.queries.state import locked_scene

_COUNTED = {Action.MARK_LOST: FactEvent.LOST, Action.MARK_DAMAGED: FactEvent.DAMAGED}


def undo_mark(stage: Stage, step: Step) -> None:
    """The copy was not lost, damaged, missing or found after all; its loan, request and way go on."""
    loan = Loan.objects.filter(pk=step.loan_id).first() if step.loan_id else None
    if loan is not None:
        _lend_again(stage, step, loan)
    if step.hold_id is not None and step.result.get("hold"):
        _serve_again(step.hold_id, step.item_id, step.result["hold"])
    if step.result.get("transit"):
        Transit.objects.filter(pk=step.result["transit"]).update(ended_at=None, received_library=None)
    _hold_as_before(stage, step)
    event = _COUNTED.get(Action(step.action))
    if event is not None:
        known = loan if event == FactEvent.LOST else None
        category, age_band = (known.category, known.age_band) if known else ("", "")
        count(stage, event, category=category, age_band=age_band, times=-1)
    copy = stage.scene.copy
    change_status(
        stage.w, item_id=copy.item_id, was=copy.status, becomes=step.result["was"], cluster_id=copy.cluster_id
    )


def undo_recall(stage: Stage, step: Step) -> None:
    """The loan is due when it was due before."""
    loan = stage.scene.loan
    if loan is None or loan.pk != step.loan_id:
        raise refuse("CHANGED_SINCE")
    loan.due_at, loan.due_on = datetime.fromisoformat(step.result["due_at"]), date.fromisoformat(step.result["due_on"])
    loan.recalled_at = None
    loan.save(update_fields=["due_at", "due_on", "recalled_at"])


def undo_hold(w: Writing, step: Step, *, at: datetime) -> Hold:
    """A request placed is placed no more; one cancelled waits again, at its old place. The caller audits."""
    if step.reader is not None:
        lock_reader(step.reader)
    if step.item_id is not None:
        scene = locked_scene(step.item_id)
        newest = Step.objects.filter(item_id=step.item_id).order_by("-pk").first()
        untouched = newest is not None and newest.pk == step.pk and scene is not None and scene.bound is None
        if not untouched or scene is None or scene.copy.status != step.result["becomes"]:
            raise refuse("CHANGED_SINCE")
    hold = Hold.objects.select_for_update(of=("self",)).select_related("pickup_library").get(pk=step.hold_id)
    if step.action == Action.PLACE_HOLD:
        _place_no_more(hold, at=at)
    else:
        _wait_again(hold, step, at=at)
    return hold


def _place_no_more(hold: Hold, *, at: datetime) -> None:
    if hold.state != HoldState.PENDING:
        raise refuse("CHANGED_SINCE")
    placed = Fact.objects.filter(
        event=FactEvent.HOLD_PLACED, library_id=hold.pickup_library_id, on=local_day(hold.placed_at), count=1
    ).filter(category=hold.category, age_band=hold.age_band, channel=hold.channel)
    fact = placed.order_by("-pk").first()
    end_hold(hold, HoldState.CANCELLED, stage_at=at)
    if fact is not None:
        fact.pk, fact.on, fact.count = None, local_day(at), -1
        fact.save(force_insert=True)


def _wait_again(hold: Hold, step: Step, *, at: datetime) -> None:
    again = Hold.objects.filter(patron_id=step.reader, cluster_id=hold.cluster_id, ended_at=None, group=None)
    if hold.state != HoldState.CANCELLED or step.reader is None or (hold.group_id is None and again.exists()):
        raise refuse("CHANGED_SINCE")
    hold.ended_at, hold.reason, hold.patron_id = None, "", step.reader
    hold.state = step.result["hold"]["state"]
    if hold.state == HoldState.PENDING:
        hold.assigned_id = None
    hold.save(update_fields=["ended_at", "reason", "patron_id", "state", "assigned"])
    if hold.state == HoldState.PENDING:
        target_now([hold.pk], moment=at)


def _lend_again(stage: Stage, step: Step, loan: Loan) -> None:
    if step.action == Action.CLAIM_RETURNED:
        loan.claimed_at = None
        loan.save(update_fields=["claimed_at"])
        return
    if step.reader is None:
        raise refuse("NOTHING_TO_UNDO")
    if loan.ended_how == "RETURNED":
        count(stage, FactEvent.RETURN, category=loan.category, age_band=loan.age_band, times=-1)
    loan.ended_at, loan.ended_how, loan.patron_id = None, "", step.reader
    loan.save(update_fields=["ended_at", "ended_how", "patron_id"])


def _serve_again(hold_id: int, item_id: int | None, was: dict[str, str | None]) -> None:
    """The request that had this copy has it again, unless something happened to it meanwhile."""
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold_id)
    if hold.state != HoldState.PENDING:
        raise refuse("CHANGED_SINCE")
    hold.target_id = hold.asked_at = None
    hold.state, hold.assigned_id = was["state"], item_id
    hold.ready_at = datetime.fromisoformat(was["ready_at"]) if was["ready_at"] else None
    hold.shelf_until = date.fromisoformat(was["shelf_until"]) if was["shelf_until"] else None
    hold.save(update_fields=["state", "assigned", "ready_at", "shelf_until", "target", "asked_at"])


def _hold_as_before(stage: Stage, step: Step) -> None:
    """Who held the copy before the step holds it again; the ledger keeps the rows of the mistake."""
    rows = Custody.objects.filter(item_id=step.item_id)
    if not rows.filter(until=None, since=step.at).exists():
        return
    before = rows.filter(until=step.at, since__lt=step.at).order_by("-pk").first()
    if before is not None:
        hand_over(stage, library=before.library_id, loan=before.loan_id, transit=before.transit_id)
