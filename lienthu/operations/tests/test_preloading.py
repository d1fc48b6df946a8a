"""The processes of `lienthu serve` that come out of the one that has loaded the application."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from lienthu.server.processes import is_alive, wait_until_dead
from lienthu.testing import product_process


def _until(reached: Callable[[], object], serving: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 90
    while not reached():
        assert serving.poll() is None, serving.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _named(serving: subprocess.Popen[str], name: str) -> int:
    """The process of that name whose parent is the supervisor; 0 when there is none."""
    for pid in Path(f"/proc/{serving.pid}/task/{serving.pid}/children").read_text().split():
        try:
            comm = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        if comm == name and is_alive(int(pid)):
            return int(pid)
    return 0


@pytest.fixture
def serving(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with override_settings(HOME=tmp_path / "home"):
        process = product_process("lienthu.server.cli", "serve", "--empty", "--port", str(port))
    _until(lambda: _named(process, "lienthu indexer") and _named(process, "lienthu jobs"), process)
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    process.communicate()


NAMES = ("lienthu web", "lienthu jobs", "lienthu indexer")


def test_all_come_out_of_one_process_and_stop_with_the_supervisor(serving: subprocess.Popen[str]) -> None:
    children = [_named(serving, name) for name in (*NAMES, "lienthu loaded")]
    assert all(children)
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0
    assert [pid for pid in children if is_alive(pid)] == []


def test_one_that_is_killed_comes_back_also_when_the_loaded_one_was_killed_before(
    serving: subprocess.Popen[str],
) -> None:
    loaded, indexer = _named(serving, "lienthu loaded"), _named(serving, "lienthu indexer")
    os.kill(indexer, signal.SIGKILL)
    _until(lambda: _named(serving, "lienthu indexer") not in (0, indexer), serving)
    assert _named(serving, "lienthu loaded") == loaded
    os.kill(loaded, signal.SIGKILL)
    assert wait_until_dead(loaded, 5)
    jobs = _named(serving, "lienthu jobs")
    os.kill(jobs, signal.SIGKILL)
    _until(lambda: _named(serving, "lienthu jobs") not in (0, jobs), serving)
    assert _named(serving, "lienthu loaded") not in (0, loaded)


def test_a_killed_supervisor_takes_all_along(serving: subprocess.Popen[str]) -> None:
    children = [_named(serving, name) for name in (*NAMES, "lienthu loaded")]
    assert all(children)
    os.kill(serving.pid, signal.SIGKILL)
    serving.wait(10)
    assert all(wait_until_dead(pid, 30) for pid in children)
