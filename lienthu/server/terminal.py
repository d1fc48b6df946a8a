"""What the person who runs `lienthu serve` sees: own messages in full, those of the children briefly."""

import shutil
import time
from pathlib import Path

from lienthu.server.language import translate as _

_UNIMPORTANT = ('"level": "info"', '"level": "debug"', "[INFO]", "[DEBUG]")
_LINES_PER_PERIOD = 20
_PERIOD_SECONDS = 30.0


class Terminal:
    """Prints at most some lines of the children per period; the log files have them all."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._period_began = 0.0
        self._lines = 0

    def say(self, text: str) -> None:
        print(text, flush=True)

    def show(self, name: str, line: str) -> None:
        """One line of a child's output."""
        if not line.strip() or any(mark in line for mark in _UNIMPORTANT):
            return
        now = time.monotonic()
        if now - self._period_began > _PERIOD_SECONDS:
            self._period_began, self._lines = now, 0
        self._lines += 1
        if self._lines <= _LINES_PER_PERIOD:
            width = max(40, shutil.get_terminal_size((160, 24)).columns)
            print(f"[{name}] {line}"[:width], flush=True)
        elif self._lines == _LINES_PER_PERIOD + 1:
            print(_("[{name}] … xem tiếp trong {log}").format(name=name, log=self._logs / f"{name}.log"), flush=True)
