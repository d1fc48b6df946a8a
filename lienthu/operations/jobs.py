"""Background entries of operations: an id in, one action called. Every one may run twice."""

import contextlib
from typing import Any

from lienthu.identity.access import Actor, actor_by_id, system_actor
from lienthu.kernel import jobs
from lienthu.operations.actions import look_after, make_backup, remove_old_jobs, run_restore_test
from lienthu.operations.models import BackupRun, RestoreTest, Run, RunStatus
from lienthu.operations.problems import BackupProblem

SYSTEM = "lienthu backup"


def enqueue_backup(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `operations.backup_requested`."""
    work_on_backup.defer(run_id=payload["run_id"])


def enqueue_restore_test(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `operations.restore_test_requested`."""
    work_on_restore_test.defer(test_id=payload["test_id"])


def _actor_of(run: Run) -> Actor:
    return actor_by_id(run.actor_id) if run.actor_id else system_actor(run.actor_name)


@jobs.task(queue="maintenance", name="operations.make_backup")
def work_on_backup(run_id: int) -> None:
    """Make a backup that was ordered; its row tells how it ended."""
    run = BackupRun.objects.get(pk=run_id)
    if run.status == RunStatus.WAITING:
        with contextlib.suppress(BackupProblem):
            make_backup(actor=_actor_of(run), run=run)


@jobs.task(queue="maintenance", name="operations.test_restore")
def work_on_restore_test(test_id: int) -> None:
    """Do a restore test that was ordered; its row tells how it ended."""
    test = RestoreTest.objects.get(pk=test_id)
    if test.status == RunStatus.WAITING:
        with contextlib.suppress(BackupProblem):
            run_restore_test(actor=_actor_of(test), test=test)


@jobs.task(queue="maintenance", name="operations.look_after")
def care(timestamp: int | None = None) -> None:
    """Order what is due, close what was interrupted (periodic)."""
    look_after(actor=system_actor(SYSTEM))


@jobs.task(queue="maintenance", name="operations.remove_old_jobs")
def forget_jobs(timestamp: int | None = None) -> None:
    """Forget background jobs that were finished long ago (periodic)."""
    remove_old_jobs()
