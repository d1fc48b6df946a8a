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


async def _work(worker: Worker) -> None:
    """Take jobs until cancelled; what is running then ends first."""
    # One connection listens, one fetches and finishes jobs; a job's own work uses Django's connection.
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=2, max_size=worker.at_once + 2)
    with jobs.app.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                queues=list(worker.queues),
                concurrency=worker.at_once,
                name=worker.name,
                install_signal_handlers=False,
            )


async def _until_told(worker: Worker, other: int | None = None) -> int:
    """Work until a signal to stop comes, or until the `other` process ends, which is then told to stop as well.

    Returns 0 after a wanted stop. A worker that dies takes the other along: whoever runs this starts both again.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(_work(worker))
    asked = False

    def stop() -> None:
        nonlocal asked
        asked = True
        if other:
            send(other, signal.SIGTERM)
        task.cancel()

    for number in STOPPING:
        loop.add_signal_handler(number, stop)
    if other:
        loop.add_signal_handler(signal.SIGCHLD, lambda: not is_alive(other) and task.cancel())
        if not is_alive(other):
            task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return 0 if asked else 1
    return 1


def _fork(worker: Worker, bind: Callable[[], None] | None) -> int:
    """Start a worker. Returns its process id, in the parent only."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if bind:
            bind()
        code = asyncio.run(_until_told(worker))
    except Exception:
        log.exception("worker_broken", worker=worker.name)
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
    other = _fork(PROMPT, dies_with_parent(signal.SIGTERM))
    code = 1
    try:
        code = asyncio.run(_until_told(LONG, other))
    except Exception:
        log.exception("worker_broken", worker=LONG.name)
    send(other, signal.SIGTERM)
    status = os.waitpid(other, 0)[1]
    return code or int(status != 0)


if __name__ == "__main__":
    raise SystemExit(main())
