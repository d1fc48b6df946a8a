"""What backups and restore tests share: starting, signs of life, the outcome, and those that were interrupted."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.operations.backup.contents import restored_note
from lienthu.operations.backup.programs import Address, address_of
from lienthu.operations.backup.snapshot import BACKUP_LOCK, TEST_LOCK, is_held
from lienthu.operations.models import BackupRun, RestoreTest, Run, RunStatus
from lienthu.operations.problems import BackupProblem

log = structlog.get_logger(__name__)

_NOTE_SECONDS = 1.0
# A job that was lost before it began; the queue is never that long.
_FORGOTTEN = timedelta(days=1)

AnyRun = TypeVar("AnyRun", bound=Run)


def own_address() -> Address:
    """How other programs reach the database that Django uses."""
    return address_of(connection.get_connection_params())


class Signs:
    """Writes the phase and progress of a run into its row, at most once a second; also told to `also`."""

    def __init__(self, run: Run, also: Any = None) -> None:
        self._run, self._also, self._noted = run, also, 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        if self._also:
            self._also(phase, done, total)
        now = time.monotonic()
        if phase == self._run.phase and now - self._noted < _NOTE_SECONDS:
            return
        self._noted = now
        change(self._run, phase=phase, done=done, total=total)


def change(run: Run, **values: Any) -> None:
    """Change a row and what is known of it here."""
    values |= {"moved_at": clock.now()}
    type(run)._default_manager.filter(pk=run.pk).update(**values)
    for name, value in values.items():
        setattr(run, name, value)


def start(run: Run) -> None:
    change(run, status=RunStatus.RUNNING, started_at=clock.now(), problem=None)


@contextmanager
def failure_noted(run: Run, *, actor: Actor, action: str, target: tuple[str, int]) -> Iterator[None]:
    """Whatever goes wrong in the block is written into the row and the trail, and raised again as BackupProblem."""
    try:
        yield
    except BackupProblem as problem:
        fail(run, problem, actor=actor, action=action, target=target)
        raise
    except OSError as error:
        known = BackupProblem("system_error", reason=error.strerror or str(error))
        fail(run, known, actor=actor, action=action, target=target)
        raise known from error
    except Exception as error:
        unknown = BackupProblem("unexpected", reason=f"{type(error).__name__}: {error}"[:500])
        log.exception("operations.run_failed", run=str(run))
        fail(run, unknown, actor=actor, action=action, target=target)
        raise unknown from error


def fail(run: Run, problem: BackupProblem, *, actor: Actor, action: str, target: tuple[str, int]) -> None:
    with writing(actor) as w:
        change(run, status=RunStatus.FAILED, problem=problem.as_json(), finished_at=clock.now())
        w.audit(action, target=target, details=problem.as_json())


def close_interrupted() -> None:
    """Say of runs whose process is gone that they were interrupted. A living one holds its lock."""
    _finish_restored()
    for model, lock in ((BackupRun, BACKUP_LOCK), (RestoreTest, TEST_LOCK)):
        running = model._default_manager.filter(status=RunStatus.RUNNING)
        if running.exists() and not is_held(own_address(), lock):
            _interrupt(running)
        _interrupt(model._default_manager.filter(status=RunStatus.WAITING, moved_at__lt=clock.now() - _FORGOTTEN))


def _finish_restored() -> None:
    """A backup holds its own row as still running. In a home restored from it, that backup is known to be good."""
    note = restored_note()
    made_at = parse_datetime(str(note.get("made_at", "")))
    if made_at is None:
        return
    BackupRun.objects.filter(status=RunStatus.RUNNING, created_at__lte=made_at).update(
        status=RunStatus.DONE,
        finished_at=made_at,
        file_name=str(note.get("file", "")),
        size=note.get("size", 0),
        rows=note.get("rows", 0),
    )


def close_interrupted_before(run: Run) -> None:
    """The same for one who holds the lock: every other running one of its kind is dead."""
    _interrupt(type(run)._default_manager.filter(~Q(pk=run.pk), status=RunStatus.RUNNING))


def _interrupt(runs: Any) -> None:
    problem = BackupProblem("interrupted").as_json()
    runs.update(status=RunStatus.FAILED, problem=problem, finished_at=clock.now())


def unfinished(model: type[AnyRun]) -> AnyRun | None:
    """One that waits or runs, so that two clicks order one. Call it within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BACKUP_LOCK + 10])
    return model._default_manager.filter(status__in=[RunStatus.WAITING, RunStatus.RUNNING]).first()
