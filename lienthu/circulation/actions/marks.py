"""What happened to a copy: lost, damaged, not found, found again, said to be returned, read here."""

from datetime import datetime

from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.charging import charge_for_loss, charge_for_return, noted, take_loss_back
from lienthu.circulation.actions.effects import perform
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused
from lienthu.circulation.actions.rows import note_step
from lienthu.circulation.actions.stage import Stage, done_before, staging
from lienthu.circulation.policy import Action, Reason, Where, Who
from lienthu.circulation.queries.state import Scene
from lienthu.identity.access import Actor

MARKS = (
    Action.MARK_LOST,
    Action.MARK_DAMAGED,
    Action.MARK_MISSING,
    Action.MARK_FOUND,
    Action.CLAIM_RETURNED,
    Action.USE_HERE,
)

# Without the copy in hand one may say this only where it belongs, was lent, or is to be picked up.
_AT_ITS_PLACES = (Action.MARK_LOST, Action.MARK_MISSING, Action.CLAIM_RETURNED)


def mark(
    *,
    actor: Actor,
    action: Action,
    item_id: int,
    library_id: int,
    branch_id: int | None = None,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
    note: str = "",
) -> str:
    """Do one of MARKS with a copy and return its state. Raises both Refused."""
    if action not in MARKS:
        raise ValueError(action)
    library = library_at(library_id)
    require_desk(actor, library)
    with staging(
        actor=actor,
        action=action,
        item_id=item_id,
        library=library,
        branch_id=branch_id,
        at=at,
        channel=channel,
        request_key=request_key,
    ) as stage:
        before = done_before(stage)
        if before is not None:
            return str(before.result["becomes"])
        if action in _AT_ITS_PLACES and library.pk not in _places(stage.scene) and stage.where == Where.AWAY:
            raise Refused([Reason("BELONGS_ELSEWHERE", {"library": stage.scene.copy.library_id})])
        transition = stage.transition(Who.OTHER)
        if transition.refusal:
            raise Refused([Reason(transition.refusal, {"library": stage.scene.copy.library_id})])
        perform(stage, transition)
        _settle(stage)
        note_step(stage, **noted(stage))
        stage.w.audit(
            "circulation.used_here" if action == Action.USE_HERE else "circulation.marked",
            target=("item", stage.scene.copy.accession_number or item_id),
            at=library.code,
            details={"was": stage.made["was"], "becomes": transition.copy_becomes, "note": note[:200]},
        )
        if action != Action.USE_HERE:
            stage.w.publish(
                "circulation.copy_marked", item_id=item_id, action=action, loan_id=stage.made.get("loan_id")
            )
        return transition.copy_becomes


def _settle(stage: Stage) -> None:
    """What the mark costs the reader who had the copy, or no longer costs."""
    charge_for_return(stage)
    if stage.action == Action.MARK_LOST:
        charge_for_loss(stage)
    take_loss_back(stage)


def _places(scene: Scene) -> set[int]:
    lent = {scene.loan.library_id} if scene.loan else set()
    return {scene.copy.library_id} | lent | ({scene.bound.pickup_library_id} if scene.bound else set())
