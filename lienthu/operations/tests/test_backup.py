"""Backups while the product runs, read back, restored for real, and damaged in every way."""

import io
import json
import os
import random
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from django.test import override_settings

from lienthu.audit.models import Entry
from lienthu.audit.queries import verify
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.tests.factories import take
from lienthu.operations.actions import order_restore_test, restore_backup, run_restore_test
from lienthu.operations.backup import space
from lienthu.operations.backup.contents import stored_documents
from lienthu.operations.backup.filling import staging_server
from lienthu.operations.backup.reading import check_file
from lienthu.operations.backup.snapshot import facts_of
from lienthu.operations.models import BackupRun, RestoreTest
from lienthu.operations.problems import BackupProblem
from lienthu.operations.tests.conftest import KEY, SYSTEM, Home, back_up, fill, quiet, records
from lienthu.server.errors import ServerError
from lienthu.server.home import RESTORING
from lienthu.server.postgres import EmbeddedPostgres

pytestmark = pytest.mark.django_db(transaction=True)


def refusal(path: Path, key: str | None = None) -> str:
    with pytest.raises(BackupProblem) as caught:
        check_file(path, key)
    return caught.value.code


def damaged(made: Path, data: bytes) -> Path:
    path = made.with_name("hong.lienthu")
    path.write_bytes(data)
    return path


def test_a_backup_is_one_tar_file_with_its_manifest_first_and_no_secrets_in_clear(home: Home, monkeypatch):
    monkeypatch.setenv("LIENTHU_METRICS_TOKEN", "mat-khau-cua-may-do")
    monkeypatch.setenv("LIENTHU_PROVINCE", "Tuyên Quang")
    fill()
    made = back_up(home.backups)
    assert [path.name for path in home.backups.iterdir()] == [made.path.name]
    assert made.path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(made.path) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
        inside = json.load(archive.extractfile("settings.json"))  # type: ignore[arg-type]
    assert names[:4] == ["manifest.json", "settings.json", "audit-anchors.log", "database.dump.zst"]
    assert names[-2:] == ["problems.json", "sha256"]
    assert manifest["tables"]["catalogue_sourcerecord"]["rows"] == SourceRecord.objects.count() == 30
    assert [f"documents/{one['key']}" for one in manifest["documents"]] == names[4:-2]
    assert len(manifest["documents"]) == 1
    assert inside["environment"]["LIENTHU_PROVINCE"] == "Tuyên Quang"
    assert "LIENTHU_METRICS_TOKEN" in manifest["secrets"]["left_out"]
    assert "secret-key" in manifest["secrets"]["left_out"]
    assert b"mat-khau-cua-may-do" not in made.path.read_bytes()
    assert b"a-key-of-the-tests" not in made.path.read_bytes()


def test_a_backup_is_noted_in_its_row_and_in_the_trail(home: Home):
    fill(3)
    made = back_up(home.backups)
    run = BackupRun.objects.get()
    assert (run.status, run.kind, run.file_name, run.size) == (
        "DONE",
        "COMMAND",
        made.path.name,
        made.path.stat().st_size,
    )
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.action, entry.target_id, entry.details["sha256"]) == (
        "operations.backup_made",
        str(run.pk),
        made.sha256,
    )
    assert verify(against_anchors=False).ok


def test_a_restore_test_restores_for_real_and_leaves_nothing_behind(home: Home):
    fill()
    made = back_up(home.backups)
    test = order_restore_test(actor=SYSTEM, path=made.path)
    done = run_restore_test(actor=SYSTEM, test=test)
    assert (done.rows, done.documents) == (made.facts.rows, 1)
    assert done.audit_entries == made.facts.audit_seq
    row = RestoreTest.objects.get()
    assert (row.status, row.backup.file_name, row.rows) == ("DONE", made.path.name, made.facts.rows)
    assert sorted(path.name for path in (home.path / "run").iterdir()) == ["restore-test.lock"]


def test_a_backup_made_while_records_are_written_is_of_one_moment(home: Home):
    where = fill(20)
    stop = threading.Event()

    def write() -> None:
        try:
            for start in range(1000, 10_000, 5):
                if stop.is_set():
                    return
                take(where, *records(start, 5))
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = back_up(home.backups)
    finally:
        stop.set()
        writer.join()
    assert made.facts.tables["catalogue_sourcerecord"].rows % 5 == 0
    named = made.facts.tables["catalogue_batch"].rows
    assert made.documents >= named
    assert made.warnings == []
    done = run_restore_test(actor=SYSTEM, test=order_restore_test(actor=SYSTEM, path=made.path))
    assert done.rows == made.facts.rows


def test_an_encrypted_backup_restores_into_an_empty_home_with_everything(home: Home, tmp_path_factory):
    fill()
    (home.path / "demo-accounts.txt").write_text("quantri  mat-khau\n")
    with override_settings(BACKUP_KEY=KEY):
        made = back_up(home.backups)
    assert made.encrypted and made.left_out == []
    assert b"manifest.json" not in made.path.read_bytes()
    assert refusal(made.path) == "key_needed"
    assert refusal(made.path, "mot khoa khac han") == "wrong_key"

    new = tmp_path_factory.mktemp("new")
    new.chmod(0o711)
    (new / "run").mkdir()
    done = restore_backup(path=made.path, home=new, database_url=None, passphrase=KEY, report=quiet)
    assert (done.rows, done.documents, done.secret_key) == (made.facts.rows, 1, True)
    assert (new / "secret-key").read_text() == "a-key-of-the-tests-that-is-long-enough-for-anybody\n"
    assert (new / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (new / "demo-accounts.txt").read_text() == "quantri  mat-khau\n"
    assert stored_documents(new / "documents") == stored_documents(home.documents)
    assert not (new / RESTORING).exists()
    server = EmbeddedPostgres(new)
    server.start()
    try:
        found = facts_of(psycopg.conninfo.conninfo_to_dict(server.dsn()))
    finally:
        server.stop()
    assert found.tables == made.facts.tables
    assert (found.audit_seq, found.audit_hash) == (made.facts.audit_seq, made.facts.audit_hash)

    with pytest.raises(BackupProblem) as caught:
        restore_backup(path=made.path, home=new, database_url=None, passphrase=KEY, report=quiet)
    assert caught.value.code == "home_not_empty"


def test_a_home_with_anything_in_it_is_left_alone(home: Home, tmp_path):
    fill(2)
    made = back_up(home.backups)
    (tmp_path / "luan-van.docx").write_text("công trình cả đời")
    with pytest.raises(BackupProblem, match=r"không rỗng \(có luan-van.docx\)"):
        restore_backup(path=made.path, home=tmp_path, database_url=None, passphrase=None, report=quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["luan-van.docx"]


def _command(*arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    """`lienthu …` as a person types it, without a database of its own."""
    left = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LIENTHU_SECRET_KEY")}
    command = [sys.executable, "-m", "lienthu.server.cli", *map(str, arguments)]
    return subprocess.run(command, env=left | variables, capture_output=True, text=True, check=False)


def test_the_command_leaves_nothing_in_a_folder_that_it_refuses(home: Home, tmp_path):
    fill(2)
    made = back_up(home.backups)
    used, new = tmp_path / "used", tmp_path / "khong" / "co"
    used.mkdir()
    (used / "luan-van.docx").write_text("công trình cả đời")
    refused = _command("backup", "restore", made.path, "--home", used)
    assert refused.returncode == 2 and "không rỗng" in refused.stderr
    assert [path.name for path in used.iterdir()] == ["luan-van.docx"]
    broken = tmp_path / "hong.lienthu"
    broken.write_bytes(made.path.read_bytes()[:-100])
    assert _command("backup", "restore", broken, "--home", new).returncode == 1
    assert not new.parent.exists()


def test_a_home_is_as_it_was_when_its_database_is_not_empty(home: Home, tmp_path):
    where = fill(2)
    made = back_up(home.backups)
    parameters = connection.settings_dict
    host = parameters.get("HOST") or parameters["OPTIONS"].get("host", "")
    url = f"postgresql://{parameters['USER']}@/{parameters['NAME']}?host={host}"
    take(where, *records(10, 1))
    refused = _command("backup", "restore", made.path, "--home", tmp_path / "new", DATABASE_URL=url)
    assert refused.returncode == 2 and not (tmp_path / "new").exists()


def test_a_restore_that_was_killed_says_so_and_can_be_started_over(home: Home, tmp_path_factory):
    fill()
    made = back_up(home.backups)
    new = tmp_path_factory.mktemp("new")
    new.chmod(0o711)
    program = (
        "import sys, os, django; django.setup()\n"
        "from pathlib import Path\n"
        "from lienthu.operations.actions import restoring\n"
        "def report(phase, done, total):\n"
        "    if phase == 'COMPARING' and done > 3: os.kill(os.getpid(), 9)\n"
        "restoring.restore_backup(path=Path(sys.argv[1]), home=Path(sys.argv[2]), database_url=None,"
        " passphrase=None, report=report)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, made.path, new], check=False)
    assert killed.returncode == -9
    assert (new / RESTORING).is_dir()
    with pytest.raises(ServerError, match="chưa xong"):
        EmbeddedPostgres(new).start()
    done = restore_backup(path=made.path, home=new, database_url=None, passphrase=None, report=quiet)
    assert done.rows == made.facts.rows
    assert not (new / RESTORING).exists()
    assert stored_documents(new / "documents") == stored_documents(home.documents)


def test_restoring_into_a_server_of_ones_own_needs_an_empty_database(home: Home, tmp_path_factory):
    fill(5)
    made = back_up(home.backups)
    other, new = tmp_path_factory.mktemp("other"), tmp_path_factory.mktemp("new")
    with staging_server(other / "server", lasting=False) as server:
        done = restore_backup(path=made.path, home=new, database_url=server.url, passphrase=None, report=quiet)
        assert done.rows == made.facts.rows
        assert facts_of(server.address).tables == made.facts.tables
        assert stored_documents(new / "documents") == stored_documents(home.documents)
        with psycopg.connect(server.url) as changed:
            changed.execute("DELETE FROM kernel_event")
        third = tmp_path_factory.mktemp("third")
        with pytest.raises(BackupProblem) as caught:
            restore_backup(path=made.path, home=third, database_url=server.url, passphrase=None, report=quiet)
    assert caught.value.code == "database_not_empty"
    assert not (third / "documents").exists()


def test_every_flipped_bit_and_every_cut_is_found(home: Home):
    fill(5)
    plain = back_up(home.backups).path
    with override_settings(BACKUP_KEY=KEY):
        sealed = back_up(home.backups).path
    luck = random.Random(7)
    for path, key in ((plain, None), (sealed, KEY)):
        whole = path.read_bytes()
        assert check_file(path, key).manifest.documents
        places = {*range(0, 40, 11), len(whole) - 1, *(luck.randrange(len(whole)) for _ in range(8 if key else 250))}
        for place in places:
            broken = bytearray(whole)
            broken[place] ^= 1 << luck.randrange(8)
            assert refusal(damaged(path, bytes(broken)), key) in {
                *("damaged", "part_damaged", "cut", "cut_or_damaged", "not_a_backup", "wrong_key"),
            }, place
        for length in {0, 1, 511, 4096, len(whole) // 2, len(whole) - 1, len(whole) - 2048}:
            assert refusal(damaged(path, whole[:length]), key) in {"cut", "cut_or_damaged", "not_a_backup"}, length
        assert refusal(damaged(path, whole + b"x"), key) in {"damaged", "cut_or_damaged"}


def test_a_file_of_something_else_is_told_apart(tmp_path):
    other = tmp_path / "luan-van.zip"
    other.write_bytes(b"PK\x03\x04" + bytes(5000))
    assert refusal(other) == "not_a_backup"
    assert refusal(tmp_path / "khong-co.lienthu") == "file_missing"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        evil = tarfile.TarInfo("manifest.json")
        evil.size = 2
        tar.addfile(evil, io.BytesIO(b"{}"))
    other.write_bytes(archive.getvalue())
    assert refusal(other) == "damaged"


def test_too_little_space_is_said_before_anything_is_written(home: Home, monkeypatch):
    fill(2)
    monkeypatch.setattr(space, "free_bytes", lambda folder: 1000)
    with pytest.raises(BackupProblem, match=r"còn trống 1\.000 byte, cần khoảng"):
        back_up(home.backups)
    assert list(home.backups.iterdir()) == []
    run = BackupRun.objects.get()
    assert (run.status, run.problem["code"]) == ("FAILED", "no_space")
    assert Entry.objects.order_by("-seq").first().action == "operations.backup_failed"


def test_a_folder_that_cannot_be_written_is_said(home: Home):
    blocked = home.path / "tep"
    blocked.write_text("")
    with pytest.raises(BackupProblem, match="Không ghi được vào thư mục"):
        back_up(blocked)


def test_two_backups_at_once_are_one(home: Home):
    fill(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7405310627001)")
        try:
            with pytest.raises(BackupProblem, match="một lượt sao lưu khác"):
                back_up(home.backups)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7405310627001)")
    assert not home.backups.exists()


def test_a_missing_or_damaged_document_is_told_and_the_rest_is_saved(home: Home):
    take(fill(3), *records(500, 2))
    first, second = stored_documents(home.documents)[0]
    (home.documents / first.key).unlink()
    (home.documents / second.key).write_bytes(b"x" * second.size)
    made = back_up(home.backups)
    assert sorted(one["code"] for one in made.warnings) == ["document_damaged", "document_missing"]
    checked = check_file(made.path, None)
    assert checked.warnings == made.warnings


def test_remains_of_a_killed_backup_go_with_the_next_one(home: Home):
    fill(2)
    home.backups.mkdir()
    (home.backups / ".lienthu-backup-20260101T000000Z.lienthu.part").write_bytes(b"nua chung")
    made = back_up(home.backups)
    assert [path.name for path in home.backups.iterdir()] == [made.path.name]
