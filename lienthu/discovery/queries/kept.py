"""Answers of the search engine, kept while the index stays as it is: a class that asks one question costs one search.

Nothing else is kept: what stands on the shelf is asked of the database every time.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import replace

from lienthu.discovery.index import engine
from lienthu.search import SearchRequest, SearchResult

LIMIT = 500
"""Answers of one process, some 10 kB each."""


class Kept:
    """The answers used last, of one edition of the index."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._edition: object = None
        self._answers: OrderedDict[SearchRequest, SearchResult] = OrderedDict()

    def search(self, request: SearchRequest) -> SearchResult:
        """The answer to this question: found now, unless this edition of the index has given it already."""
        started = time.perf_counter()
        edition = engine().edition()
        with self._lock:
            if edition is not self._edition:
                self._answers.clear()
                self._edition = edition
            if request in self._answers:
                self._answers.move_to_end(request)
                return replace(self._answers[request], took_ms=(time.perf_counter() - started) * 1000)
        answer = engine().search(request)
        with self._lock:
            if edition is not None and edition is self._edition:
                self._answers[request] = answer
                while len(self._answers) > self._limit:
                    self._answers.popitem(last=False)
        return answer


_kept = Kept()


def search(request: SearchRequest) -> SearchResult:
    """Ask the engine, or remember what it said."""
    return _kept.search(request)
