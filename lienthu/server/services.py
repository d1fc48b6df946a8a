"""Keeping one child running: when to start it again, and when to give up."""

import time
from dataclasses import dataclass

from lienthu.server.child_process import ChildProcess
from lienthu.server.children import Child


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Times in seconds. The pause doubles with each failure in a row; a run of stable seconds ends the row."""

    first_pause: float = 0.5
    longest_pause: float = 60.0
    stable: float = 60.0
    most_failures: int = 6
    pause_after_giving_up: float = 600.0


class Service:
    """The state of one child over all its restarts."""

    def __init__(self, child: Child, patience: Patience) -> None:
        self.child, self._patience = child, patience
        self.process: ChildProcess | None = None
        self.failures = 0
        self.pause = 0.0
        self._began = 0.0
        self._due = 0.0

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self._due

    def started(self, process: ChildProcess) -> None:
        self.process, self._began = process, time.monotonic()

    def failed(self) -> None:
        """The process has ended without being asked to. Plans the next start."""
        now = time.monotonic()
        self.process = None
        if now - self._began >= self._patience.stable:
            self.failures = 0
        self.failures += 1
        self.pause = min(self._patience.first_pause * 2 ** (self.failures - 1), self._patience.longest_pause)
        if self.is_given_up():
            self.pause = self._patience.pause_after_giving_up
        self._due = now + self.pause

    def is_given_up(self) -> bool:
        return self.failures >= self._patience.most_failures
