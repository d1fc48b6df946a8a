"""Background entries of harvesting: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.harvesting.actions.retaining import remove_old_pages
from lienthu.harvesting.actions.working import after_revert, has_more, start_due, work_on
from lienthu.harvesting.models import Run
from lienthu.identity.access import system_actor
from lienthu.kernel import jobs


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `harvesting.run_requested`."""
    work_on_run.defer(run_id=payload["run_id"])


def enqueue_undo(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.import_reverted`."""
    undo_run.defer(batch_id=payload["batch_id"])


def _queue(run: Run) -> None:
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        work_on_run.configure(queueing_lock=f"harvest-{run.pk}").defer(run_id=run.pk)


@jobs.task(queue="imports", name="harvesting.work_on_run")
def work_on_run(run_id: int) -> None:
    """One turn of work on a run; the next turn is queued behind what else waits."""
    run = work_on(run_id)
    if has_more(run):
        _queue(run)


@jobs.task(queue="default", name="harvesting.undo_run")
def undo_run(batch_id: int) -> None:
    """Pause the source of a reverted import and bring back what its harvest had withdrawn."""
    run = after_revert(batch_id)
    if run is not None:
        _queue(run)


@jobs.task(queue="maintenance", name="harvesting.tick")
def tick(timestamp: int | None = None) -> None:
    """Start the sources that are due; wake the runs whose time has come, and those that a killed worker left."""
    for run in start_due():
        _queue(run)


@jobs.task(queue="maintenance", name="harvesting.remove_old_pages")
def forget_pages(timestamp: int | None = None) -> None:
    """Remove the pages of runs that ended long ago (periodic)."""
    remove_old_pages(actor=system_actor("harvesting: retention"))
