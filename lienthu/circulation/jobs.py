"""Work of circulation at fixed times: ids in, one action call."""

from lienthu.circulation.actions import expire_holds, forget_steps
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
