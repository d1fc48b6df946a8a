"""Locks on files. The kernel lets go of them when their process dies, however it dies."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """An advisory lock on one file that is made when missing and never removed.

    A child process that inherits the descriptor keeps the lock too, until the last of them has ended.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    @property
    def descriptor(self) -> int:
        """Raises ValueError when the lock is not held."""
        if self._descriptor is None:
            raise ValueError(f"{self.path} is not locked")
        return self._descriptor

    def acquire(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock; False when wait is False and another process holds it in a way that excludes this one."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(descriptor, mode)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_free(path: Path, *, shared: bool = False) -> bool:
    """Could this lock be had now? It is given back at once."""
    if not path.exists():
        return True
    lock = FileLock(path)
    if not lock.acquire(shared=shared, wait=False):
        return False
    lock.release()
    return True
