"""What the operating system knows about processes; Linux has /proc and parent-death signals, others go without."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
_M_ARENA_MAX = -8
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A preexec_fn after which the kernel sends that signal when this process ends, even by kill -9.

    The kernel binds it to the thread that starts the child: start children from the main thread.
    """
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def adopt_orphans() -> bool:
    """From now on a process whose parent has ended becomes a child of this one. False where that cannot be had."""
    return _LIBC is not None and _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def wait_for_adoption(parent: int, number: signal.Signals, seconds: float = 5.0) -> bool:
    """In a new orphan: wait until it is a child of `parent`, and get that signal when `parent` ends."""
    deadline = time.monotonic() + seconds
    while os.getppid() != parent:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    return os.getppid() == parent


def take_name(name: str) -> None:
    """How this process is called in `ps` and `top`, at most 15 bytes."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def limit_memory_areas(most: int) -> None:
    """What MALLOC_ARENA_MAX does at the start of a program, for one that runs already; nothing without glibc."""
    if _LIBC is not None and hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_ARENA_MAX, most)


def reap_orphans(own: set[int]) -> None:
    """Take leave of adopted processes that have ended; those in `own` are left to whoever started them."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in own:
            return
        os.waitpid(ended.si_pid, 0)


def is_alive(pid: int) -> bool:
    """Does the process exist and still run (a zombie does not)?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return Path("/proc/self").exists() is False


def wait_until_dead(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone already is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_to_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to all that this leader started, also after the leader itself has died."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _numbers() -> Iterator[int]:
    if Path("/proc/self").exists():
        yield from (int(name) for name in os.listdir("/proc") if name.isdigit())


def serves(pid: int, folder: Path) -> bool:
    """Is this the process of a PostgreSQL server on this data folder, and not another with a number used again?"""
    if Path("/proc/self").exists():
        return pid in working_in(folder)
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(folder) in shown.stdout


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is this folder; empty where there is no /proc."""
    found = []
    for pid in _numbers():
        try:
            if os.readlink(f"/proc/{pid}/cwd") == str(folder):
                found.append(pid)
        except OSError:
            continue
    return found


def with_environment(entry: str) -> list[int]:
    """Processes that were started with this NAME=value in their environment; empty where there is no /proc."""
    wanted, found = entry.encode(), []
    for pid in _numbers():
        try:
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
        except OSError:
            continue
    return found
