"""lienthu serve, with real processes: small ones in the place of the web server and the workers."""

import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from lienthu.server.postgres import EmbeddedPostgres
from lienthu.server.processes import is_alive, send, with_environment
from lienthu.server.status import keeper_runs
from lienthu.server.tests.conftest import PYTHON, Program, Programs, postmaster_is_alive, until

WEB = "/bin/sh -c trap"
READY = "Liên Thư sẵn sàng: http://127.0.0.1:"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(programs: Programs, home: Path, port: int, *arguments: str, **variables: str) -> Program:
    return programs.start(PYTHON, "-m", "lienthu.server.tests.dummy_serve", home, str(port), *arguments, **variables)


def pid_of(home: Path, words: str) -> int:
    """The child of this home's serve whose command line begins with the words; 0 when there is none."""
    for pid in with_environment(f"LIENTHU_HOME={home}"):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if line.startswith(words):
            return pid
    return 0


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_everything_in_order_and_a_signal_stops_everything(
    home: Path, port: int, programs: Programs, number: signal.Signals
) -> None:
    (home).mkdir(mode=0o711)
    (home / "demo-accounts.txt").write_text("thuthu.tinh  Thủ thư tỉnh\n")
    running = serve(programs, home, port)
    running.wait_for("Thủ thư tỉnh")
    said = running.said()
    order = ["Cơ sở dữ liệu đã chạy", "Bước một: xong", "Bước trình diễn: xong", f"{READY}{port}\n", "Thủ thư tỉnh"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert answers(port)
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert running.stop(number) == 0
    assert "Đã dừng." in running.said()
    assert not answers(port)
    assert not keeper_runs(home)
    assert not postmaster_is_alive(home)
    assert programs.left() == []


def test_a_second_start_repeats_no_step_and_keeps_the_secret_key(home: Path, port: int, programs: Programs) -> None:
    first = serve(programs, home, port)
    first.wait_for(READY)
    first.stop()
    key = (home / "secret-key").read_text()
    second = serve(programs, home, port)
    second.wait_for(READY)
    assert "Bước" not in second.said()
    assert (home / "secret-key").read_text() == key


def test_empty_leaves_the_demonstration_out_until_it_is_wanted(home: Path, port: int, programs: Programs) -> None:
    empty = serve(programs, home, port, "--empty")
    empty.wait_for(READY)
    assert "Bước một: xong" in empty.said()
    assert "trình diễn" not in empty.said()
    empty.stop()
    full = serve(programs, home, port)
    full.wait_for(READY)
    assert "Bước trình diễn: xong" in full.said()


def test_a_second_serve_on_the_same_home_is_refused_and_the_first_goes_on(
    home: Path, port: int, programs: Programs
) -> None:
    first = serve(programs, home, port)
    first.wait_for(READY)
    second = serve(programs, home, port)
    assert second.result() == 1
    assert f"Một lienthu serve khác đang chạy với thư mục {home}" in second.said()
    assert answers(port)


def test_a_port_in_use_is_named_before_anything_is_started(home: Path, port: int, programs: Programs) -> None:
    with socket.create_server(("127.0.0.1", port)):
        refused = serve(programs, home, port)
        assert refused.result() == 1
    assert f"Cổng {port} đang được chương trình khác dùng" in refused.said()
    assert f"PORT={port + 1}" in refused.said()
    assert not (home / "postgres").exists()


def test_a_killed_web_server_comes_back_and_its_workers_are_not_left(home: Path, port: int, programs: Programs) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    web, worker = pid_of(home, WEB), pid_of(home, "sleep 1000")
    send(web, signal.SIGKILL)
    until(lambda: pid_of(home, WEB) not in (0, web) and answers(port), "the web server is back")
    assert not is_alive(worker)
    assert f"web đã dừng (mã -9); khởi động lại sau 0,05 giây. Xem {home}/logs/web.log." in running.said()


def test_a_killed_database_comes_back_while_the_rest_runs_on(home: Path, port: int, programs: Programs) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    web, server = pid_of(home, WEB), EmbeddedPostgres(home)
    first = server.postmaster()
    send(first, signal.SIGKILL)
    until(lambda: server.postmaster() not in (0, first), "a new postmaster is ready")
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert pid_of(home, WEB) == web


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_is_clean(
    home: Path, port: int, programs: Programs
) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    running.kill()
    until(lambda: not keeper_runs(home) and not programs.left(), "nothing is left")
    assert not postmaster_is_alive(home)
    again = serve(programs, home, port)
    again.wait_for(READY)
    assert again.stop() == 0


def test_what_outlived_a_killed_run_is_ended_by_the_next(home: Path, port: int, programs: Programs) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    variables = Path(f"/proc/{pid_of(home, WEB)}/environ").read_text()
    mark = re.search(r"LIENTHU_RUN=\w+", variables)
    assert mark
    name, _equals, value = mark[0].partition("=")
    running.kill()
    stray = programs.start("sleep", "1002", **{name: value})
    again = serve(programs, home, port)
    again.wait_for(READY)
    assert stray.result() == -signal.SIGTERM


def test_an_essential_child_that_cannot_run_stops_everything_and_names_its_log(
    home: Path, port: int, programs: Programs
) -> None:
    running = serve(programs, home, port, "--failing", "web")
    assert running.result() == 1
    assert f"lienthu: web dừng 3 lần liên tiếp, nguyên nhân ở cuối tệp {home}/logs/web.log." in running.said()
    assert (home / "logs" / "web.log").read_text() == "out of order\n" * 3
    assert not keeper_runs(home)


def test_another_child_that_cannot_run_is_reported_and_the_rest_runs_on(
    home: Path, port: int, programs: Programs
) -> None:
    running = serve(programs, home, port, "--failing", "jobs")
    running.wait_for("jobs dừng 3 lần liên tiếp")
    running.wait_for("thử lại sau 10 phút")
    running.wait_for(READY)
    assert answers(port)


def test_a_step_that_fails_stops_everything_and_is_tried_again_next_time(
    home: Path, port: int, programs: Programs
) -> None:
    failed = serve(programs, home, port, "--failing", "first")
    assert failed.result() == 1
    assert f"Bước một: không thành công. Nguyên nhân ở cuối tệp {home}/logs/first.log." in failed.said()
    assert "no table" in failed.said()
    again = serve(programs, home, port)
    again.wait_for(READY)
    assert "Bước một: xong" in again.said()


def test_database_url_is_passed_on_and_no_database_is_made(home: Path, port: int, programs: Programs) -> None:
    running = serve(programs, home, port, DATABASE_URL="postgresql://own@db.invalid/lienthu")
    running.wait_for(READY)
    assert "database postgresql://own@db.invalid/lienthu" in (home / "logs" / "first.log").read_text()
    assert not (home / "postgres").exists()
    assert not keeper_runs(home)


def test_a_command_that_was_there_first_shares_its_database_with_serve(
    home: Path, port: int, programs: Programs
) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    first = server.postmaster()
    running = serve(programs, home, port)
    running.wait_for(READY)
    assert server.postmaster() == first
    server.stop()
    assert server.postmaster() == first
    assert answers(port)
    assert running.stop() == 0
    assert server.postmaster() == 0


def test_a_command_that_still_runs_keeps_the_database_when_serve_stops(
    home: Path, port: int, programs: Programs
) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    server = EmbeddedPostgres(home)
    server.start()
    assert running.stop() == 0
    assert "Cơ sở dữ liệu còn chạy cho một lệnh lienthu khác" in running.said()
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    assert not keeper_runs(home)


def test_the_supervisor_stays_small_and_free_of_django(home: Path, port: int, programs: Programs) -> None:
    running = serve(programs, home, port)
    running.wait_for(READY)
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{running.pid}/status").read_text())
    assert resident
    assert int(resident[1]) < 25_000
    loaded = "import sys, lienthu.server.cli; print([name for name in sys.modules if name.startswith('django')])"
    assert subprocess.run([PYTHON, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="runs as another user than the one of the tests")
def test_an_ordinary_user_runs_it_all_as_himself(folder: Path, port: int, programs: Programs) -> None:
    python = _python_for_everybody()
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    packages = [str(Path(__file__).parents[3]), str(Path(psycopg.__file__).parents[1])]
    running = programs.start(
        *("runuser", "-u", "nobody", "--", python, "-m", "lienthu.server.tests.dummy_serve", home, str(port)),
        PYTHONPATH=os.pathsep.join(packages),
        HOME="/nonexistent",
    )
    running.wait_for(READY)
    assert answers(port)
    assert (home / "postgres").stat().st_uid == 65534
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    send(int(Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()), signal.SIGTERM)
    assert running.result() == 0
    until(lambda: not programs.left(), "nothing is left")


def _python_for_everybody() -> str:
    """A Python 3.11 or newer that an unprivileged user can run, together with this checkout."""
    probe = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r}); import lienthu.server.cli"
    for python in (PYTHON, "/usr/bin/python3"):
        command = ["runuser", "-u", "nobody", "--", python, "-c", probe]
        if subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0:
            return python
    pytest.skip("no Python 3.11 that an unprivileged user can run with this checkout")
