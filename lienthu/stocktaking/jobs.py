"""Background entries of stock-taking: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.identity.access import actor_by_id
from lienthu.kernel import jobs
from lienthu.kernel.locks import AlreadyRunning
from lienthu.stocktaking.actions import work_on_round
from lienthu.stocktaking.actions.closing import WORKING
from lienthu.stocktaking.models import Round


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `stocktaking.round_requested`."""
    work_on.defer(round_id=payload["round_id"])


@jobs.task(queue="default", name="stocktaking.work_on_round")
def work_on(round_id: int) -> None:
    """Close a round or take it back; nothing when another process does it or it is done."""
    one = Round.objects.select_related("library__scope", "branch").get(pk=round_id)
    if one.state in WORKING and one.closed_by is not None:
        with contextlib.suppress(AlreadyRunning):
            work_on_round(actor=actor_by_id(one.closed_by), one=one)


@jobs.task(queue="maintenance", name="stocktaking.resume_rounds")
def resume_rounds(timestamp: int | None = None) -> None:
    """Queue the rounds under way; one that somebody still works on is left to them by its lock."""
    for round_id in Round.objects.filter(state__in=WORKING).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on.configure(queueing_lock=f"stocktaking-{round_id}").defer(round_id=round_id)
