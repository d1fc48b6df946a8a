"""Background entries of the catalogue: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.catalogue.actions.batches import AlreadyRunning
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.actions.trial import check_import
from lienthu.catalogue.models import Batch, BatchStatus
from lienthu.identity.access import Actor, actor_by_id, system_actor
from lienthu.kernel import jobs

STEPS = {
    BatchStatus.CHECKING: check_import,
    BatchStatus.RUNNING: run_import,
    BatchStatus.REVERTING: revert_import,
}


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.import_requested`."""
    work_on_import.defer(batch_id=payload["batch_id"])


def _actor_of(batch: Batch) -> Actor:
    return actor_by_id(batch.actor_id) if batch.actor_id else system_actor(batch.actor_name)


@jobs.task(queue="imports", name="catalogue.work_on_import")
def work_on_import(batch_id: int) -> None:
    """Do what the state of an import asks for; nothing when another process does it or it is done."""
    batch = Batch.objects.select_related("library__scope").get(pk=batch_id)
    step = STEPS.get(BatchStatus(batch.status))
    if step is None:
        return
    try:
        step(actor=_actor_of(batch), batch=batch)
    except AlreadyRunning:
        return


@jobs.task(queue="maintenance", name="catalogue.resume_imports")
def resume_imports(timestamp: int | None = None) -> None:
    """Queue the imports that are under way; one that somebody still works on is left to them by its lock."""
    for batch_id in Batch.objects.filter(status__in=list(STEPS)).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_import.configure(queueing_lock=f"import-{batch_id}").defer(batch_id=batch_id)
