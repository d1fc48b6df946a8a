"""Two processes at one port: both serve, wrong passwords are counted together, and they end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from lienthu.circulation.tests.conftest import Network, make_network
from lienthu.protocols.sip2.processes import CAN_SHARE, serve_with
from lienthu.protocols.sip2.server import Doors
from lienthu.protocols.sip2.tests.machine import Machine
from lienthu.protocols.sip2.tests.serving import Wire

pytestmark = pytest.mark.skipif(not CAN_SHARE, reason="processes share a port on Linux only")
CONNECTIONS = 30


@pytest.fixture
def network(transactional_db: None) -> Iterator[Network]:
    yield make_network()
    cache.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def others(leader: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{leader}/task/{leader}/children").read_text().split()]


def listeners(port: int) -> int:
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def sockets(process: int) -> int:
    return sum(os.readlink(one).startswith("socket:") for one in Path(f"/proc/{process}/fd").iterdir())


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@contextmanager
def served(port: int, home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    base = connection.settings_dict
    host = base["OPTIONS"].get("host") or base["HOST"]
    variables = os.environ | {
        "DATABASE_URL": f"postgresql://{base['USER']}@/{base['NAME']}?host={host}",
        "LIENTHU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
    }
    command = [sys.executable, "-m", "django", "sip2", "--port", str(port), "--processes", "2"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: listeners(port) == 2)
            yield process
        finally:
            process.kill()


def test_both_serve_count_wrong_passwords_together_and_end_together(network, tmp_path):
    machine, port = Machine(network.a), free_port()
    with served(port, tmp_path) as leader:
        (other,) = others(leader.pid)
        before = sockets(leader.pid), sockets(other)
        lines = [Wire(port) for _one in range(CONNECTIONS)]
        wait_for(lambda: sockets(leader.pid) + sockets(other) == sum(before) + CONNECTIONS)
        assert sockets(leader.pid) > before[0]
        assert sockets(other) > before[1]

        lines[0].sign_in(machine.terminal.login, machine.password)
        for line in lines[1:6]:
            assert line.say("93", CN=machine.terminal.login, CO="sai").fixed["ok"] == "0"
        for line in lines[6:]:
            assert line.say("93", CN=machine.terminal.login, CO=machine.password).fixed["ok"] == "0"
        assert lines[0].say("99").code == "98"

        for line in lines:
            line.socket.close()
        leader.send_signal(signal.SIGTERM)
        assert leader.wait(20) == 0
        assert not alive(other)


def test_a_lost_process_ends_the_server_so_that_it_is_started_anew(network, tmp_path):
    port = free_port()
    with served(port, tmp_path) as leader:
        (other,) = others(leader.pid)
        os.kill(other, signal.SIGKILL)
        assert leader.wait(20) != 0
        assert listeners(port) == 0


def test_a_killed_leader_leaves_nobody_behind(network, tmp_path):
    port = free_port()
    with served(port, tmp_path) as leader:
        (other,) = others(leader.pid)
        leader.kill()
        wait_for(lambda: not alive(other))
        assert listeners(port) == 0


def test_a_port_in_use_is_not_shared_with_a_stranger():
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        with pytest.raises(OSError, match="in use"):
            serve_with(Doors(port=stranger.getsockname()[1]), threads=1, processes=2)
