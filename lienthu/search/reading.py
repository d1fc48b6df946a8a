"""A reader's view of the index: opened late, renewed at most once a second, following the pointer after a rebuild."""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tantivy

from lienthu.search import generations
from lienthu.search.compiler import Compiler
from lienthu.search.ranking import Ranking
from lienthu.search.schema import Shown, decode_shown

RELOAD_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """One unchanging state of the index."""

    generation: str
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    compiler: Compiler
    ranking: Ranking

    def ids(self, addresses: Sequence[tantivy.DocAddress]) -> tuple[int, ...]:
        """Record ids of hits."""
        return (
            cast("tuple[int, ...]", tuple(self.searcher.fast_field_values("id", list(addresses)))) if addresses else ()
        )

    def shown(self, address: tantivy.DocAddress) -> Shown:
        """Stored words of a hit."""
        return decode_shown(self.searcher.doc(address)["shown"][0])

    def found(self, query: tantivy.Query, limit: int, **options: Any) -> tuple[list[tantivy.DocAddress], int]:
        """Hits of a page, and the number of all."""
        found: Any = self.searcher.search(query, limit, count=True, **options)
        return [address for _, address in found.hits], int(found.count)

    def best(self, query: tantivy.Query, limit: int) -> list[tantivy.DocAddress]:
        """The best hits."""
        return [address for _, address in self.searcher.search(query, limit, count=False).hits]


class IndexReader:
    """Hands out views; safe to share between threads and to carry across a fork."""

    def __init__(self, path: Path, *, reload_seconds: float = RELOAD_SECONDS) -> None:
        self._path = path
        self._reload_seconds = reload_seconds
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._index: tantivy.Index | None = None
        self._view: View | None = None
        self._stamp = self._commit = -1
        self._next_look = 0.0

    def view(self) -> View | None:
        """The newest state seen within the last second; None while there is no index this program can read."""
        if time.monotonic() < self._next_look and self._process == os.getpid():
            return self._view
        return self._look()

    def refresh(self) -> View | None:
        """The newest state at once."""
        self._next_look = 0.0
        return self.view()

    def _look(self) -> View | None:
        if self._process != os.getpid():
            # A lock taken by another thread at the moment of the fork would stay taken for ever.
            self._lock = threading.Lock()
            self._forget()
        with self._lock:
            if time.monotonic() >= self._next_look:
                self._renew()
                self._next_look = time.monotonic() + self._reload_seconds
            return self._view

    def _renew(self) -> None:
        stamp = generations.pointer_stamp(self._path)
        try:
            if stamp != self._stamp or self._index is None:
                self._open()
                self._stamp = stamp
            elif self._view and self._commit != (commit := generations.commit_stamp(self._path, self._view.generation)):
                # The stamp first: a commit between the two is seen at the next look.
                self._commit = commit
                self._index.reload()
                self._take(self._index, self._view.generation)
        except (generations.Unreadable, ValueError, OSError):
            # A folder replaced between the two looks: the next look finds the new one. The last view still answers.
            self._index = None

    def _open(self) -> None:
        name = generations.current(self._path)
        if name is None:
            self._index = self._view = None
            return
        self._commit = generations.commit_stamp(self._path, name)
        index = generations.open_index(self._path, name)
        index.reload()
        self._index = index
        self._take(index, name)

    def _take(self, index: tantivy.Index, generation: str) -> None:
        searcher = index.searcher()
        schema = index.schema
        compiler = Compiler(schema)
        self._view = View(generation, schema, searcher, compiler, Ranking(schema, searcher, compiler))
