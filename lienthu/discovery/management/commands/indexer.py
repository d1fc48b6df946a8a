"""`manage indexer`: the one process that writes the search index; a child of `lienthu serve`."""

import signal
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error, connection

from lienthu.discovery.actions import CHANNEL
from lienthu.discovery.index import engine
from lienthu.discovery.indexing import Draining, rebuild
from lienthu.search import TantivyWriter, WriterBusy

log = structlog.get_logger(__name__)

# A note that got lost is made up for by looking at the queue this often.
POLL_SECONDS = 1.0
RETRY_SECONDS = 1.0
LOG_SECONDS = 5.0


class Command(BaseCommand):
    """Runs until SIGTERM."""

    help = "Keep the search index in step with the database until stopped."
    # They would load every page of the product into this process: 20 MB that it never uses.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        writer = self._writer()
        if writer is None:
            return
        with writer:
            log.info("indexer.started", index=str(engine().path))
            while not self._stopping:
                try:
                    self._run(writer)
                except Error as error:
                    # The database went away, or was restarted: nothing is lost, the queue is still there.
                    log.warning("indexer.database_lost", error=str(error).strip())
                    writer.rollback()
                    connection.close()
                    time.sleep(RETRY_SECONDS)
        log.info("indexer.stopped")

    def _stop(self, *_: Any) -> None:
        self._stopping = True

    def _writer(self) -> TantivyWriter | None:
        """Wait for the writing right: a one-off command may hold it for a while."""
        told = False
        while not self._stopping:
            try:
                return engine().writer()
            except WriterBusy:
                if not told:
                    log.warning("indexer.waiting", reason="another process writes the index")
                    told = True
                time.sleep(RETRY_SECONDS)
        return None

    def _run(self, writer: TantivyWriter) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        draining = Draining(writer)
        while not self._stopping:
            if writer.needs_rebuild:
                self._rebuild(writer)
            elif not draining.step():
                self._wait(draining.seconds_to_commit)

    def _rebuild(self, writer: TantivyWriter) -> None:
        began = last = time.monotonic()
        log.info("indexer.rebuild_started")

        def report(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= LOG_SECONDS:
                last = time.monotonic()
                log.info("indexer.rebuilding", done=done, total=total)

        done = rebuild(writer, progress=report)
        log.info("indexer.rebuilt", records=done, seconds=round(time.monotonic() - began, 1))

    def _wait(self, seconds_to_commit: float | None) -> None:
        """Sleep until somebody says that there is work, or the poll or a commit is due."""
        timeout = POLL_SECONDS if seconds_to_commit is None else min(POLL_SECONDS, seconds_to_commit)
        for _ in connection.connection.notifies(timeout=timeout, stop_after=1):
            break
