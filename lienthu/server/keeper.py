"""The process that owns the embedded PostgreSQL of one home: python -m lienthu.server.keeper HOME.

It is started by the first who needs the database and stays as long as anybody does. Whoever needs it holds a shared
lock on one file; the kernel gives that lock back even after kill -9, so the database never outlives its last user,
and no user has to know of the others. If the keeper itself is killed, the kernel tells PostgreSQL to shut down.
"""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from lienthu.server import cluster
from lienthu.server.binaries import programs_for
from lienthu.server.errors import ServerError
from lienthu.server.home import log_folder
from lienthu.server.language import translate as _
from lienthu.server.locks import FileLock
from lienthu.server.logs import LogFile
from lienthu.server.places import Place, close_sockets, make_place, open_sockets
from lienthu.server.status import FAILED, READY, STARTING, STOPPING, Status, keeper_lock, users_lock, write_status

_TICK_SECONDS = 0.5
_MOST_FAILURES = 5
_STABLE_SECONDS = 60.0


class Keeper:
    """Runs the server until nobody uses it; starts it again, with growing pauses, when it dies."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._users = FileLock(users_lock(home))
        self._log = LogFile(log_folder(home) / "postgres.log")
        self._told_to_stop = False

    def run(self) -> None:
        """Returns when the database is stopped; raises ServerError when it cannot be kept running."""
        self._tell(STARTING)
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        place = make_place(self._home)
        programs = programs_for(place.account)
        if not cluster.is_initialised(place):
            cluster.initialise(place, programs)
        cluster.check_version(place)
        failures = 0
        while not self._is_over():
            self._tell(STARTING)
            started = time.monotonic()
            open_sockets(place)
            cluster.clear_remains(place)
            self._serve(place, cluster.launch(place, programs))
            failures = 1 if time.monotonic() - started > _STABLE_SECONDS else failures + 1
            if failures >= _MOST_FAILURES and not self._is_over():
                raise ServerError(
                    _("PostgreSQL dừng {count} lần liên tiếp. Nguyên nhân ở cuối tệp {log}.").format(
                        count=failures, log=self._log.path
                    )
                )
            self._pause(0.2 * 2**failures if failures else 0)
        close_sockets(place)
        self._tell(STOPPING)

    def _serve(self, place: Place, process: subprocess.Popen[bytes]) -> None:
        """Look after one server process until it dies or is not needed any more."""
        assert process.stdout
        announced = False
        while process.poll() is None:
            if self._is_over():
                self._tell(STOPPING)
                cluster.stop(process)
                break
            if not announced and cluster.status_of(place) == (process.pid, "ready"):
                announced = True
                self._tell(READY, process.pid)
            if select.select([process.stdout], [], [], _TICK_SECONDS if announced else 0.02)[0]:
                self._log.write(os.read(process.stdout.fileno(), 65536))
        process.stdout.close()

    def _is_over(self) -> bool:
        return self._told_to_stop or self._users.acquire(wait=False)

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._is_over():
            time.sleep(0.05)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _tell(self, state: str, postmaster: int = 0) -> None:
        write_status(self._home, Status(os.getpid(), state, postmaster))


def main() -> int:
    home = Path(sys.argv[1])
    # the terminal that started the first user may close while others go on
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    lock = FileLock(keeper_lock(home))
    if not lock.acquire(wait=False):
        return 0
    try:
        Keeper(home).run()
    except ServerError as error:
        write_status(home, Status(os.getpid(), FAILED, message=str(error)))
        return 1
    except OSError as error:
        write_status(
            home, Status(os.getpid(), FAILED, message=_("Hệ điều hành báo lỗi: {reason}.").format(reason=error))
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
