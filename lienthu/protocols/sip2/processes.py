"""Several processes at one port: Python does one thing at a time in each.

They share nothing but the database: what is known of a connection stays in the process that took it, wrong passwords
are counted in the cache that all share. The first process serves like the others, ends them when it ends, and ends when
one of them is lost, so that whoever keeps it running starts all anew.
"""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace

import structlog
from django.db import connections

from lienthu.protocols.sip2.server import Doors, serve
from lienthu.server.processes import dies_with_parent

log = structlog.get_logger("lienthu.sip2")
# Elsewhere a second listener takes all connections of the first, or none.
CAN_SHARE = sys.platform == "linux"
_STOP_SECONDS = 15.0


def serve_with(doors: Doors, *, threads: int, processes: int) -> bool:
    """Serve with so many processes until SIGTERM or SIGINT. False when one of them was lost.

    Raises OSError for a port in use. Called in the main thread, before anything is open that a copy must not have.
    """
    if processes < 2 or not CAN_SHARE:
        asyncio.run(serve(doors, threads=threads, stop=asyncio.Event()))
        return True
    for port in (doors.port, doors.tls_port):
        if port:
            _see_that_it_is_free(doors.host, port)
    doors = replace(doors, shared=True)
    connections.close_all()
    others = [_fork(doors, threads) for _one in range(processes - 1)]
    return asyncio.run(_lead(doors, threads, others))


def _see_that_it_is_free(host: str, port: int) -> None:
    """Another program that shares its port like this one would get some of our machines, without anybody noticing."""
    for family, kind, protocol, _name, address in socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    ):
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)


def _fork(doors: Doors, threads: int) -> int:
    """Another process; its number."""
    bind = dies_with_parent(signal.SIGTERM)
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        if bind is not None:
            bind()
        asyncio.run(serve(doors, threads=threads, stop=asyncio.Event()))
        code = 0
    except OSError as error:
        log.error("sip2_not_listening", error=str(error))
    finally:
        # nothing of the first process's endings is to run here
        os._exit(code)


async def _lead(doors: Doors, threads: int, others: list[int]) -> bool:
    """Serve too; end together."""
    stop, running = asyncio.Event(), set(others)
    whole = True

    def look() -> None:
        """Somebody has ended."""
        nonlocal whole
        for number in list(running):
            if os.waitpid(number, os.WNOHANG)[0]:
                running.discard(number)
                if not stop.is_set():
                    log.error("sip2_process_lost", process=number)
                    whole = False
                    stop.set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, look)
    look()
    try:
        await serve(doors, threads=threads, stop=stop)
    finally:
        stop.set()
        _send(running, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                while running:
                    await asyncio.sleep(0.02)
                    look()
        _send(running, signal.SIGKILL)
    return whole


def _send(numbers: set[int], what: signal.Signals) -> None:
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, what)
