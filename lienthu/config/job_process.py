"""The job workers: one process for long work, one for what a person waits for, so that neither delays the other.

The application is loaded once; the second worker is forked from the first and shares its memory until it changes it: it
costs little, and yet it has an interpreter lock of its own. Loading opens no connection, file or thread.
"""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker as TakingJobs

# imported first because it sets Django up
from lienthu.config import wsgi as wsgi
from lienthu.kernel import jobs
from lienthu.server.processes import dies_with_parent, is_alive, send

log = structlog.get_logger("lienthu.jobs")
STOPPING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """A process that takes the jobs of its queues, so many at a time."""

    name: str
    queues: tuple[str, ...]
    at_once: int


LONG = Worker(name="long", queues=("imports", "default", "maintenance"), at_once=2)
# These mostly wait for answers of other machines.
PROMPT = Worker(name="prompt", queues=(jobs.PROMPT,), at_once=6)


class _Working:
    """A worker's run on one event loop, which can be ended at any moment.

    It is not ended by cancelling it: while connections are opened, psycopg's pool loses cancellations.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._taking: TakingJobs | None = None
        self._stopped = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Take jobs until stopped; what is running then ends first."""
        work = asyncio.create_task(self._work())
        await asyncio.wait((work, self._stopped), return_when=asyncio.FIRST_COMPLETED)
        if work.done() or self._taking:
            await work

    async def _work(self) -> None:
        # One connection listens, one fetches and finishes jobs; a job's own work uses Django's connection.
        most = self._worker.at_once + 2
        connector = PsycopgConnector(kwargs=connector_params("default"), min_size=2, max_size=most)
        with jobs.app.replace_connector(connector) as app:
            async with app.open_async():
                app.perform_import_paths()
                self._taking = TakingJobs(
                    app,
                    queues=list(self._worker.queues),
                    concurrency=self._worker.at_once,
                    name=self._worker.name,
                    install_signal_handlers=False,
                )
                if not self._stopped.done():
                    await self._taking.run()

    def stop(self) -> None:
        """Begin no further job. Before the first one there is nothing to finish: it ends at once."""
        if not self._stopped.done():
            self._stopped.set_result(None)
        if self._taking:
            self._taking.stop()


async def _until_told(worker: Worker, other: int | None = None) -> int:
    """Work until a signal to stop comes, or until the `other` process ends, which is then told to stop as well.

    Returns 0 after a wanted stop. A worker that dies takes the other along: whoever runs this starts both again.
    """
    loop = asyncio.get_running_loop()
    working = _Working(worker)
    asked = False

    def stop() -> None:
        nonlocal asked
        asked = True
        if other:
            send(other, signal.SIGTERM)
        working.stop()

    for number in STOPPING:
        loop.add_signal_handler(number, stop)
    if other:
        loop.add_signal_handler(signal.SIGCHLD, lambda: None if is_alive(other) else working.stop())
        if not is_alive(other):
            working.stop()
    await working.run()
    return 0 if asked else 1


def _run(worker: Worker, other: int | None = None) -> int:
    """The exit code of a worker's process, whatever happened to it."""
    loop = asyncio.new_event_loop()
    try:
        # asyncio.run would wait for tasks of a pool that was being opened; they end with the process
        return loop.run_until_complete(_until_told(worker, other))
    except Exception:
        log.exception("worker_broken", worker=worker.name)
        return 1


def start_apart(worker: Worker, bind: Callable[[], None] | None = None) -> int:
    """Start a worker in a process of its own. Returns its process id, in the parent only."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if bind:
            bind()
        code = _run(worker)
    finally:
        os._exit(code)


def main() -> int:
    """Run both workers until told to stop, or until one ends. Returns 0 after a wanted stop."""
    gc.collect()
    # what is frozen is not visited by later collections, so its pages stay shared
    gc.freeze()
    for number in STOPPING:
        # what comes before a worker listens ends both at once: there is nothing to finish yet
        signal.signal(number, signal.SIG_DFL)
    other = start_apart(PROMPT, dies_with_parent(signal.SIGTERM))
    code = _run(LONG, other)
    send(other, signal.SIGTERM)
    status = os.waitpid(other, 0)[1]
    return code or int(status != 0)


if __name__ == "__main__":
    raise SystemExit(main())
