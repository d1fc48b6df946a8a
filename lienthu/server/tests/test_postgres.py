"""The embedded database: who starts it, who stops it, and what it survives."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from lienthu.server.accounts import run_as
from lienthu.server.binaries import programs_for
from lienthu.server.cluster import status_of
from lienthu.server.errors import ServerError
from lienthu.server.places import STATE, find_place
from lienthu.server.postgres import EmbeddedPostgres, database, database_url
from lienthu.server.processes import send, wait_until_dead
from lienthu.server.status import keeper_runs, ready_status
from lienthu.server.tests.conftest import PYTHON, Programs, modes_above, postmaster_is_alive, until

USER_SCRIPT = """
import sys, time
from pathlib import Path
from lienthu.server.postgres import database
with database(Path(sys.argv[1])) as used:
    print("using", used.url, flush=True)
    time.sleep(float(sys.argv[2]))
print("done", flush=True)
"""


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def run(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_a_new_home_gets_a_database_for_utf8_with_checksums_and_no_network(home: Path) -> None:
    with database(home) as used:
        assert ask(used.url, "SELECT current_user || '@' || current_database()") == "lienthu@lienthu"
        assert ask(used.url, "SHOW server_encoding") == "UTF8"
        assert ask(used.url, "SHOW data_checksums") == "on"
        assert ask(used.url, "SHOW listen_addresses") == ""
        assert ask(used.url, "SELECT datlocale FROM pg_database WHERE datname = 'lienthu'") == "C.UTF-8"
        assert ask(used.url, "SELECT lower('THƯ VIỆN ĐỊA PHƯƠNG')") == "thư viện địa phương"
        place = find_place(home)
        assert place
        assert stat.S_IMODE(place.sockets.stat().st_mode) == 0o700
        assert place.sockets.stat().st_uid == place.data.stat().st_uid != 0
    assert not keeper_runs(home)
    assert not postmaster_is_alive(home)


def test_what_was_committed_is_there_after_a_stop(home: Path) -> None:
    with database(home) as used:
        run(used.url, "CREATE TABLE book AS SELECT 'Truyện Kiều' AS title")
    with database(home) as used:
        assert ask(used.url, "SELECT title FROM book") == "Truyện Kiều"


def test_several_commands_share_one_server_and_the_last_one_stops_it(home: Path, programs: Programs) -> None:
    long = programs.start(PYTHON, "-c", USER_SCRIPT, home, "5")
    short = programs.start(PYTHON, "-c", USER_SCRIPT, home, "0")
    assert short.result() == 0
    long.wait_for("using")
    with database(home) as used:
        assert ask(used.url, "SELECT 1") == 1
    assert long.process.poll() is None
    assert ready_status(home)
    assert long.result() == 0
    assert not keeper_runs(home)


def test_a_killed_command_leaves_no_server_behind(home: Path, programs: Programs) -> None:
    command = programs.start(PYTHON, "-c", USER_SCRIPT, home, "1000")
    command.wait_for("using")
    command.kill()
    until(lambda: not keeper_runs(home), "the keeper has ended")
    assert not postmaster_is_alive(home)


def test_a_killed_postmaster_is_started_again_with_everything_committed(home: Path) -> None:
    with database(home) as used:
        run(used.url, "CREATE TABLE book AS SELECT 'Số đỏ' AS title")
        first = EmbeddedPostgres(home).postmaster()
        send(first, signal.SIGKILL)
        until(lambda: EmbeddedPostgres(home).postmaster() not in (0, first), "a new postmaster is ready")
        assert ask(used.url, "SELECT title FROM book") == "Số đỏ"


def test_a_killed_keeper_takes_the_server_down_properly_and_the_next_start_works(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    run(server.dsn(), "CREATE TABLE book AS SELECT 'Tắt đèn' AS title")
    status = ready_status(home)
    assert status
    send(status.keeper, signal.SIGKILL)
    assert wait_until_dead(status.postmaster, 20)
    server.start()
    assert ask(server.dsn(), "SELECT title FROM book") == "Tắt đèn"
    server.stop()
    assert not postmaster_is_alive(home)


def test_a_server_that_nobody_keeps_is_stopped_and_replaced(home: Path) -> None:
    with database(home) as used:
        run(used.url, "CREATE TABLE book AS SELECT 'Lều chõng' AS title")
    place = find_place(home)
    assert place
    command = [str(programs_for(place.account) / "postgres"), "-D", str(place.data), "-c", "listen_addresses="]
    sockets = ["-c", f"unix_socket_directories={place.sockets}"]
    orphan = subprocess.Popen([*command, *sockets], stderr=subprocess.DEVNULL, **run_as(place.account))
    until(lambda: status_of(place) == (orphan.pid, "ready"), "the orphan is ready")
    with database(home) as used:
        assert orphan.wait(0) == 0
        assert ask(used.url, "SELECT title FROM book") == "Lều chõng"


def test_a_killed_server_that_nobody_keeps_is_recovered(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    run(server.dsn(), "CREATE TABLE book AS SELECT 'Bỉ vỏ' AS title")
    status = ready_status(home)
    assert status
    send(status.postmaster, signal.SIGKILL)
    send(status.keeper, signal.SIGKILL)
    until(lambda: not keeper_runs(home), "the keeper is dead")
    server.start()
    assert ask(server.dsn(), "SELECT title FROM book") == "Bỉ vỏ"
    server.stop()


def test_a_lock_file_that_names_a_foreign_process_does_not_prevent_the_start(home: Path) -> None:
    with database(home):
        pass
    place = find_place(home)
    assert place
    lines = [str(os.getppid()), str(place.data), "1700000000", "5432", str(place.sockets), "", "1 1", "ready   "]
    (place.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (place.sockets / ".s.PGSQL.5432.lock").write_text("\n".join(lines) + "\n")
    os.chown(place.data / "postmaster.pid", place.data.stat().st_uid, -1)
    with database(home) as used:
        assert ask(used.url, "SELECT 1") == 1


def test_an_interrupted_making_of_the_cluster_is_begun_anew(home: Path) -> None:
    (home / "postgres.new").mkdir(parents=True)
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    home.chmod(0o711)
    with database(home) as used:
        assert ask(used.url, "SELECT 1") == 1
    assert not (home / "postgres.new").exists()


@pytest.mark.parametrize("name", ["Thư viện tỉnh Tuyên Quang", "a,b'c\"d", "x" * 110])
def test_a_home_may_have_any_name(folder: Path, name: str) -> None:
    with database(folder / name) as used:
        assert ask(used.url, "SELECT 1") == 1
        assert used.url == database_url(folder / name)
        place = find_place(folder / name)
    assert place
    assert place.sockets.is_relative_to(folder) or not place.sockets.exists()


def test_a_home_in_a_private_folder_works_and_no_folder_changes_its_permissions(folder: Path) -> None:
    private = folder / "private"
    home = private / "deep" / "home"
    home.mkdir(parents=True)
    private.chmod(0o700)
    (private / "deep").chmod(0o750)
    before = modes_above(home)
    state_before = modes_above(STATE.parent)
    with database(home) as used:
        run(used.url, "CREATE TABLE book AS SELECT 'Vang bóng một thời' AS title")
    with database(home) as used:
        assert ask(used.url, "SELECT title FROM book") == "Vang bóng một thời"
    assert modes_above(home) == before
    assert modes_above(STATE.parent) == state_before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL as itself")
def test_the_database_of_root_follows_a_moved_home_and_is_not_shared_with_a_copy(folder: Path) -> None:
    private = folder / "private"
    home = private / "home"
    home.mkdir(parents=True)
    private.chmod(0o700)
    with database(home) as used:
        run(used.url, "CREATE TABLE book AS SELECT 'Chí Phèo' AS title")
    moved = private / "moved"
    home.rename(moved)
    with database(moved) as used:
        assert ask(used.url, "SELECT title FROM book") == "Chí Phèo"
    copy = private / "copy"
    copy.mkdir()
    (copy / "postgres.location").write_text((moved / "postgres.location").read_text())
    with pytest.raises(ServerError, match="bản chép"), database(copy):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="needs folders of another user")
def test_a_socket_folder_of_another_user_is_not_used(home: Path) -> None:
    with database(home):
        pass
    place = find_place(home)
    assert place
    os.chown(place.sockets, 12345, 12345)
    with pytest.raises(ServerError, match="0700"), database(home):
        pass
    assert place.sockets.stat().st_uid == 12345


def test_a_home_that_cannot_be_written_is_refused_with_a_sentence(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(ServerError, match="Không ghi được vào thư mục"), database(folder / "file"):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_named_before_anything_is_started(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no mounts here")
    try:
        with pytest.raises(ServerError, match="chỉ còn trống 5 MB; cần ít nhất 200 MB"), database(disk / "home"):
            pass
        assert not (disk / "home" / "postgres").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_database_url_wins_and_starts_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@example.invalid/else")
    with database(home) as used:
        assert used.url == database_url(home) == "postgresql://somebody@example.invalid/else"
    assert not home.exists()
