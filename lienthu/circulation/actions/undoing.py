"""The last step of a desk taken back, as long as nothing has happened to the copy since."""

from datetime import datetime, timedelta

from django.db.models import F

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.items import change_status
from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.charging import take_charges_back
from lienthu.circulation.actions.effects import count, hand_over
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import refuse
from lienthu.circulation.actions.stage import Stage, staging
from lienthu.circulation.actions.unmarking import undo_hold, undo_mark, undo_recall
from lienthu.circulation.models import Fact, FactEvent, Hold, HoldState, Loan, LoanEnd, Step, Transit
from lienthu.circulation.policy import Action
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids
from lienthu.kernel.postgresql.planned import as_models, ask, columns
from lienthu.libraries.queries import Library

UNDO_MINUTES = 15
_LAST = """
SELECT {step} FROM circulation_step s
WHERE s.account_id {account} AND s.library_id = %(library)s AND s.at >= %(since)s AND s.undone_at IS NULL
ORDER BY s.id DESC LIMIT 1
"""
_OF_REQUESTS = (Action.PLACE_HOLD, Action.CANCEL_HOLD)


def last_step(*, actor: Actor, library_id: int, at: datetime | None = None) -> Step | None:
    """The step that this person could take back at this desk."""
    since = (at or clock.now()) - timedelta(minutes=UNDO_MINUTES)
    values = {"account": actor.account_id, "library": library_id, "since": since}
    account = "IS NULL" if actor.account_id is None else "= %(account)s"
    steps = as_models(Step, ask(_LAST.format(step=columns(Step, "s"), account=account), values))
    return steps[0] if steps and steps[0].action in (*_UNDO, *_OF_REQUESTS) else None


def undo_last(*, actor: Actor, library_id: int, at: datetime | None = None) -> Step:
    """Take back the last step of this person at this desk and return it. Raises both Refused."""
    library = library_at(library_id)
    require_desk(actor, library)
    step = last_step(actor=actor, library_id=library_id, at=at)
    if step is not None and step.action in _OF_REQUESTS:
        return _undo_request(actor, library, step, at=at or clock.now())
    if step is None or step.item_id is None:
        raise refuse("NOTHING_TO_UNDO")
    with staging(
        actor=actor,
        action=Action(step.action),
        item_id=step.item_id,
        library=library,
        branch_id=None,
        at=at,
        channel="DESK",
        request_key="",
        patron_id=step.reader,
    ) as stage:
        newest = Step.objects.filter(item_id=step.item_id).order_by("-pk").first()
        locked = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
        untouched = newest is not None and newest.pk == step.pk and locked.undone_at is None
        if not untouched or stage.scene.copy.status != locked.result.get("becomes"):
            raise refuse("CHANGED_SINCE")
        _UNDO[Action(locked.action)](stage, locked)
        take_charges_back(stage, locked)
        locked.undone_at = stage.at
        locked.save(update_fields=["undone_at"])
        stage.w.audit(
            "circulation.undone",
            target=("item", stage.scene.copy.accession_number or step.item_id),
            at=library.code,
            details={"step": locked.action},
        )
        stage.w.publish(
            "circulation.step_undone",
            action=locked.action,
            item_id=step.item_id,
            loan_id=locked.loan_id,
            hold_id=locked.hold_id,
        )
        return locked


def _undo_request(actor: Actor, library: Library, step: Step, *, at: datetime) -> Step:
    with writing(actor) as w:
        hold = undo_hold(w, step, at=at)
        locked = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
        if locked.undone_at is not None:
            raise refuse("CHANGED_SINCE")
        locked.undone_at = at
        locked.save(update_fields=["undone_at"])
        w.audit(
            "circulation.undone",
            target=("record", ids.encode(hold.cluster_id)),
            at=library.code,
            details={"step": locked.action, "hold": hold.pk},
        )
        w.publish("circulation.step_undone", action=locked.action, item_id=step.item_id, loan_id=None, hold_id=hold.pk)
        return locked


def forget_steps(*, at: datetime | None = None) -> int:
    """Unlink readers from steps that can be undone no more; how many. For the periodic job."""
    before = (at or clock.now()) - timedelta(minutes=UNDO_MINUTES)
    return Step.objects.filter(at__lt=before, reader__isnull=False).update(reader=None)


def _undo_checkout(stage: Stage, step: Step) -> None:
    loan = Loan.objects.get(pk=step.loan_id)
    if loan.ended_at is not None:
        raise refuse("CHANGED_SINCE")
    event = FactEvent.IN_LIBRARY_USE if loan.in_library else FactEvent.LOAN
    _uncount(stage, event, loan)
    reader = loan.patron_id
    loan.ended_at, loan.ended_how, loan.patron_id, loan.keep = stage.at, LoanEnd.UNDONE, None, False
    loan.save(update_fields=["ended_at", "ended_how", "patron_id", "keep"])
    was = step.result["was"]
    if step.hold_id is not None:
        was = _wait_again(stage, Hold.objects.get(pk=step.hold_id), step, reader)
    hand_over(stage, library=stage.library.pk)
    # A copy that was on its way was in hand at this desk: it is put down here, and a check-in sends it on.
    becomes = "AVAILABLE" if was == "IN_TRANSIT" else was
    _change(stage, becomes)


def _wait_again(stage: Stage, hold: Hold, step: Step, reader: int | None) -> str:
    """Give a request back its state before the loan; what was on its way waits again."""
    was = str(step.result["was"])
    on_shelf = step.result.get("hold_state") == HoldState.READY
    hold.state = HoldState.READY if on_shelf else HoldState.PENDING
    hold.assigned_id = stage.scene.copy.item_id if on_shelf else None
    hold.ended_at, hold.patron_id = None, reader
    hold.save(update_fields=["state", "assigned", "ended_at", "patron_id"])
    count(stage, FactEvent.HOLD_FILLED, category=hold.category, age_band=hold.age_band, times=-1)
    return was


def _undo_checkin(stage: Stage, step: Step) -> None:
    if _only_passed(step):
        return
    _unserve(stage, step)
    if step.loan_id is None:
        _change(stage, step.result["was"] if step.result["was"] != "IN_TRANSIT" else "AVAILABLE")
        hand_over(stage, library=stage.library.pk)
        return
    if step.reader is None:
        raise refuse("NOTHING_TO_UNDO")
    loan = Loan.objects.get(pk=step.loan_id)
    loan.ended_at, loan.ended_how, loan.patron_id = None, "", step.reader
    loan.save(update_fields=["ended_at", "ended_how", "patron_id"])
    hand_over(stage, loan=loan.pk)
    _uncount(stage, FactEvent.RETURN, loan)
    _change(stage, step.result["was"])


def _only_passed(step: Step) -> bool:
    """A copy on its way was seen at another place than where it goes: it still is on the same way."""
    return step.result["was"] == step.result["becomes"] == "IN_TRANSIT" and step.transit_id is None


def _unserve(stage: Stage, step: Step) -> None:
    """What the check-in began for somebody else ends: the way, and the request that was to be served."""
    if step.transit_id is not None:
        Transit.objects.filter(pk=step.transit_id, ended_at=None).update(
            ended_at=stage.at, received_library_id=stage.library.pk
        )
    if step.hold_id is not None and step.result["was"] not in ("ON_HOLD_SHELF",):
        Hold.objects.filter(pk=step.hold_id, ended_at=None).update(
            state=HoldState.PENDING, assigned=None, ready_at=None, shelf_until=None
        )


def _undo_renewal(stage: Stage, step: Step) -> None:
    loan = stage.scene.loan
    if loan is None or loan.pk != step.loan_id:
        raise refuse("CHANGED_SINCE")
    Loan.objects.filter(pk=loan.pk).update(
        due_at=datetime.fromisoformat(step.result["due_at"]),
        due_on=step.result["due_on"],
        renewals=F("renewals") - 1,
    )
    _uncount(stage, FactEvent.RENEWAL, loan)


def _undo_use(stage: Stage, step: Step) -> None:
    count(stage, FactEvent.IN_LIBRARY_USE, times=-1)


def _uncount(stage: Stage, event: object, loan: Loan) -> None:
    """Counts less one, on the day of the undoing, for the same place and group."""
    Fact.objects.create(
        event=event,
        on=stage.today,
        library_id=stage.library.pk,
        branch_id=loan.branch_id,
        item_library_id=stage.scene.copy.library_id,
        category=loan.category,
        age_band=loan.age_band,
        item_type=loan.item_type,
        channel=stage.channel,
        count=-1,
    )


def _change(stage: Stage, becomes: str) -> None:
    copy = stage.scene.copy
    change_status(stage.w, item_id=copy.item_id, was=copy.status, becomes=becomes, cluster_id=copy.cluster_id)


_UNDO = {
    Action.CHECKOUT: _undo_checkout,
    Action.CHECKIN: _undo_checkin,
    Action.RENEW: _undo_renewal,
    Action.USE_HERE: _undo_use,
    Action.MARK_LOST: undo_mark,
    Action.MARK_DAMAGED: undo_mark,
    Action.MARK_MISSING: undo_mark,
    Action.MARK_FOUND: undo_mark,
    Action.CLAIM_RETURNED: undo_mark,
    Action.RECALL: undo_recall,
}
