"""The one writer of an index, and the rebuild of a whole new one behind live search."""

import fcntl
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO, cast

import tantivy

from lienthu.search import generations
from lienthu.search.engine import WriterBusy
from lienthu.search.schema import Document, to_tantivy

HEAP_BYTES = 64_000_000
"""Memory for documents not yet written; one indexing thread, so this is the whole of it."""
REBUILD_HEAP_BYTES = 200_000_000
"""More for a rebuild: every full heap becomes a segment, and a search visits each segment."""
_LOCK = "writer.lock"
_WANTED = "rebuild.wanted"
GRACE_SECONDS = 30.0
"""Time for readers to leave a replaced generation before its files go."""


class TantivyWriter:
    """Holds the writing right of one index folder until closed. A killed process loses what was not committed, no more.

    Not for use by several threads at once.
    """

    def __init__(self, path: Path, *, heap_bytes: int = HEAP_BYTES) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._heap_bytes = heap_bytes
        self._lock = _lock(path)
        self._rebuild: Rebuild | None = None
        self._leaving: dict[str, float] = {}
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        name = generations.current(self._path)
        try:
            index = generations.open_index(self._path, name) if name else None
        except generations.Unreadable:
            index = None
        if index is None or name is None:
            name = generations.create(self._path)
            index = generations.open_index(self._path, name)
            generations.use(self._path, name)
        self._use(name, index, _writer(index, self._heap_bytes))
        for leftover in generations.others(self._path, {name}):
            generations.remove(self._path, leftover)

    def _use(self, name: str, index: tantivy.Index, writer: tantivy.IndexWriter) -> None:
        self._name = name
        self._writer = writer
        # Ids grow: a record above all that the index has ever had needs no deletion, which each segment would pay for.
        self._highest = _highest_id(index)

    @property
    def needs_rebuild(self) -> bool:
        """Whether the index lacks records: it is new, of an older schema, was damaged, or a rebuild was asked for."""
        return (self._path / _WANTED).exists() or not generations.is_complete(self._path, self._name)

    def upsert(self, documents: Iterable[Document]) -> int:
        """Put these records in, in place of what the index had under their ids; seen after `commit`. Their number."""
        count = 0
        for document in documents:
            made = to_tantivy(document)
            if document.id <= self._highest:
                self._writer.delete_documents_by_term("id", document.id)
            self._highest = max(self._highest, document.id)
            self._writer.add_document(made)
            if self._rebuild:
                self._rebuild.replace(document.id, made)
            count += 1
        return count

    def delete(self, ids: Iterable[int]) -> int:
        """Take these records out; unknown ids are no error. The number of ids."""
        count = 0
        for record in ids:
            self._writer.delete_documents_by_term("id", record)
            if self._rebuild:
                self._rebuild.replace(record, None)
            count += 1
        return count

    def commit(self) -> None:
        """Make all changes lasting and visible to readers."""
        self._writer.commit()
        self._sweep()

    def rollback(self) -> None:
        """Forget changes since the last commit."""
        self._writer.rollback()

    def start_rebuild(self) -> "Rebuild":
        """A new, empty index beside the live one. Writes through this writer go to both from now on."""
        if self._rebuild:
            self._rebuild.abandon()
        name = generations.create(self._path)
        index = generations.open_index(self._path, name)
        self._rebuild = Rebuild(self, name, index, _writer(index, REBUILD_HEAP_BYTES))
        return self._rebuild

    def _finish_rebuild(self, rebuild: "Rebuild") -> None:
        self._writer.commit()
        old = self._name
        generations.mark_complete(self._path, rebuild.name)
        generations.use(self._path, rebuild.name)
        self._writer.wait_merging_threads()
        self._rebuild = None
        self._use(rebuild.name, rebuild.index, rebuild.writer)
        self._leaving[old] = time.monotonic() + GRACE_SECONDS
        (self._path / _WANTED).unlink(missing_ok=True)

    def _abandon_rebuild(self, rebuild: "Rebuild") -> None:
        self._rebuild = None
        rebuild.writer.wait_merging_threads()
        generations.remove(self._path, rebuild.name)

    def _sweep(self) -> None:
        for name in [name for name, until in self._leaving.items() if time.monotonic() >= until]:
            generations.remove(self._path, name)
            del self._leaving[name]

    def close(self) -> None:
        """Give the writing right back; changes since the last commit are lost."""
        if self._lock.closed:
            return
        if self._rebuild:
            self._rebuild.abandon()
        self._writer.rollback()
        self._writer.wait_merging_threads()
        self._lock.close()

    def __enter__(self) -> "TantivyWriter":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Rebuild:
    """A generation being filled. Feed it every record, then `finish`; search goes on with the old one until then."""

    def __init__(self, owner: TantivyWriter, name: str, index: tantivy.Index, writer: tantivy.IndexWriter) -> None:
        self.name = name
        self.index = index
        self.writer = writer
        self._owner = owner
        # Records written live meanwhile: what the stream of all records says of them may be older.
        self._newer: set[int] = set()
        self._highest = 0

    def add(self, documents: Iterable[Document]) -> int:
        """Records from the stream of all records, each given once. Their number."""
        count = 0
        for document in documents:
            if document.id not in self._newer:
                self.writer.add_document(to_tantivy(document))
            self._highest = max(self._highest, document.id)
            count += 1
        return count

    def replace(self, record: int, made: tantivy.Document | None) -> None:
        """A live write, or a deletion (None), that came in during the rebuild."""
        # Every deletion is carried to every segment written before the end, so none is asked for without need.
        if record <= self._highest or record in self._newer:
            self.writer.delete_documents_by_term("id", record)
        self._newer.add(record)
        if made is not None:
            self.writer.add_document(made)

    def finish(self) -> None:
        """Commit and put this generation in use, in one step for readers."""
        self.writer.commit()
        self._owner._finish_rebuild(self)

    def abandon(self) -> None:
        """Drop this generation; the live one was never touched."""
        self.writer.rollback()
        self._owner._abandon_rebuild(self)


def request_rebuild(path: Path) -> None:
    """Ask the process that writes this index for a rebuild."""
    path.mkdir(parents=True, exist_ok=True)
    (path / _WANTED).touch()


def _highest_id(index: tantivy.Index) -> int:
    """The largest record id in an index, 0 when it is empty."""
    index.reload()
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.all_query(), 1, order_by_field="id").hits
    return cast("int", searcher.fast_field_values("id", [hits[0][1]])[0]) if hits else 0


def _writer(index: tantivy.Index, heap_bytes: int) -> tantivy.IndexWriter:
    return index.writer(heap_bytes, 1)


def _lock(path: Path) -> TextIO:
    """The writing right; the system frees it when the process ends, however it ends."""
    file = (path / _LOCK).open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise WriterBusy(f"another process writes the index in {path}") from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
