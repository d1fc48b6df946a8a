"""Background entries of batch editing: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.batchedit.actions.previewing import preview_edit
from lienthu.batchedit.actions.returning import return_edit
from lienthu.batchedit.actions.runners import AlreadyRunning
from lienthu.batchedit.actions.running import run_edit
from lienthu.batchedit.actions.stopping import give_up
from lienthu.batchedit.models import UNDER_WAY, BatchEdit, EditState
from lienthu.identity.access import Actor, Refused, actor_by_id, system_actor
from lienthu.kernel import jobs

STEPS = {
    EditState.PREVIEWING: preview_edit,
    EditState.RUNNING: run_edit,
    EditState.REVERTING: return_edit,
}


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `batchedit.work_requested`."""
    work_on_edit.defer(edit_id=payload["edit_id"])


def _actor_of(edit: BatchEdit) -> Actor:
    return actor_by_id(edit.actor_id) if edit.actor_id else system_actor(edit.actor_name)


@jobs.task(queue="default", name="batchedit.work_on_edit")
def work_on_edit(edit_id: int) -> None:
    """Do what the state of an edit asks for; nothing when another process does it or it is done."""
    edit = BatchEdit.objects.select_related("library__scope").filter(pk=edit_id).first()
    step = STEPS.get(EditState(edit.state)) if edit else None
    if edit is None or step is None:
        return
    try:
        step(actor=_actor_of(edit), edit=edit)
    except AlreadyRunning:
        return
    except Refused:
        # The person who asked may not do this any more: it stops where it is, and somebody else may go on.
        give_up(edit)


@jobs.task(queue="maintenance", name="batchedit.resume_edits")
def resume_edits(timestamp: int | None = None) -> None:
    """Queue the edits that are under way; one that somebody still works on is left to them by its lock."""
    for edit_id in BatchEdit.objects.filter(state__in=UNDER_WAY).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_edit.configure(queueing_lock=f"batch-edit-{edit_id}").defer(edit_id=edit_id)
