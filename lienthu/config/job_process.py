"""The job workers: one process for long work, one for what a person waits for, so that neither delays the other.

The application is loaded once and the workers are forked from it, so they share its memory until they change it: the
second worker costs little, and yet it has an interpreter lock of its own. Loading opens no connection, file or thread.
"""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

# imported first because it sets Django up
from lienthu.config import wsgi as wsgi
from lienthu.kernel import jobs
from lienthu.server.processes import dies_with_parent, send

log = structlog.get_logger("lienthu.jobs")
STOPPING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """A process that takes the jobs of its queues, so many at a time."""

    name: str
    queues: tuple[str, ...]
    at_once: int


WORKERS = (
    Worker(name="long", queues=("imports", "default", "maintenance"), at_once=2),
    # these mostly wait for answers of other machines
    Worker(name="prompt", queues=(jobs.PROMPT,), at_once=6),
)


async def _work(worker: Worker) -> None:
    # One connection listens, one fetches and finishes jobs; a job's own work uses Django's connection.
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=2, max_size=worker.at_once + 2)
    with jobs.app.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(queues=list(worker.queues), concurrency=worker.at_once, name=worker.name)


def _fork(worker: Worker, bind: Callable[[], None] | None) -> int:
    """Start a worker. Returns its process id, in the parent only."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if bind:
            bind()
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        asyncio.run(_work(worker))
        code = 0
    except Exception:
        log.exception("worker_broken", worker=worker.name)
    finally:
        os._exit(code)


def main() -> int:
    """Run the workers until one ends; then stop the others. Returns 0 after a wanted stop.

    A worker that dies takes the others along: whoever runs this starts them together again.
    """
    gc.collect()
    # what is frozen is not visited by later collections, so its pages stay shared
    gc.freeze()
    bind = dies_with_parent(signal.SIGTERM)
    running: list[int] = []
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        for pid in running:
            send(pid, signal.SIGTERM)

    for number in STOPPING:
        signal.signal(number, stop)
    for worker in WORKERS:
        running.append(_fork(worker, bind))
    if asked:
        stop(asked[0], None)
    failed = False
    while running:
        pid, status = os.wait()
        running.remove(pid)
        failed = failed or status != 0 or not asked
        for other in running:
            send(other, signal.SIGTERM)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
