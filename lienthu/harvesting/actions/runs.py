"""The life of a run: asked for, begun, asleep, stopped, finished; one worker and one run of a source at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.harvesting.access import MANAGE
from lienthu.harvesting.models import Run, RunKind, RunState, Source
from lienthu.harvesting.policy import LIMITS, UNFINISHED, may_follow, wait_seconds
from lienthu.identity.access import Actor, require, system_actor
from lienthu.kernel import clock

# Names this use among PostgreSQL's advisory locks; the second key is the source.
LOCK_CLASS = 7_341


class AlreadyActive(RuntimeError):
    """A run of this source is under way or waits for its turn."""


class SourceWithdrawn(RuntimeError):
    """The records of this source were taken out; bring them back before harvesting again."""


class LostPlace(RuntimeError):
    """The run moved under our feet, or is in a state from which this step may not start."""


def start_run(
    *,
    actor: Actor,
    source: Source,
    kind: str = "HARVEST",
    full: bool = False,
    undoes: Run | None = None,
    in_background: bool = True,
) -> Run:
    """Ask for a run over a source; a job does it, or with `in_background` False the caller.

    Raises Refused, AlreadyActive, SourceWithdrawn.
    """
    require(actor, MANAGE, at=source.library.scope)
    with writing(actor) as w:
        locked = Source.objects.select_for_update().get(pk=source.pk)
        if locked.runs.filter(state__in=UNFINISHED).exists():
            raise AlreadyActive(source.name)
        if locked.withdrawn and kind == RunKind.HARVEST:
            raise SourceWithdrawn(source.name)
        run = Run.objects.create(
            source=source,
            kind=kind,
            full=full,
            undoes=undoes,
            actor_id=actor.account_id,
            actor_name=actor.name,
        )
        if kind == RunKind.HARVEST:
            Source.objects.filter(pk=source.pk).update(tried_at=clock.now())
        w.audit(
            "harvesting.run_started",
            target=("harvest", run.public_id),
            at=source.library.code,
            details={"source": source.name, "kind": kind, "full": full},
        )
        if in_background:
            w.publish("harvesting.run_requested", run_id=run.pk)
    return run


def start_restore(*, actor: Actor, run: Run, in_background: bool = True) -> Run:
    """Bring back what `run` has withdrawn. Raises Refused, AlreadyActive."""
    return start_run(actor=actor, source=run.source, kind="RESTORE", undoes=run, in_background=in_background)


def worker_of(run: Run) -> Actor:
    """Who does the work of a run: the product; the run itself names who asked for it."""
    return system_actor(f"harvesting: {run.source.name}")


def move(run: Run, state: str, **changes: Any) -> None:
    """Bring a run to its next state. Raises LostPlace when that may not follow or somebody else was quicker."""
    if not may_follow(current=run.state, wanted=state):
        raise LostPlace(f"{run.state} -> {state}")
    change(run, state=state, **changes)


def change(run: Run, **changes: Any) -> None:
    """Write fields of a run that is still in the state that the caller saw. Raises LostPlace."""
    changes["moved_at"] = clock.now()
    if not Run.objects.filter(pk=run.pk, state=run.state).update(**changes):
        raise LostPlace(run.state)
    for name, value in changes.items():
        setattr(run, name, value)


def counted(run: Run, **more: int) -> dict[str, int]:
    """The counts of a run with these added."""
    return run.counts | {key: run.counts.get(key, 0) + value for key, value in more.items()}


def sleep(run: Run, *, code: str, params: dict[str, Any] | None = None, asked: float | None = None) -> None:
    """Put a run to sleep after a request that failed; the schedule wakes it. After too many in a row it stops."""
    tries = run.tries + 1
    allowed = LIMITS.broken_tries if code in ("xml_broken", "not_oai") else LIMITS.tries
    awake = (clock.now() - (run.started_at or run.created_at)).total_seconds() / 3600
    if tries >= allowed or awake >= LIMITS.hours:
        stop(run, code=code, params=params)
        return
    seconds = wait_seconds(tries=tries, asked=asked)
    move(
        run,
        "WAITING",
        tries=tries,
        resume_at=clock.now() + timedelta(seconds=seconds),
        problem={"code": code, "params": params or {}},
    )


def wake(run: Run) -> bool:
    """Let a waiting run go on when its time has come; tell whether it did."""
    if run.resume_at and run.resume_at > clock.now():
        return False
    move(run, "COLLECTING", resume_at=None, problem=None)
    return True


def stop(run: Run, *, code: str, params: dict[str, Any] | None = None) -> None:
    """End a run for this reason. What it has collected by now is imported first, so nothing good is lost."""
    problem = {"code": code, "params": params or {}}
    if run.state in (RunState.COLLECTING, RunState.WAITING) and run.counts.get("pages"):
        move(run, "IMPORTING", problem=problem, resume_at=None)
        return
    finish(run, state="STOPPED", problem=problem)


def finish(run: Run, *, state: str, problem: dict[str, Any] | None = None) -> None:
    """Close a run with its audit entry."""
    with writing(worker_of(run)) as w:
        move(run, state, problem=problem, finished_at=clock.now(), resume_at=None)
        w.audit(
            "harvesting.run_finished" if state == RunState.DONE else "harvesting.run_stopped",
            target=("harvest", run.public_id),
            at=run.source.library.code,
            details={"source": run.source.name, "counts": run.counts, "problem": problem or {}},
        )


@contextmanager
def sole_worker(run: Run) -> Iterator[bool]:
    """Hold the lock of a source while working on it; gives False when another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, run.source_id])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, run.source_id])
