"""Work of circulation at fixed times: ids in, one action call."""

from typing import Any

from lienthu.circulation.actions import expire_holds, forget_steps, retarget, retarget_holds
from lienthu.circulation.actions.notifying import tell_the_day
from lienthu.kernel import jobs


@jobs.task(queue="default", name="circulation.expire_holds")
def expire(timestamp: int | None = None) -> None:
    """End requests that nobody picked up, or that are wanted no longer."""
    while expire_holds():
        pass


@jobs.task(queue="default", name="circulation.forget_steps")
def forget(timestamp: int | None = None) -> None:
    """Forget the readers of steps that can be undone no more."""
    forget_steps()


@jobs.task(queue="default", name="circulation.retarget")
def retarget_all(timestamp: int | None = None) -> None:
    """Choose copies to fetch for all requests that have none."""
    retarget()


@jobs.task(queue=jobs.PROMPT, name="circulation.retarget_one")
def retarget_one(hold_id: int) -> None:
    """Choose another copy for a request whose copy went elsewhere."""
    retarget_holds([hold_id])


def enqueue_retarget(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `circulation.target_lost`."""
    retarget_one.defer(hold_id=payload["hold_id"])


@jobs.task(queue="default", name="circulation.tell_the_day")
def tell(timestamp: int | None = None) -> None:
    """Put the notices of the day into the outbox: what is due soon, overdue, kept for the last day; cards."""
    tell_the_day()
