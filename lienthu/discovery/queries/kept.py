"""Answers of the search engine, kept while the index stays as it is: a class that asks one question costs one search.

Nothing else is kept: what stands on the shelf is asked of the database every time.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Generic, TypeVar

from lienthu.discovery.index import engine
from lienthu.search import Correction, SearchRequest, SearchResult

LIMIT = 500
"""Answers of one kind in one process; those to searches take some 10 kB each."""

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class Kept(Generic[Question, Answer]):
    """The answers used last, of one edition of the index."""

    def __init__(self, ask: Callable[[Question], Answer], *, limit: int = LIMIT) -> None:
        self._ask = ask
        self._limit = limit
        self._lock = threading.Lock()
        self._edition: object = None
        self._answers: OrderedDict[Question, Answer] = OrderedDict()

    def answer(self, question: Question) -> Answer:
        """The answer to this question: found now, unless this edition of the index has given it already."""
        edition = engine().edition()
        with self._lock:
            if edition is not self._edition:
                self._answers.clear()
                self._edition = edition
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
        answer = self._ask(question)
        with self._lock:
            if edition is not None and edition is self._edition:
                self._answers[question] = answer
                while len(self._answers) > self._limit:
                    self._answers.popitem(last=False)
        return answer


_results: Kept[SearchRequest, SearchResult] = Kept(lambda request: engine().search(request))
_corrections: Kept[str, list[Correction]] = Kept(lambda query: engine().did_you_mean(query))


def search(request: SearchRequest) -> SearchResult:
    """Ask the engine, or remember what it said; `took_ms` is what this took now."""
    started = time.perf_counter()
    return replace(_results.answer(request), took_ms=(time.perf_counter() - started) * 1000)


def did_you_mean(query: str) -> list[Correction]:
    """Queries that the reader may have meant, found now or remembered."""
    return _corrections.answer(query)
