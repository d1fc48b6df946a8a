"""The two processes of job workers start, stop and die together."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from lienthu.config import job_process
from lienthu.server.processes import wait_until_dead
from lienthu.testing import product_process


def _workers_in_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


@pytest.fixture
def workers(transactional_db: None) -> Iterator[subprocess.Popen[str]]:
    before = _workers_in_database()
    process = product_process("lienthu.config.job_process")
    deadline = time.monotonic() + 60
    while _workers_in_database() < before + 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _other(workers: subprocess.Popen[str]) -> int:
    (pid,) = Path(f"/proc/{workers.pid}/task/{workers.pid}/children").read_text().split()
    return int(pid)


@pytest.mark.django_db(transaction=True)
def test_both_workers_stop_when_told_to(workers: subprocess.Popen[str]) -> None:
    other = _other(workers)
    workers.send_signal(signal.SIGTERM)
    assert workers.wait(timeout=20) == 0
    assert wait_until_dead(other, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("killed", ["long", "prompt"])
def test_a_worker_that_dies_takes_the_other_along(workers: subprocess.Popen[str], killed: str) -> None:
    other = _other(workers)
    os.kill(workers.pid if killed == "long" else other, signal.SIGKILL)
    assert workers.wait(timeout=20) != 0
    assert wait_until_dead(other, 20)


@pytest.mark.django_db(transaction=True)
def test_a_worker_stops_at_any_moment_of_its_start() -> None:
    """It opens its connections within some 50 ms: each run is told to stop a little later."""
    for step in range(24):
        pid = job_process.start_apart(job_process.LONG)
        time.sleep(step * 0.005)
        os.kill(pid, signal.SIGTERM)
        ended = wait_until_dead(pid, 20)
        os.kill(pid, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (0, -signal.SIGTERM)
        assert ended, f"told to stop after {step * 5} ms, it went on"
