"""Loads the application once and makes web server, job workers and indexer out of itself (see server/preloading.py).

    python -m lienthu.config.preloader FILE-DESCRIPTOR

On the socket come wishes, JSON with the descriptor of the output: {"name", "arguments", "variables", "parent"}; the
answer is {"pid"}. Loading opens no connection, file or thread: what is made finds a clean table.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from django.core.management import execute_from_command_line
from django.urls import get_resolver

from lienthu.config import job_process, web_process
from lienthu.server.processes import limit_memory_areas, take_name, wait_for_adoption

_LONGEST_MESSAGE = 65_536


def _manage() -> int:
    execute_from_command_line(sys.argv)
    return 0


PROGRAMS: dict[str, Callable[[], int | None]] = {
    "lienthu.config.web_process": web_process.main,
    "lienthu.config.job_process": job_process.main,
    "django": _manage,
}


def _become(wish: dict[str, Any], output: int, line: socket.socket) -> None:
    """In the new process: be what was wished for. Does not return."""
    if not wait_for_adoption(wish["parent"], signal.SIGTERM):
        os._exit(1)
    os.setsid()
    line.close()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)
    os.environ.update(wish["variables"])
    if most := wish["variables"].get("MALLOC_ARENA_MAX"):
        limit_memory_areas(int(most))
    take_name(f"lienthu {wish['name']}")
    module, *arguments = wish["arguments"]
    sys.argv = [module, *arguments]
    raise SystemExit(PROGRAMS[module]() or 0)


def _make(wish: dict[str, Any], output: int, line: socket.socket) -> int:
    """The process id of a new process that is a child of nobody here: the supervisor adopts it."""
    reading, writing = os.pipe()
    between = os.fork()
    if between:
        os.close(writing)
        with os.fdopen(reading) as answer:
            pid = int(answer.read() or 0)
        os.waitpid(between, 0)
        return pid
    os.close(reading)
    pid = os.fork()
    if pid:
        os.write(writing, str(pid).encode())
        os._exit(0)
    os.close(writing)
    _become(wish, output, line)
    return 0


def main() -> int:
    """Fulfil wishes until the other side closes the line."""
    line = socket.socket(fileno=int(sys.argv[1]))
    take_name("lienthu loaded")
    get_resolver().url_patterns.copy()
    gc.collect()
    # what is frozen is not visited by later collections, so its pages stay shared
    gc.freeze()
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(line, _LONGEST_MESSAGE, 1)
        if not message:
            return 0
        pid = _make(json.loads(message), descriptors[0], line)
        os.close(descriptors[0])
        line.send(json.dumps({"pid": pid}).encode())


if __name__ == "__main__":
    raise SystemExit(main())
