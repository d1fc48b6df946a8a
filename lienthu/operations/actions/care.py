"""The regular care: what is due is ordered, what was interrupted is closed, what is old goes."""

import json
from datetime import datetime
from pathlib import Path

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock, jobs
from lienthu.operations.actions.backups import request_backup
from lienthu.operations.actions.restore_tests import request_restore_test
from lienthu.operations.actions.runs import close_interrupted
from lienthu.operations.backup.contents import RESTORED_NOTE, restored_note
from lienthu.operations.models import BackupRun, RestoreTest, RunKind, RunStatus
from lienthu.operations.policy import backup_is_due, read_time, restore_test_is_due
from lienthu.operations.queries import installed_at, last_attempt, last_success, newest_backup_file

log = structlog.get_logger(__name__)

KEEP_JOBS_HOURS = 7 * 24
KEEP_FAILED_JOBS_HOURS = 90 * 24


def look_after(*, actor: Actor) -> None:
    """Run every few minutes: a machine that was switched off at night makes its backup when it is on again."""
    close_interrupted()
    _note_restore(actor)
    if not settings.BACKUP_SCHEDULED:
        return
    now = clock.now().astimezone(clock.VIETNAM)
    if backup_is_due(
        now=now,
        at=read_time(settings.BACKUP_TIME),
        since=_local(installed_at()) or now,
        last_success=_local(last_success(BackupRun)),
        last_attempt=_local(last_attempt(BackupRun, RunKind.SCHEDULED)),
    ):
        request_backup(actor=actor, kind=RunKind.SCHEDULED)
        return
    newest = newest_backup_file()
    if newest is not None and restore_test_is_due(
        now=now,
        last_success=_local(last_success(RestoreTest)),
        last_attempt=_local(last_attempt(RestoreTest, RunKind.SCHEDULED)),
        have_backup=True,
    ):
        request_restore_test(actor=actor, backup=newest, kind=RunKind.SCHEDULED)


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(clock.VIETNAM) if moment else None


def _note_restore(actor: Actor) -> None:
    """Write into the trail that this database was restored: the restore itself must leave it as it was."""
    path, note = Path(settings.HOME) / RESTORED_NOTE, restored_note()
    if not note or note.get("noted"):
        return
    with writing(actor) as w:
        w.audit("operations.restored", target=("backup", note.get("file", "")), details=note)
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(json.dumps({**note, "noted": True}, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)


def remove_old_jobs() -> None:
    """Forget finished background jobs after a week, failed ones after three months."""
    manager = jobs.app.job_manager
    async_to_sync(manager.delete_old_jobs)(nb_hours=KEEP_JOBS_HOURS)
    async_to_sync(manager.delete_old_jobs)(
        nb_hours=KEEP_FAILED_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    # its own rows of periodic work that nobody needs any more
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers WHERE job_id IS NULL AND defer_timestamp < %s",
            [int(clock.now().timestamp()) - KEEP_JOBS_HOURS * 3600],
        )


def unfinished_work() -> int:
    """Backups and tests that wait or run."""
    states = [RunStatus.WAITING, RunStatus.RUNNING]
    return BackupRun.objects.filter(status__in=states).count() + RestoreTest.objects.filter(status__in=states).count()
