"""Reading on while the database writes."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from django.db import connection

SWITCH_SECONDS = 0.001


class OneBehind:
    """Runs writes in order in a thread of their own, at most one behind the caller, on a connection of its own.

    The reader prepares the next chunk while PostgreSQL works on this one. A failed write raises in the caller at the
    next `do` or at the end, and nothing after it is written. Inside an open transaction, whose rows another connection
    could not see, the writes run at once in the caller.
    """

    def __init__(self) -> None:
        self._inline = connection.in_atomic_block
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import-writer")
        self._running: Future[None] | None = None

    def do(self, write: Callable[[], None]) -> None:
        """Wait for the write before, then start this one."""
        if self._inline:
            write()
            return
        self._wait()
        self._running = self._pool.submit(write)

    def _wait(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def __enter__(self) -> "OneBehind":
        # The writer comes back from the database some fifty times a chunk; with the usual 5 ms it would wait each time
        # for the reader to let go of the interpreter.
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._wait()
        finally:
            sys.setswitchinterval(self._usual)
            self._pool.submit(connection.close)
            self._pool.shutdown(wait=True)
