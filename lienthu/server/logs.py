"""Log files that never fill the disk."""

import os
from pathlib import Path

LIMIT = 10 * 1024 * 1024
KEPT = 4


class LogFile:
    """Appends bytes to one file. At LIMIT bytes it is renamed to .1, .1 to .2 and so on; the oldest is dropped."""

    def __init__(self, path: Path, *, limit: int = LIMIT, kept: int = KEPT) -> None:
        self.path, self._limit, self._kept = path, limit, kept
        self._descriptor = self._open()

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, data: bytes) -> None:
        """Write what the disk takes: a full disk loses log lines, never the service."""
        try:
            if os.fstat(self._descriptor).st_size + len(data) > self._limit:
                self._rotate()
            os.write(self._descriptor, data)
        except OSError:
            return

    def _rotate(self) -> None:
        for number in range(self._kept, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)
        os.close(self._descriptor)
        self._descriptor = self._open()

    def close(self) -> None:
        os.close(self._descriptor)
