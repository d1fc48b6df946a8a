"""Restore tests: a backup is only good once it has been restored. Each one really is, into a throw-away database."""

from dataclasses import dataclass
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
from lienthu.operations.backup.filling import compare, fill_database, throwaway_server, verify_trail, write_anchors
from lienthu.operations.backup.keys import opening_key
from lienthu.operations.backup.reading import Checked, check_file, require_known_migrations
from lienthu.operations.backup.snapshot import TEST_LOCK, only_one
from lienthu.operations.backup.space import require_space
from lienthu.operations.models import BackupRun, RestoreTest, RunKind, RunStatus


@dataclass(frozen=True)
class Rehearsed:
    """What a restore test has proved."""

    checked: Checked
    tables: int
    rows: int
    documents: int
    audit_entries: int


def rehearse(*, path: Path, passphrase: str | None, scratch: Path, report: Any) -> Rehearsed:
    """Read the whole file, restore its database into a throw-away server, compare every table, check the trail.

    Needs no database of one's own. Raises BackupProblem at the first thing that is not as it was.
    """
    checked = check_file(path, passphrase, lambda done, total: report("READING", done, total))
    require_known_migrations(checked.manifest)
    require_space({scratch: checked.manifest.database_bytes})
    with throwaway_server(scratch) as server:
        report("RESTORING", 0, 0)
        fill_database(checked, server.address, passphrase)
        facts = compare(checked, server.address, report)
        report("TRAIL", 0, 0)
        write_anchors(checked, server.home, passphrase)
        entries = verify_trail(server.home, server.url, (server.descriptor,))
    return Rehearsed(
        checked=checked,
        tables=len(facts.tables),
        rows=facts.rows,
        documents=len(checked.manifest.documents),
        audit_entries=entries,
    )


def request_restore_test(*, actor: Actor, backup: BackupRun, kind: Any = RunKind.DESK) -> RestoreTest:
    """Order a restore test of a backup in the background; one that waits or runs already is returned instead."""
    require(actor, RUN_BACKUP)
    close_interrupted()
    with writing(actor) as w:
        test = unfinished(RestoreTest)
        if test is not None:
            w.nothing_changed()
            return test
        test = order_restore_test(actor=actor, path=Path(backup.folder) / backup.file_name, kind=kind)
        w.audit("operations.request_restore_test", target=("restore_test", test.pk))
        w.publish("operations.restore_test_requested", test_id=test.pk)
    return test


def order_restore_test(*, actor: Actor, path: Path, kind: Any = RunKind.COMMAND) -> RestoreTest:
    """A row for a test that this process makes itself; the backup is found again by its file."""
    require(actor, RUN_BACKUP)
    backup = BackupRun.objects.filter(folder=str(path.parent), file_name=path.name).order_by("-pk").first()
    return RestoreTest.objects.create(
        kind=kind,
        backup=backup,
        path=str(path),
        actor_id=actor.account_id,
        actor_name=actor.name,
        moved_at=clock.now(),
    )


def run_restore_test(*, actor: Actor, test: RestoreTest, report: Any = None) -> Rehearsed:
    """Do an ordered restore test now. Raises BackupProblem, which the row and the trail tell too."""
    require(actor, RUN_BACKUP)
    target = ("restore_test", test.pk)
    with (
        failure_noted(test, actor=actor, action="operations.restore_test_failed", target=target),
        only_one(own_address(), TEST_LOCK, problem="test_running"),
    ):
        close_interrupted_before(test)
        start(test)
        done = rehearse(
            path=Path(test.path),
            passphrase=opening_key(),
            scratch=Path(settings.HOME) / "run",
            report=Signs(test, also=report),
        )
        with writing(actor) as w:
            change(
                test,
                status=RunStatus.DONE,
                finished_at=clock.now(),
                size=done.checked.size,
                tables=done.tables,
                rows=done.rows,
                documents=done.documents,
                audit_entries=done.audit_entries,
            )
            w.audit("operations.restore_tested", target=target, details={"file": Path(test.path).name})
    return done
