"""The database of a home: a PostgreSQL server of its own, started when needed, or the one that DATABASE_URL names."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from lienthu.server import cluster
from lienthu.server.errors import ServerError
from lienthu.server.home import log_folder, prepare_home, require_complete, require_space, run_folder
from lienthu.server.language import translate as _
from lienthu.server.locks import FileLock, is_free
from lienthu.server.places import find_place
from lienthu.server.status import FAILED, keeper_runs, read_status, ready_status, users_lock

_POLL_SECONDS = 0.02
# Crash recovery after a long import may take minutes.
_START_SECONDS = 900


class EmbeddedPostgres:
    """This process's use of the embedded server of one home. Many processes may use it at the same time."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._users = FileLock(users_lock(home))
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def descriptor(self) -> int:
        """The open lock file: a child process that inherits it keeps the server running until it ends too."""
        return self._users.descriptor

    def start(self, *, stopping: Callable[[], bool] = lambda: False) -> None:
        """Make sure that the server runs, and keep it running until stop() or the end of this process.

        Waits for recovery after a crash; stopping() is asked meanwhile and True ends the wait early.
        Raises ServerError when the server cannot run.
        """
        require_complete(self.home)
        prepare_home(self.home)
        if not keeper_runs(self.home):
            require_space(self.home)
        # waits while a keeper that found itself without users is stopping the server
        self._users.acquire(shared=True)
        try:
            self._wait_until_ready(stopping)
        except BaseException:
            self._users.release()
            raise

    def _wait_until_ready(self, stopping: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_running() and not stopping():
            if not keeper_runs(self.home):
                self._raise_failure()
                self._keeper = self._start_keeper()
            if time.monotonic() > deadline:
                raise ServerError(
                    _("PostgreSQL chưa sẵn sàng sau {minutes} phút; xem tệp {log}.").format(
                        minutes=_START_SECONDS // 60, log=log_folder(self.home) / "postgres.log"
                    )
                )
            time.sleep(_POLL_SECONDS)

    def _start_keeper(self) -> subprocess.Popen[bytes]:
        if self._keeper is not None and self._keeper.poll() is None:
            return self._keeper
        with open(log_folder(self.home) / "keeper.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "lienthu.server.keeper", str(self.home)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )

    def _raise_failure(self) -> None:
        """Report that the keeper that this process started has failed.

        One that lost a race against another ended with 0, one that somebody killed with a negative number.
        """
        keeper = self._keeper
        if keeper is None or (keeper.poll() or 0) <= 0:
            return
        self._keeper = None
        status = read_status(self.home)
        if status and status.keeper == keeper.pid and status.state == FAILED:
            raise ServerError(status.message)
        raise ServerError(
            _("Không khởi động được PostgreSQL; xem tệp {log}.").format(log=log_folder(self.home) / "keeper.log")
        )

    def stop(self) -> None:
        """End this process's use. The last user waits until the server has stopped; others leave it to the rest."""
        if not self._users.held:
            return
        self._users.release()
        while keeper_runs(self.home) and not self._has_other_users():
            time.sleep(_POLL_SECONDS)
        if self._keeper is not None and not keeper_runs(self.home):
            self._keeper.wait()
            self._keeper = None

    def _has_other_users(self) -> bool:
        # A keeper that is stopping holds the lock alone; then neither kind can be had.
        lock = users_lock(self.home)
        return not is_free(lock) and is_free(lock, shared=True)

    def is_running(self) -> bool:
        """Can the server be used now?"""
        if self._keeper is not None:
            self._keeper.poll()
        return ready_status(self.home) is not None

    def postmaster(self) -> int:
        """Process number of the server; 0 when it does not run."""
        status = ready_status(self.home)
        return status.postmaster if status else 0

    def dsn(self) -> str:
        """Its address, which only works while it runs. Asking makes nothing and reports nothing; start() does."""
        try:
            place = find_place(self.home)
        except (ServerError, OSError):
            place = None
        sockets = place.sockets if place else run_folder(self.home) / "postgres"
        return f"postgresql://{cluster.USER}@/{cluster.DATABASE}?host={quote(str(sockets))}"


def database_url(home: Path) -> str:
    """The address of the database of this home: DATABASE_URL when set, else the embedded server's."""
    return os.environ.get("DATABASE_URL") or EmbeddedPostgres(home).dsn()


@dataclass(frozen=True)
class Database:
    """A database in use. A child process must inherit the descriptors (pass_fds) if it is to outlive this one."""

    url: str
    descriptors: tuple[int, ...] = ()


@contextmanager
def database(home: Path) -> Iterator[Database]:
    """The database of this home, running for the time of the block; the last of several users stops it.

    DATABASE_URL wins over the home. To restore into another home than one's own, use EmbeddedPostgres(other_home).
    """
    url = os.environ.get("DATABASE_URL")
    if url:
        yield Database(url)
        return
    server = EmbeddedPostgres(home)
    server.start()
    try:
        yield Database(server.dsn(), (server.descriptor,))
    finally:
        server.stop()
