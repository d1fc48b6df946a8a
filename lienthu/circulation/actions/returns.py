"""Copies that come back, pass by, arrive or are sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.charging import charge_for_return, noted, take_loss_back
from lienthu.circulation.actions.effects import perform
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused, refuse
from lienthu.circulation.actions.rows import note_step
from lienthu.circulation.actions.stage import done_before, staging
from lienthu.circulation.models import Hold, Loan, Step, Transit
from lienthu.circulation.policy import Action, Reason, Who
from lienthu.circulation.queries.custody import keeper_of
from lienthu.identity.access import Actor

RETURNED, TO_TRANSIT, TO_HOLD_SHELF, NOTHING = "RETURNED", "TO_TRANSIT", "TO_HOLD_SHELF", "NOTHING"


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Where the copy goes now: RETURNED to its shelf, TO_TRANSIT, TO_HOLD_SHELF, or NOTHING was to be done.

    `loan` is the loan that ended; `hold` whose request it serves; `to_library_id` where it is sent;
    `fine` what the reader owes for it now, in đồng.
    """

    what: str
    item_id: int
    status: str
    loan: Loan | None = None
    hold: Hold | None = None
    to_library_id: int | None = None
    overdue: bool = False
    found: bool = False
    passing: bool = False
    again: bool = False
    fine: int = 0


def checkin(
    *,
    actor: Actor,
    item_id: int,
    library_id: int,
    branch_id: int | None = None,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
) -> CheckedIn:
    """Take a copy in at a library, whatever happened to it, and say where it goes. Raises both Refused."""
    return _take_in(
        actor, Action.CHECKIN, item_id, library_id, branch_id=branch_id, at=at, channel=channel, request_key=request_key
    )


def receive(
    *,
    actor: Actor,
    item_id: int,
    library_id: int,
    branch_id: int | None = None,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
) -> CheckedIn:
    """Take in a copy that was sent here; one that was not sent is refused. Raises both Refused."""
    return _take_in(
        actor, Action.RECEIVE, item_id, library_id, branch_id=branch_id, at=at, channel=channel, request_key=request_key
    )


def send(
    *,
    actor: Actor,
    item_id: int,
    library_id: int,
    to_library_id: int,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
) -> Transit:
    """Send an available copy from a desk to another library; only who has it can send it. Raises both Refused."""
    library, target = library_at(library_id), library_at(to_library_id)
    require_desk(actor, library)
    if target.pk == library.pk:
        raise refuse("SENT_TO_ITSELF")
    with staging(
        actor=actor,
        action=Action.SEND,
        item_id=item_id,
        library=library,
        branch_id=None,
        at=at,
        channel=channel,
        request_key=request_key,
    ) as stage:
        before = done_before(stage)
        if before is not None and before.transit_id is not None:
            return Transit.objects.get(pk=before.transit_id)
        transition = stage.transition(Who.OTHER)
        if transition.refusal:
            raise Refused([Reason(transition.refusal)])
        keeper = keeper_of(item_id, owner_id=stage.scene.copy.library_id)
        if keeper != library.pk:
            raise refuse("NOT_IN_CUSTODY", library=library_at(keeper).name_vi)
        stage.made["to"] = target.pk
        perform(stage, transition)
        note_step(stage)
        stage.w.audit(
            "circulation.sent",
            target=("item", stage.scene.copy.accession_number or item_id),
            at=library.code,
            details={"to": target.code, "channel": channel},
        )
        transit: Transit = stage.made["transit"]
        return transit


def _take_in(actor: Actor, action: Action, item_id: int, library_id: int, **how: Any) -> CheckedIn:
    library = library_at(library_id)
    require_desk(actor, library)
    with staging(actor=actor, action=action, item_id=item_id, library=library, **how) as stage:
        before = done_before(stage)
        if before is not None:
            return _as_before(before)
        transition = stage.transition(Who.OTHER)
        if transition.refusal:
            raise Refused([Reason(transition.refusal, {"library": stage.scene.copy.library_id})])
        perform(stage, transition)
        fine = charge_for_return(stage)
        take_loss_back(stage)
        made = stage.made
        what = _what(made["was"], transition.copy_becomes, transition.effects)
        hold = made.get("hold")
        result = CheckedIn(
            what=what,
            item_id=item_id,
            status=transition.copy_becomes,
            loan=made.get("loan"),
            hold=hold,
            to_library_id=made.get("to"),
            overdue=made.get("overdue", False),
            found=made.get("found", False),
            passing=made.get("passing", False),
            fine=fine,
        )
        note_step(stage, what=what, to=made.get("to"), **noted(stage))
        stage.w.audit(
            "circulation.received" if action == Action.RECEIVE else "circulation.checked_in",
            target=("item", stage.scene.copy.accession_number or item_id),
            at=library.code,
            details={"what": what, "channel": stage.channel},
        )
        return result


def _what(was: str, becomes: str, effects: tuple[str, ...]) -> str:
    if effects == ("NOTHING",):
        return TO_HOLD_SHELF if becomes == "ON_HOLD_SHELF" else NOTHING
    return {"IN_TRANSIT": TO_TRANSIT, "ON_HOLD_SHELF": TO_HOLD_SHELF}.get(becomes, RETURNED)


def _as_before(step: Step) -> CheckedIn:
    return CheckedIn(
        what=step.result["what"],
        item_id=step.item_id or 0,
        status=step.result["becomes"],
        loan=Loan.objects.filter(pk=step.loan_id).first() if step.loan_id else None,
        hold=Hold.objects.filter(pk=step.hold_id).first() if step.hold_id else None,
        to_library_id=step.result.get("to"),
        again=True,
    )
