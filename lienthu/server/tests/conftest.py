"""Homes and processes for tests of the real programs: nothing here is simulated."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lienthu.server.places import STATE, find_place
from lienthu.server.processes import send, with_environment

PYTHON = sys.executable


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test decides by itself which database and home it means."""
    for name in ("DATABASE_URL", "LIENTHU_HOME", "LIENTHU_SECRET_KEY", "LIENTHU_LANGUAGE", "PORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may pass through; what a home in it has elsewhere is removed with it."""
    made = Path(tempfile.mkdtemp(prefix="lt-"))
    made.chmod(0o711)
    yield made
    elsewhere = [Path(note.read_text().strip()) for note in made.rglob("postgres.location")]
    shutil.rmtree(made)
    for base in elsewhere:
        assert base.parent == STATE
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "home"


class Programs:
    """Starts programs with output into files, and leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str | Path, **variables: str) -> "Program":
        output = self._folder / f"output-{len(self._started)}"
        mark = f"LIENTHU_TEST_RUN={self._folder}"
        with open(output, "wb") as file:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LIENTHU_TEST_RUN": mark.partition("=")[2], **variables},
                start_new_session=True,
            )
        self._started.append(process)
        return Program(process, output)

    def left(self) -> list[int]:
        """Processes that descend from those started here, found by their environment."""
        return with_environment(f"LIENTHU_TEST_RUN={self._folder}")

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            process.wait(30)
        until(lambda: not self.left(), "all processes have ended")


class Program:
    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process, self._output = process, output

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str) -> None:
        until(lambda: text in self.said(), f"{text!r} in {self._output}", explain=self.said)

    def kill(self) -> None:
        """As kill -9 does it."""
        send(self.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        send(self.pid, number)
        return self.process.wait(40)

    def result(self) -> int:
        return self.process.wait(40)


def until(condition: Callable[[], object], what: str, *, seconds: float = 30, explain: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}\n{explain()}"
        time.sleep(0.05)


@pytest.fixture
def programs(folder: Path) -> Iterator[Programs]:
    made = Programs(folder)
    yield made
    made.end()


def modes_above(path: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode, owner and group of the folder and of all its parents."""
    found = {}
    for folder in (path, *path.parents):
        state = folder.stat()
        found[folder] = (state.st_mode, state.st_uid, state.st_gid)
    return found


def postmaster_is_alive(home: Path) -> bool:
    place = find_place(home)
    return place is not None and (place.data / "postmaster.pid").exists()
