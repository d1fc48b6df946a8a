"""What happens by itself: backups and restore tests on time, what was interrupted, what is removed, what is told."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicTask

from lienthu.audit.models import Entry
from lienthu.config.schedule import SCHEDULE
from lienthu.identity.access import Refused
from lienthu.identity.tests.factories import actor, make_cast
from lienthu.kernel import clock, jobs
from lienthu.kernel.clock import VIETNAM
from lienthu.operations.actions import look_after, remove_old_jobs, request_backup, request_restore_test
from lienthu.operations.actions.backups import remove_expired
from lienthu.operations.jobs import work_on_backup
from lienthu.operations.models import BackupRun, RestoreTest
from lienthu.operations.tests.conftest import SYSTEM, Home, fill

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(task: str) -> list[dict[str, int]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=task, status="todo")]


@pytest.fixture(autouse=True)
def _no_jobs(transactional_db):
    yield
    ProcrastinateJob.objects.all()._raw_delete("default")


def done_run(home: Home, at: datetime, **values: object) -> BackupRun:
    """A finished backup of that moment with a file in the folder."""
    name = f"lienthu-backup-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z.lienthu"
    home.backups.mkdir(exist_ok=True)
    (home.backups / name).write_bytes(b"x")
    run = BackupRun.objects.create(
        kind="SCHEDULED", status="DONE", folder=str(home.backups), file_name=name, actor_name="tests", **values
    )
    BackupRun.objects.filter(pk=run.pk).update(created_at=at, started_at=at)
    return run


def test_every_periodic_task_of_the_schedule_exists():
    assert {name for _cron, name in SCHEDULE} <= set(jobs.app.tasks)


def test_daily_work_is_done_at_night():
    for cron, name in SCHEDULE:
        minute, hour, *_rest = cron.split()
        if minute.isdecimal():
            runs = PeriodicTask(task=jobs.app.tasks[name], cron=cron, periodic_id="", configure_kwargs={}).croniter
            runs.set_current(start_time=datetime(2026, 11, 23, 0, 1, tzinfo=UTC).timestamp())
            assert hour.isdecimal() and datetime.fromtimestamp(runs.get_next(ret_type=float), VIETNAM).hour < 6, name


def test_what_was_cut_off_is_taken_up_again_within_half_a_minute_at_any_time_of_the_hour():
    begins = datetime(2026, 11, 23, 0, 1, tzinfo=UTC).timestamp()
    for cron, name in SCHEDULE:
        if ".resume_" in name:
            runs = PeriodicTask(task=jobs.app.tasks[name], cron=cron, periodic_id="", configure_kwargs={}).croniter
            runs.set_current(start_time=begins)
            times = [round(runs.get_next(ret_type=float) - begins) for _ in range(4)]
            assert times == [20, 40, 60, 80], name


def test_a_scheduled_backup_is_ordered_once_made_by_its_job_and_told_in_the_trail(home: Home):
    fill(3)
    night = datetime(2036, 1, 2, 2, 35, tzinfo=VIETNAM)
    with clock.frozen(night):
        look_after(actor=SYSTEM)
        look_after(actor=SYSTEM)
        assert [job["run_id"] for job in waiting("operations.make_backup")] == [BackupRun.objects.get().pk]
        run = BackupRun.objects.get()
        assert (run.kind, run.status) == ("SCHEDULED", "WAITING")
        work_on_backup(run.pk)
        run.refresh_from_db()
        assert (run.status, run.file_name) == ("DONE", "lienthu-backup-20360101T193500Z.lienthu")
        assert (home.backups / run.file_name).exists()
    actions = list(Entry.objects.order_by("-seq").values_list("action", flat=True)[:2])
    assert actions == ["operations.backup_made", "operations.request_backup"]


def test_after_the_backup_comes_the_weekly_restore_test(home: Home):
    done_run(home, datetime(2036, 1, 2, 2, 35, tzinfo=VIETNAM))
    with clock.frozen(datetime(2036, 1, 2, 3, 0, tzinfo=VIETNAM)):
        look_after(actor=SYSTEM)
    assert [job["test_id"] for job in waiting("operations.test_restore")] == [RestoreTest.objects.get().pk]
    assert BackupRun.objects.count() == 1


def test_without_a_schedule_nothing_is_ordered(home: Home):
    with override_settings(BACKUP_SCHEDULED=False), clock.frozen(datetime(2036, 1, 2, 3, 0, tzinfo=VIETNAM)):
        look_after(actor=SYSTEM)
    assert not BackupRun.objects.exists()


def test_a_failed_backup_leaves_its_reason_and_is_tried_again_after_an_hour(home: Home):
    start = datetime(2036, 1, 2, 2, 35, tzinfo=VIETNAM)
    blocked = home.path / "tep"
    blocked.write_text("")
    with override_settings(BACKUP_DIR=str(blocked)):
        with clock.frozen(start):
            look_after(actor=SYSTEM)
            run = BackupRun.objects.get()
            BackupRun.objects.update(created_at=start)
            work_on_backup(run.pk)
        run.refresh_from_db()
        assert (run.status, run.problem["code"]) == ("FAILED", "folder_unusable")
        with clock.frozen(start + timedelta(minutes=50)):
            look_after(actor=SYSTEM)
        assert BackupRun.objects.count() == 1
        with clock.frozen(start + timedelta(minutes=70)):
            look_after(actor=SYSTEM)
        assert BackupRun.objects.count() == 2


def test_a_run_whose_process_is_gone_is_called_interrupted(home: Home):
    run = BackupRun.objects.create(kind="DESK", status="RUNNING", folder=str(home.backups), actor_name="tests")
    look_after(actor=SYSTEM)
    run.refresh_from_db()
    assert (run.status, run.problem["code"]) == ("FAILED", "interrupted")


def test_retention_removes_files_that_are_too_many_but_never_the_newest_or_the_tested_one(home: Home):
    newest = datetime(2026, 11, 22, 2, 30, tzinfo=VIETNAM)
    runs = [done_run(home, newest - timedelta(days=day)) for day in range(6)]
    RestoreTest.objects.create(
        kind="SCHEDULED", status="DONE", backup=runs[4], path="", actor_name="tests", finished_at=newest
    )
    strange = home.backups / "lienthu-backup-20200101T000000Z.lienthu"
    strange.write_bytes(b"of another installation")
    with override_settings(BACKUP_KEEP="2,0,0"):
        removed = remove_expired(actor=SYSTEM)
        assert remove_expired(actor=SYSTEM) == []
    assert sorted(removed) == sorted(runs[number].file_name for number in (2, 3, 5))
    left = {path.name for path in home.backups.iterdir()}
    assert left == {runs[0].file_name, runs[1].file_name, runs[4].file_name, strange.name}
    assert BackupRun.objects.exclude(removed_at=None).count() == 3
    assert Entry.objects.order_by("-seq").first().action == "operations.backup_removed"


def test_a_restored_home_is_noted_in_the_trail_once(home: Home):
    note = home.path / "restored.json"
    note.write_text(json.dumps({"file": "lienthu-backup-x.lienthu", "rows": 7, "noted": False}))
    with override_settings(BACKUP_SCHEDULED=False):
        look_after(actor=SYSTEM)
        entry = Entry.objects.order_by("-seq").first()
        look_after(actor=SYSTEM)
    assert (entry.action, entry.target_id) == ("operations.restored", "lienthu-backup-x.lienthu")
    assert Entry.objects.order_by("-seq").first().seq == entry.seq
    assert json.loads(note.read_text())["noted"] is True


def test_the_backup_that_a_home_was_restored_from_is_not_called_interrupted_there(home: Home):
    run = BackupRun.objects.create(kind="SCHEDULED", status="RUNNING", folder="/mnt", actor_name="tests")
    made_at = (clock.now() + timedelta(seconds=5)).isoformat()
    note = {"file": "lienthu-backup-x.lienthu", "made_at": made_at, "size": 9, "rows": 7, "noted": True}
    (home.path / "restored.json").write_text(json.dumps(note))
    look_after(actor=SYSTEM)
    run.refresh_from_db()
    assert (run.status, run.file_name, run.size, run.rows) == ("DONE", "lienthu-backup-x.lienthu", 9, 7)


def test_only_those_who_hold_the_permission_for_the_network_order_backups(home: Home):
    people = make_cast()
    run = done_run(home, clock.now())
    before = Entry.objects.order_by("-seq").first()
    for account in (people.librarian, people.manager, people.inspector):
        with pytest.raises(Refused):
            request_backup(actor=actor(account))
        with pytest.raises(Refused):
            request_restore_test(actor=actor(account), backup=run)
    assert BackupRun.objects.count() == 1 and not RestoreTest.objects.exists()
    assert Entry.objects.order_by("-seq").first() == before
    assert request_backup(actor=actor(people.administrator)).actor_name == people.administrator.full_name


def test_two_orders_at_once_are_one_backup(home: Home):
    first, second = request_backup(actor=SYSTEM), request_backup(actor=SYSTEM)
    assert first.pk == second.pk
    assert len(waiting("operations.make_backup")) == 1


@contextmanager
def no_event_loop() -> Iterator[None]:
    """A browser of other tests may have left its event loop running in this thread; jobs run without one."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


def test_finished_jobs_are_forgotten_after_a_week_and_failed_ones_later(home: Home):
    for status, days in (("succeeded", 6), ("succeeded", 8), ("failed", 8), ("failed", 100), ("todo", 100)):
        job_id = jobs.app.tasks["audit.anchor"].defer(timestamp=days)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s",
                [days, job_id],
            )
    with no_event_loop():
        remove_old_jobs()
    left = ProcrastinateJob.objects.order_by("pk").values_list("status", "args__timestamp")
    assert list(left) == [("succeeded", 6), ("failed", 8), ("todo", 100)]
