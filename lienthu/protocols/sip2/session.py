"""What is known of one connection, and counting of wrong passwords. One thread at a time works with a session."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from lienthu.identity.access import Actor
from lienthu.protocols.sip2.charsets import UTF_8
from lienthu.protocols.sip2.models import Terminal


@dataclass(slots=True)
class Session:
    """One connection of a machine. `proved` holds readers whose password was right, until when (monotonic seconds)."""

    address: str
    tls: bool = False
    terminal: Terminal | None = None
    actor: Actor | None = None
    learnt_at: float = 0.0
    noted_at: float = 0.0
    charset: str = UTF_8
    delimiter: str = "|"
    language: str = "vi"
    line_end: bytes = b"\r"
    broken: int = 0
    last_request: bytes = b""
    last_answer: bytes = b""
    last_at: float = 0.0
    proved: dict[int, float] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def forget_readers(self) -> None:
        """The reader has left the machine."""
        self.proved.clear()
        self.seen.clear()


class Tries:
    """Wrong passwords by key: after `most` within `seconds` the key is closed until they are older. Bounded."""

    def __init__(self, *, most: int, seconds: float, keys: int = 5_000) -> None:
        self._most, self._seconds, self._keys = most, seconds, keys
        self._wrong: OrderedDict[object, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def closed(self, key: object) -> bool:
        """Are there too many?"""
        with self._lock:
            return len(self._recent(key)) >= self._most

    def note(self, key: object) -> None:
        """One more."""
        with self._lock:
            self._wrong[key] = [*self._recent(key), time.monotonic()]
            self._wrong.move_to_end(key)
            while len(self._wrong) > self._keys:
                self._wrong.popitem(last=False)

    def forget(self, key: object) -> None:
        """It was right."""
        with self._lock:
            self._wrong.pop(key, None)

    def _recent(self, key: object) -> list[float]:
        since = time.monotonic() - self._seconds
        return [at for at in self._wrong.get(key, []) if at > since]
