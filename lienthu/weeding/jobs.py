"""Background entries of weeding: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.identity.access import actor_by_id
from lienthu.kernel import jobs
from lienthu.kernel.locks import AlreadyRunning
from lienthu.weeding.actions import work_on_weeding
from lienthu.weeding.models import WORKING, Weeding


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `weeding.work_requested`."""
    work_on.defer(weeding_id=payload["weeding_id"])


@jobs.task(queue="default", name="weeding.work_on")
def work_on(weeding_id: int) -> None:
    """Withdraw the copies of a weeding or put them back; nothing when another process does it or it is done."""
    one = Weeding.objects.select_related("library__scope").get(pk=weeding_id)
    if one.state in WORKING and one.worker is not None:
        with contextlib.suppress(AlreadyRunning):
            work_on_weeding(actor=actor_by_id(one.worker), one=one)


@jobs.task(queue="maintenance", name="weeding.resume")
def resume(timestamp: int | None = None) -> None:
    """Queue the weedings under way; one that somebody still works on is left to them by its lock."""
    for weeding_id in Weeding.objects.filter(state__in=WORKING).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on.configure(queueing_lock=f"weeding-{weeding_id}").defer(weeding_id=weeding_id)
