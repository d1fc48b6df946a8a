"""Making backups: ordered by a person, by the schedule or by a command."""

from pathlib import Path
from typing import Any

from django.conf import settings

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.operations.access import RUN_BACKUP
from lienthu.operations.actions.runs import (
    Signs,
    change,
    close_interrupted,
    close_interrupted_before,
    failure_noted,
    own_address,
    start,
    unfinished,
)
from lienthu.operations.backup.keys import backup_key
from lienthu.operations.backup.snapshot import BACKUP_LOCK, only_one
from lienthu.operations.backup.writing import Made, moment_of_name, write_backup
from lienthu.operations.models import BackupRun, RestoreTest, RunKind, RunStatus
from lienthu.operations.policy import kept, read_retention


def backup_folder() -> Path:
    """Where scheduled backups go."""
    return Path(settings.BACKUP_DIR)


def request_backup(*, actor: Actor, kind: Any = RunKind.DESK) -> BackupRun:
    """Order a backup in the background; one that waits or runs already is returned instead.

    Raises Refused without the permission for the whole network.
    """
    require(actor, RUN_BACKUP)
    close_interrupted()
    with writing(actor) as w:
        run = unfinished(BackupRun)
        if run is not None:
            w.nothing_changed()
            return run
        run = _new(actor, backup_folder(), kind)
        w.audit("operations.request_backup", target=("backup", run.pk))
        w.publish("operations.backup_requested", run_id=run.pk)
    return run


def order_backup(*, actor: Actor, folder: Path) -> BackupRun:
    """A backup that this process makes itself, into a folder of its own choice."""
    require(actor, RUN_BACKUP)
    return _new(actor, folder, RunKind.COMMAND)


def _new(actor: Actor, folder: Path, kind: Any) -> BackupRun:
    return BackupRun.objects.create(
        kind=kind, folder=str(folder), actor_id=actor.account_id, actor_name=actor.name, moved_at=clock.now()
    )


def make_backup(*, actor: Actor, run: BackupRun, report: Any = None) -> Made:
    """Make an ordered backup now. Raises BackupProblem, which the row and the trail tell too."""
    require(actor, RUN_BACKUP)
    address = own_address()
    with (
        failure_noted(run, actor=actor, action="operations.backup_failed", target=("backup", run.pk)),
        only_one(address, BACKUP_LOCK, problem="another_running"),
    ):
        close_interrupted_before(run)
        start(run)
        made = write_backup(
            address=address, folder=Path(run.folder), passphrase=backup_key(), report=Signs(run, also=report)
        )
        _finish(actor, run, made)
    if run.kind != RunKind.COMMAND:
        remove_expired(actor=actor)
    return made


def _finish(actor: Actor, run: BackupRun, made: Made) -> None:
    with writing(actor) as w:
        change(
            run,
            status=RunStatus.DONE,
            finished_at=clock.now(),
            folder=str(made.path.parent),
            file_name=made.path.name,
            size=made.size,
            sha256=made.sha256,
            encrypted=made.encrypted,
            rows=made.facts.rows,
            documents=made.documents,
            document_bytes=made.document_bytes,
            audit_seq=made.facts.audit_seq,
            warnings=made.warnings,
        )
        w.audit(
            "operations.backup_made",
            target=("backup", run.pk),
            details={"file": made.path.name, "size": made.size, "sha256": made.sha256, "encrypted": made.encrypted},
        )


def remove_expired(*, actor: Actor) -> list[str]:
    """Remove the files that the retention does not keep; only those that this installation made by itself.

    The newest backup and the one of the last good restore test stay in any case.
    """
    own = BackupRun.objects.filter(status=RunStatus.DONE, removed_at=None, folder=str(backup_folder())).exclude(
        kind=RunKind.COMMAND
    )
    moments = {run.pk: _local_moment(run) for run in own}
    keep = kept(moments.values(), read_retention(settings.BACKUP_KEEP))
    tested = RestoreTest.objects.filter(status=RunStatus.DONE).order_by("-finished_at").values_list("backup_id").first()
    removed = []
    for run in own:
        if moments[run.pk] in keep or (tested and run.pk == tested[0]):
            continue
        with writing(actor) as w:
            (Path(run.folder) / run.file_name).unlink(missing_ok=True)
            change(run, removed_at=clock.now())
            w.audit("operations.backup_removed", target=("backup", run.pk), details={"file": run.file_name})
        removed.append(run.file_name)
    return removed


def _local_moment(run: BackupRun) -> Any:
    moment = moment_of_name(run.file_name) or run.created_at
    return moment.astimezone(clock.VIETNAM)
