"""A copy on loan asked back earlier, because somebody waits and no other copy is free."""

from datetime import datetime, timedelta

from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.effects import perform
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused
from lienthu.circulation.actions.rows import note_step
from lienthu.circulation.actions.stage import done_before, staging
from lienthu.circulation.models import Loan
from lienthu.circulation.policy import Action, Reason, Who
from lienthu.circulation.queries.calendars import calendar_at
from lienthu.circulation.queries.state import free_copies
from lienthu.identity.access import Actor

RECALL_DAYS = 7
MOST_CLOSED_DAYS = 60


def recall(*, actor: Actor, loan_id: int, at: datetime | None = None, request_key: str = "") -> Loan:
    """Make an open loan due in RECALL_DAYS days, on the next open day. By the desk that lent it.

    Raises Loan.DoesNotExist and both Refused: nobody waits, another copy is free, or it is due by then anyway.
    """
    found = Loan.objects.select_related("library__scope").get(pk=loan_id, ended_at=None)
    library = library_at(found.library_id)
    require_desk(actor, library)
    with staging(
        actor=actor,
        action=Action.RECALL,
        item_id=found.item_id,
        library=library,
        branch_id=found.branch_id,
        at=at,
        channel="DESK",
        request_key=request_key,
        patron_id=found.patron_id,
    ) as stage:
        if done_before(stage) is not None:
            return Loan.objects.get(pk=loan_id)
        transition = stage.transition(Who.OTHER)
        loan = stage.scene.loan
        if transition.refusal or loan is None or loan.pk != loan_id:
            raise Refused([Reason(transition.refusal or "NOT_ON_LOAN")])
        if free_copies(stage.scene.copy):
            raise Refused([Reason("ANOTHER_IS_FREE")])
        day = stage.today + timedelta(days=RECALL_DAYS)
        open_on = calendar_at(library_id=library.pk, branch_id=found.branch_id)
        for _ in range(MOST_CLOSED_DAYS):
            if open_on(day).is_open:
                break
            day += timedelta(days=1)
        if loan.due_on <= day:
            raise Refused([Reason("DUE_SOON", {"due": loan.due_on.isoformat()})])
        stage.made["day"] = day
        perform(stage, transition)
        note_step(stage)
        stage.w.audit(
            "circulation.recalled",
            target=("item", stage.scene.copy.accession_number or loan.item_id),
            at=library.code,
            details={"loan": loan.pk, "due": day.isoformat()},
        )
        stage.w.publish("circulation.loan_recalled", loan_id=loan.pk, item_id=loan.item_id, library_id=library.pk)
        return loan
