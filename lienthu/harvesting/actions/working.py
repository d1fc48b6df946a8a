"""One turn of work on a run: whatever its state asks for, for a while, so that other jobs get theirs."""

from django.db import IntegrityError, transaction

from lienthu.audit.actions import writing
from lienthu.harvesting.actions.collecting import collect
from lienthu.harvesting.actions.importing import import_collected
from lienthu.harvesting.actions.runs import (
    AlreadyActive,
    SourceWithdrawn,
    move,
    sole_worker,
    start_run,
    wake,
    worker_of,
)
from lienthu.harvesting.actions.withdrawing import work_on_whole
from lienthu.harvesting.models import Run, RunKind, RunState, Source
from lienthu.harvesting.policy import UNFINISHED, ask_from, is_due
from lienthu.identity.access import system_actor
from lienthu.kernel import clock

TURN_SECONDS = 60.0


def work_on(run_id: int, *, seconds: float = TURN_SECONDS) -> Run:
    """Work on a run for about `seconds`; it may end asleep, unfinished or done. May be called at any time, twice too.

    Nothing happens while another process works on the same source.
    """
    run = _load(run_id)
    with sole_worker(run) as held:
        if not held:
            return run
        run = _load(run_id)
        if run.state == RunState.QUEUED and not _begin(run):
            return run
        if run.state == RunState.WAITING and not wake(run):
            return run
        if run.state == RunState.COLLECTING:
            collect(run, seconds=seconds)
        if run.state == RunState.IMPORTING:
            import_collected(run)
        if run.state == RunState.WORKING:
            work_on_whole(run, seconds=seconds)
    return run


def has_more(run: Run) -> bool:
    """Whether the next turn may follow at once."""
    return run.state in (RunState.COLLECTING, RunState.WORKING)


def _load(run_id: int) -> Run:
    return Run.objects.select_related("source__library__scope", "batch__library__scope", "undoes").get(pk=run_id)


def _begin(run: Run) -> bool:
    """Start a queued run; False while another run of the source is under way."""
    source = run.source
    changes = {"started_at": clock.now()}
    try:
        if run.kind != RunKind.HARVEST:
            with transaction.atomic():
                move(run, "WORKING", **changes)
            return True
        synced = None if run.full else source.synced_to
        since = ask_from(synced=synced, granularity=source.granularity, earliest=source.earliest)
        with transaction.atomic():
            move(run, "COLLECTING", since=since, **changes)
    except IntegrityError:
        return False
    return True


def after_revert(batch_id: int) -> Run | None:
    """The import of a harvest was taken back: pause its source, and bring back what the harvest had withdrawn.

    Returns the run that does the latter, None when nothing was withdrawn or the import was no harvest. Without the
    pause the schedule would soon undo the undoing; the next harvest, started by a person, asks as the reverted one did.
    """
    run = Run.objects.filter(batch_id=batch_id).select_related("source__library__scope").first()
    if run is None or run.undone_by.exists():
        return None
    source = run.source
    with writing(worker_of(run)) as w:
        Source.objects.filter(pk=source.pk).update(enabled=False, synced_to=run.since)
        w.audit(
            "harvesting.source_paused",
            target=("source", source.public_id),
            at=source.library.code,
            details={"harvest": run.public_id},
        )
        if not run.withdrawn.exists():
            return None
        return Run.objects.create(source=source, kind=RunKind.RESTORE, undoes=run, actor_name=w.actor.name)


def start_due() -> list[Run]:
    """Start what the schedule asks for and return all runs that somebody has to work on now."""
    now = clock.now()
    for source in Source.objects.filter(enabled=True, withdrawn=False).select_related("library__scope"):
        if is_due(last_try=source.tried_at, every_hours=source.every_hours, now=now):
            try:
                start_run(actor=system_actor("harvesting: schedule"), source=source, in_background=False)
            except (AlreadyActive, SourceWithdrawn):
                continue
    waiting = Run.objects.filter(state__in=UNFINISHED).order_by("pk")
    return [run for run in waiting if not (run.state == RunState.WAITING and run.resume_at and run.resume_at > now)]
