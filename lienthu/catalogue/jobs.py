"""Background entries of the catalogue: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.actions.sharing import apply_sharing, work_on_withdrawal
from lienthu.catalogue.actions.trial import check_import
from lienthu.catalogue.models import Batch, BatchStatus, Sharing, Withdrawal, WithdrawalState
from lienthu.identity.access import Actor, actor_by_id, system_actor
from lienthu.kernel import jobs
from lienthu.kernel.locks import AlreadyRunning
from lienthu.libraries.queries import Library

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
    """Queue imports, withdrawals and changes of sharing under way; what somebody works on is theirs by its lock."""
    for batch_id in Batch.objects.filter(status__in=list(STEPS)).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_import.configure(queueing_lock=f"import-{batch_id}").defer(batch_id=batch_id)
    under_way = Withdrawal.objects.filter(state__in=[WithdrawalState.RUNNING, WithdrawalState.RESTORING])
    for withdrawal_id in under_way.values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_withdrawal_of.configure(queueing_lock=f"withdrawal-{withdrawal_id}").defer(
                withdrawal_id=withdrawal_id
            )
    for library_id in Sharing.objects.filter(position__isnull=False).values_list("library_id", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            apply_sharing_of.configure(queueing_lock=f"sharing-{library_id}").defer(library_id=library_id)


def enqueue_sharing(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.sharing_changed`."""
    apply_sharing_of.defer(library_id=payload["library_id"])


@jobs.task(queue="maintenance", name="catalogue.apply_sharing")
def apply_sharing_of(library_id: int) -> None:
    """Bring the union records of a library in line with what it shows."""
    library = Library.objects.select_related("scope").get(pk=library_id)
    with contextlib.suppress(AlreadyRunning):
        apply_sharing(actor=system_actor("catalogue.apply_sharing"), library=library)


def enqueue_withdrawal(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.withdrawal_requested`."""
    work_on_withdrawal_of.defer(withdrawal_id=payload["withdrawal_id"])


@jobs.task(queue="maintenance", name="catalogue.work_on_withdrawal")
def work_on_withdrawal_of(withdrawal_id: int) -> None:
    """Withdraw or restore the records of a library; nothing when it is done or another process is at it."""
    withdrawal = Withdrawal.objects.select_related("library__scope").get(pk=withdrawal_id)
    actor = actor_by_id(withdrawal.actor_id) if withdrawal.actor_id else system_actor(withdrawal.actor_name)
    with contextlib.suppress(AlreadyRunning):
        work_on_withdrawal(actor=actor, withdrawal=withdrawal)
