"""Background entries of the readers' room: an id in, one action called. Every one may run twice."""

from lienthu.identity.access import system_actor
from lienthu.kernel import jobs
from lienthu.patrons.actions import expire_requests


@jobs.task(queue="maintenance", name="patrons.expire_requests")
def expire_card_requests(timestamp: int | None = None) -> None:
    """Forget online requests for which nobody came to the desk."""
    expire_requests(actor=system_actor("patrons.expire_requests"))
