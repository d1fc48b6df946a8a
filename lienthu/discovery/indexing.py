"""Keeping the index in step with the database: draining the queue of changed records, and building the index anew.

The queue row is deleted only after the search engine has committed, so a killed indexer does its last batch twice and
loses nothing. What is indexed is always read from the database at that moment, never from the queue.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.db import connection

from lienthu.catalogue.queries import active_ids
from lienthu.discovery.documents import documents_of
from lienthu.discovery.index import engine
from lienthu.kernel.memory import without_cycle_search
from lienthu.search import TantivyWriter, WriterBusy

BATCH_IDS = 2_000
# Documents in memory at once; a queue row may name many more.
SLICE_IDS = 500
COMMIT_SECONDS = 0.5
# A row of so many records comes from an import. While more of them come its commits are further apart, since each makes
# a piece of index that must be merged with the others later: pieces of 20,000 records cost two thirds of pieces of
# 2,500. A record that a person saved overtakes it and is committed at once, and so is the end of an import.
BULK_IDS = 200
BULK_COMMIT_SECONDS = 6.0
BULK_PAUSE_SECONDS = 0.6

# Calm rows (copies lent and returned) are taken together, once the oldest has waited so long.
CALM_SECONDS = 3.0

Progress = Callable[[int, int], None]
"""Called with records done and records in all."""


class Draining:
    """The queue on its way into the index of one writer, without the rows in `leave`."""

    def __init__(self, writer: TantivyWriter, *, leave: Sequence[int] = ()) -> None:
        self._writer = writer
        self._leave = list(leave)
        self._taken: list[int] = []
        self._hurried = False
        self._patience = CALM_SECONDS
        self._committed_at = self._taken_at = time.monotonic()

    def step(self) -> int:
        """Index one batch; commit when the queue is empty or the last commit is long enough ago. Rows taken."""
        rows = self._next_rows()
        if rows:
            self._index({cluster_id for _, cluster_ids in rows for cluster_id in cluster_ids})
            self._taken += [row_id for row_id, _ in rows]
            self._hurried |= any(len(cluster_ids) < BULK_IDS for _, cluster_ids in rows)
            self._taken_at = time.monotonic()
        if self._taken and self._is_due(more=bool(rows)):
            self.commit()
        return len(rows)

    def _is_due(self, *, more: bool) -> bool:
        if self._hurried and not more:
            return True
        return self.seconds_to_commit == 0.0

    @property
    def seconds_to_commit(self) -> float | None:
        """How long the next commit may wait; None when there is nothing to commit."""
        if not self._taken:
            return None
        due = self._committed_at + (COMMIT_SECONDS if self._hurried else BULK_COMMIT_SECONDS)
        # The pause counts from the last row, so that an import that has ended is not kept waiting.
        return max(0.0, min(due, self._taken_at + BULK_PAUSE_SECONDS) - time.monotonic())

    def all(self) -> int:
        """Index until the queue is empty, calm rows too, and commit. Rows taken."""
        self._patience = 0.0
        total = 0
        while count := self.step():
            total += count
        if self._taken:
            self.commit()
        return total

    def commit(self) -> None:
        """Make what was indexed lasting, then forget its queue rows."""
        self._writer.commit()
        _forget(self._taken)
        self._taken, self._hurried = [], False
        self._committed_at = time.monotonic()

    def _next_rows(self) -> list[tuple[int, list[int]]]:
        rows: list[tuple[int, list[int]]] = []
        count = 0
        with connection.cursor() as cursor:
            # Not by a last id: a transaction that took its number earlier may commit later.
            cursor.execute(
                """
                SELECT id, cluster_ids FROM discovery_pendingindex WHERE id <> ALL(%s) AND (NOT calm OR EXISTS (
                    SELECT FROM discovery_pendingindex WHERE calm AND at <= now() - make_interval(secs => %s)))
                ORDER BY cardinality(cluster_ids) >= %s, id LIMIT 200
                """,
                [self._leave + self._taken, self._patience, BULK_IDS],
            )
            for row in cursor:
                if rows and len(rows[0][1]) < BULK_IDS <= len(row[1]):
                    break
                rows.append(row)
                count += len(row[1])
                if count >= BATCH_IDS:
                    break
        return rows

    def _index(self, cluster_ids: set[int]) -> None:
        for ids in _slices(iter(sorted(cluster_ids)), SLICE_IDS):
            with without_cycle_search():
                documents = list(documents_of(ids))
                self._writer.upsert(documents)
            self._writer.delete(set(ids) - {document.id for document in documents})


def rebuild(writer: TantivyWriter, *, progress: Progress | None = None) -> int:
    """Build a new index beside the live one and put it in use; live changes go to both meanwhile. Records in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_cluster WHERE is_active AND merged_into_id IS NULL")
        (total,) = cursor.fetchone()
        # Imports that wait by now are read by the rebuild anyway; what a person saved goes on to be found at once.
        cursor.execute("SELECT id FROM discovery_pendingindex WHERE cardinality(cluster_ids) >= %s", [BULK_IDS])
        covered = [row_id for (row_id,) in cursor.fetchall()]
    building = writer.start_rebuild()
    draining = Draining(writer, leave=covered)
    done = 0
    try:
        for ids in _slices((cluster_id for cluster_id, _ in active_ids()), SLICE_IDS):
            with without_cycle_search():
                done += building.add(documents_of(ids))
            draining.step()
            if progress:
                progress(done, max(total, done))
        draining.all()
        building.finish()
    except BaseException:
        building.abandon()
        raise
    _forget(covered)
    return done


def drain_if_alone() -> bool:
    """Index what waits, where no indexer runs (a command on its own). False when another process writes."""
    try:
        writer = engine().writer()
    except WriterBusy:
        return False
    with writer:
        if writer.needs_rebuild:
            rebuild(writer)
        Draining(writer).all()
    engine().refresh()
    return True


def pending() -> int:
    """Queue rows that wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM discovery_pendingindex")
        return int(cursor.fetchone()[0])


def _forget(row_ids: Sequence[int]) -> None:
    if row_ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM discovery_pendingindex WHERE id = ANY(%s)", [list(row_ids)])


def _slices(ids: Iterator[int], size: int) -> Iterator[list[int]]:
    while part := list(islice(ids, size)):
        yield part
