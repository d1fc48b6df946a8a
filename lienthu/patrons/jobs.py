"""Background entries of the readers' room: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.identity.access import actor_by_id, system_actor
from lienthu.kernel import jobs
from lienthu.kernel.locks import AlreadyRunning
from lienthu.patrons.actions import expire_requests
from lienthu.patrons.actions.rolls import check_roll, forget_rolls, revert_roll, run_roll
from lienthu.patrons.models import Roll, RollStatus

_STEPS = {
    "CHECKING": check_roll,
    "RUNNING": run_roll,
    "REVERTING": revert_roll,
}


@jobs.task(queue="maintenance", name="patrons.expire_requests")
def expire_card_requests(timestamp: int | None = None) -> None:
    """Forget online requests for which nobody came to the desk, and what lists still hold of people."""
    expire_requests(actor=system_actor("patrons.expire_requests"))
    forget_rolls(actor=system_actor("patrons.expire_requests"))


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `patrons.roll_requested`."""
    work_on_roll.defer(roll_id=payload["roll_id"])


@jobs.task(queue="imports", name="patrons.work_on_roll")
def work_on_roll(roll_id: int) -> None:
    """Do what the state of a list asks for; nothing when another process does it or it is done."""
    roll = Roll.objects.select_related("library__scope", "category").get(pk=roll_id)
    step = _STEPS.get(RollStatus(roll.status))
    if step is None:
        return
    actor = actor_by_id(roll.actor_id) if roll.actor_id else system_actor(roll.actor_name)
    with contextlib.suppress(AlreadyRunning):
        step(actor=actor, roll=roll)


@jobs.task(queue="maintenance", name="patrons.resume_rolls")
def resume_rolls(timestamp: int | None = None) -> None:
    """Queue lists under way; what somebody works on is theirs by its lock."""
    for roll_id in Roll.objects.filter(status__in=list(_STEPS)).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_roll.configure(queueing_lock=f"roll-{roll_id}").defer(roll_id=roll_id)
