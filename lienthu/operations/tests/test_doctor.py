"""The doctor on a healthy installation and on broken ones; the checks of the settings."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import checks
from django.core.management import call_command
from django.test import override_settings

from lienthu.kernel import clock
from lienthu.operations.backup import space
from lienthu.operations.doctor import Finding, examine, examine_quickly, machine
from lienthu.operations.models import BackupRun
from lienthu.operations.policy import State
from lienthu.operations.tests.conftest import Home, fill

needs_database = pytest.mark.django_db(transaction=True)


def found(findings: list[Finding], name: str) -> Finding:
    return next(one for one in findings if one.name == name)


def settings_codes(**values: object) -> set[str]:
    sound = {
        "PRODUCTION": True,
        "DEBUG": False,
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": ["thuvien.example.vn"],
        "SITE_URL": "https://thuvien.example.vn",
        "OAI_NAMESPACE": "thuvien.example.vn",
        "STAFF_MFA_REQUIRED": True,
        "SECURE_SSL_REDIRECT": True,
        "BACKUP_KEY": "mot cum tu kha dai",
        "BACKUP_DIR": "/srv/backups",
    }
    with override_settings(**(sound | values)):
        return {str(one.id).removeprefix("lienthu.") for one in checks.run_checks(tags=["lienthu"])}


@needs_database
def test_every_part_is_examined_and_each_that_is_not_well_has_a_cure(home: Home):
    fill(2)
    findings = examine()
    names = [one.name for one in findings]
    assert names == [
        *("python", "home", "disk", "embedded_postgres", "static", "settings", "marc", "mail", "database"),
        *("clock", "index", "workers", "backup", "restore_test", "audit", "records"),
    ]
    assert [one.name for one in findings if one.state != State.OK and not one.cure] == []
    assert found(findings, "database").state == State.OK
    assert found(findings, "marc").sentence == "Đọc được 10 biểu ghi mẫu."
    assert found(findings, "audit").state == State.OK
    assert found(findings, "records").sentence == "Đọc lại được biểu ghi mới nhất."


@needs_database
def test_a_missing_index_dead_workers_and_old_backups_are_found(home: Home):
    fill(2)
    BackupRun.objects.create(
        kind="SCHEDULED",
        status="FAILED",
        folder="x",
        actor_name="tests",
        problem={"code": "no_space", "params": {"folder": "/srv", "free": "1 MB", "needed": "9 GB"}},
    )
    findings = examine_quickly()
    assert found(findings, "index").state == State.WRONG
    assert "lienthu index rebuild" in found(findings, "index").cure
    assert found(findings, "workers").state == State.WRONG
    backup = found(findings, "backup")
    assert backup.state == State.WRONG
    assert "Ổ đĩa của /srv còn trống 1 MB, cần khoảng 9 GB." in backup.sentence


@needs_database
def test_a_good_backup_makes_the_part_well_until_it_is_too_old(home: Home):
    BackupRun.objects.create(kind="DESK", status="DONE", folder="x", actor_name="tests", started_at=clock.now())
    assert found(examine_quickly(), "backup").state == State.OK
    BackupRun.objects.update(started_at=clock.now() - timedelta(days=3))
    assert found(examine_quickly(), "backup").state == State.WARNING
    BackupRun.objects.update(started_at=clock.now() - timedelta(days=9))
    assert found(examine_quickly(), "backup").state == State.WRONG


@needs_database
def test_a_clock_that_disagrees_with_the_database_is_found(home: Home):
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        skewed = found(examine_quickly(), "clock")
    assert skewed.state == State.WRONG
    assert "NTP" in skewed.cure


@needs_database
def test_the_command_tells_machines_the_same_in_json(home: Home):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert answer["state"] == "wrong"
    assert {"name", "label", "state", "sentence", "cure"} <= answer["checks"][0].keys()


def test_it_works_while_the_database_is_down(tmp_path: Path):
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    variables |= {"LIENTHU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lienthu.config.settings"}
    program = [sys.executable, "-m", "django", "doctor", "--json"]
    answer = subprocess.run(program, env=variables, capture_output=True, check=False)
    assert answer.returncode == 1
    parts = {one["name"]: one for one in json.loads(answer.stdout)["checks"]}
    assert parts["database"]["state"] == "wrong"
    assert "lienthu serve" in parts["database"]["cure"]
    assert parts["unasked"]["state"] == "unknown"
    assert parts["python"]["state"] == "ok"


def test_a_home_that_others_may_read_is_found_with_its_key(home: Home):
    (home.path / "secret-key").write_text("x")
    (home.path / "secret-key").chmod(0o644)
    home.path.chmod(0o755)
    opened = machine.home_folder()
    assert opened.state == State.WARNING
    assert opened.cure == f"Chạy: chmod go-rw {home.path} {home.path}/secret-key"


def test_a_home_that_is_not_there_or_half_restored_is_found(home: Home):
    (home.path / "restoring").mkdir()
    assert "lienthu backup restore" in machine.home_folder().cure
    with override_settings(HOME=home.path / "missing"):
        assert machine.home_folder().state == State.WRONG


def test_a_full_disk_is_found(home: Home, monkeypatch):
    monkeypatch.setattr(space, "free_bytes", lambda folder: 10 << 20)
    full = machine.disk_space()
    assert (full.state, "còn trống 10,0 MB" in full.sentence) == (State.WRONG, True)


def test_missing_styles_are_found(home: Home):
    with override_settings(ROOT=home.path):
        missing = machine.static_files()
    assert missing.state == State.WRONG
    assert "app.css" in missing.sentence and "npm run build" in missing.cure


def test_a_sound_production_has_nothing_to_complain_of():
    assert settings_codes() == set()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"SECRET_KEY": "insecure-key-of-a-trial-installation-only-change-it-please"}, "E001"),
        ({"DEBUG": True}, "E002"),
        ({"ALLOWED_HOSTS": ["*"]}, "E003"),
        ({"ALLOWED_HOSTS": []}, "E003"),
        ({"SECRET_KEY": "short-key"}, "W001"),
        ({"STAFF_MFA_REQUIRED": False}, "W002"),
        ({"SITE_URL": "http://thuvien.example.vn"}, "W003"),
        ({"SECURE_SSL_REDIRECT": False}, "W004"),
        ({"BACKUP_KEY": ""}, "W005"),
        ({"BACKUP_DIR": "/srv/home/backups", "HOME": Path("/srv/home")}, "W006"),
        ({"BACKUP_KEEP": "bay"}, "E010"),
        ({"BACKUP_TIME": "25 gio"}, "E011"),
        ({"BACKUP_KEY": "", "BACKUP_KEY_FILE": "/khong/co"}, "E012"),
        ({"BACKUP_KEY": "ngan"}, "E013"),
        ({"PG_PROGRAMS": "/khong/co"}, "E014"),
        ({"SITE_URL": "ftp://thuvien"}, "E020"),
        ({"METRICS_TOKEN": "ngan"}, "E021"),
    ],
)
def test_each_wrong_setting_is_named(values, code):
    assert code in settings_codes(**values)


def test_every_check_says_how_to_mend_it():
    with override_settings(PRODUCTION=True, DEBUG=True, ALLOWED_HOSTS=["*"], BACKUP_KEEP="?", SITE_URL="x"):
        found_messages = checks.run_checks(tags=["lienthu"])
    assert len(found_messages) > 5
    assert all(one.hint for one in found_messages)
