"""Background entries of the authority file: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lienthu.authorities.actions import carry_change, note_headings, return_change, work_on_upload
from lienthu.authorities.actions.uploads import WORKING
from lienthu.authorities.models import Change, ChangeState, Upload
from lienthu.identity.access import Actor, actor_by_id, system_actor
from lienthu.kernel import jobs
from lienthu.kernel.locks import AlreadyRunning

STEPS = {
    ChangeState.WAITING: carry_change,
    ChangeState.RUNNING: carry_change,
    ChangeState.REVERTING: return_change,
}


def enqueue(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `authorities.change_requested`."""
    work_on_change.defer(change_id=payload["change_id"])


def enqueue_upload(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `authorities.upload_requested`."""
    work_on_upload_of.defer(upload_id=payload["upload_id"])


def _actor_of(work: Change | Upload) -> Actor:
    return actor_by_id(work.actor_id) if work.actor_id else system_actor(work.actor_name)


@jobs.task(queue="default", name="authorities.work_on_change")
def work_on_change(change_id: int) -> None:
    """Do what the state of a change asks for; nothing when another process does it or it is done."""
    change = Change.objects.get(pk=change_id)
    step = STEPS.get(ChangeState(change.state))
    if step is None:
        return
    with contextlib.suppress(AlreadyRunning):
        step(actor=_actor_of(change), change=change)


@jobs.task(queue="imports", name="authorities.work_on_upload")
def work_on_upload_of(upload_id: int) -> None:
    """Try a file of authority records or take it in; nothing when another process does it or it is done."""
    upload = Upload.objects.get(pk=upload_id)
    with contextlib.suppress(AlreadyRunning):
        work_on_upload(actor=_actor_of(upload), upload=upload)


@jobs.task(queue="maintenance", name="authorities.resume_changes")
def resume_changes(timestamp: int | None = None) -> None:
    """Queue the changes and files under way; one that somebody still works on is left to them by its lock."""
    for upload_id in Upload.objects.filter(state__in=WORKING).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_upload_of.configure(queueing_lock=f"authority-file-{upload_id}").defer(upload_id=upload_id)
    for change_id in Change.objects.filter(state__in=list(STEPS)).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            work_on_change.configure(queueing_lock=f"authority-change-{change_id}").defer(change_id=change_id)


@jobs.task(queue="maintenance", name="authorities.note_headings")
def note_new_headings(timestamp: int | None = None) -> None:
    """Note the plain names of new headings, for the report of possible duplicates."""
    note_headings()
