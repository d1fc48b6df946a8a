"""Counting wrong passwords, in the one place that all processes share (docs/adr/0008)."""

import hashlib
import time
import zlib

from django.core.cache import cache
from django.db import transaction

from lienthu.kernel.postgresql.planned import ask

_LOCK = 6_001


class Tries:
    """Wrong passwords by key: after `most` within `seconds` the key is closed until they are older.

    `name` tells the counters of one kind from those of another.
    """

    def __init__(self, name: str, *, most: int, seconds: float) -> None:
        self._name, self._most, self._seconds = name, most, seconds

    def closed(self, key: object) -> bool:
        """Are there too many?"""
        return len(self._recent(self._place(key))) >= self._most

    def note(self, key: object) -> None:
        """One more. Those of several connections at once wait for each other, so that none is lost."""
        place = self._place(key)
        with transaction.atomic():
            ask("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [_LOCK, zlib.crc32(place.encode()) & 0x7FFFFFFF])
            cache.set(place, [*self._recent(place), time.time()], self._seconds)

    def forget(self, key: object) -> None:
        """It was right."""
        cache.delete(self._place(key))

    def _place(self, key: object) -> str:
        return f"sip2.{self._name}.{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"

    def _recent(self, place: str) -> list[float]:
        since = time.time() - self._seconds
        return [at for at in cache.get(place, []) if at > since]
