"""Background entries of notices; each may run twice and at the same time as another."""

from lienthu.kernel import jobs
from lienthu.notices.actions import purge, route_new, send_due


@jobs.task(queue="default", name="notices.send")
def send_notices(timestamp: int | None = None) -> None:
    """Give words and ways to new notices, then send what is due (periodic)."""
    while route_new():
        pass
    send_due()


@jobs.task(queue="maintenance", name="notices.purge")
def forget_old(timestamp: int | None = None) -> None:
    """Forget words and readers of old notices (periodic)."""
    while purge():
        pass
