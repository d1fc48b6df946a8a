"""The SIP2 server: one event loop for the connections, a few threads for the database.

A connection costs no thread while it is idle. Lines of one connection are answered in their order; a line that is too
long, half a line that does not go on, and a machine that is silent for long end their connection.
"""

import asyncio
import contextlib
import signal
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from django.db import close_old_connections, connections

from lienthu.protocols.sip2.handlers import Reply, answer
from lienthu.protocols.sip2.session import Session

log = structlog.get_logger("lienthu.sip2")
_CHUNK = 8192
_ENDS = (0x0D, 0x0A)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a machine may take. Lengths in bytes, times in seconds."""

    line: int = 64 * 1024
    connections: int = 1_000
    sign_in: float = 30.0
    half_line: float = 30.0
    idle: float = 3_600.0
    write: float = 20.0
    stop: float = 10.0


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where to listen; a port of 0 takes any free one, None none."""

    host: str = "127.0.0.1"
    port: int | None = None
    tls_port: int | None = None
    certificate: str = ""
    key: str = ""
    shared: bool = False
    """Other processes of this server listen at the same ports; the system spreads the connections over them."""


class _Ended(Exception):
    """This connection is to be closed."""


class Server:
    """One process. `threads` is how many messages are worked on at once."""

    def __init__(self, doors: Doors, *, threads: int = 6, limits: Limits | None = None) -> None:
        self._doors, self._limits = doors, limits or Limits()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sip2")
        self._threads = threads
        self._open: set[asyncio.Task[None]] = set()
        self._busy = 0
        self.ports: dict[str, int] = {}

    async def run(self, *, stop: asyncio.Event, ready: asyncio.Event | None = None) -> None:
        """Serve until `stop` is set; then finish what is being answered. Raises OSError for a port in use."""
        listening = []
        if self._doors.port is not None:
            listening.append(await self._listen("plain", self._doors.port, None))
        if self._doors.tls_port is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(self._doors.certificate, self._doors.key or None)
            listening.append(await self._listen("tls", self._doors.tls_port, context))
        log.info("sip2_listening", host=self._doors.host, **self.ports)
        if ready is not None:
            ready.set()
        await stop.wait()
        for one in listening:
            one.close()
        deadline = time.monotonic() + self._limits.stop
        while self._busy and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._close_databases()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _close_databases(self) -> None:
        """Each thread gives its database connection back; all meet, so that none is asked twice."""
        meeting = threading.Barrier(self._threads)

        def close() -> None:
            connections.close_all()
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(self._limits.stop)

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._pool, close) for _one in range(self._threads)))

    async def _listen(self, name: str, port: int, context: ssl.SSLContext | None) -> asyncio.Server:
        server = await asyncio.start_server(
            self._accept,
            self._doors.host,
            port,
            limit=self._limits.line,
            backlog=512,
            ssl=context,
            reuse_address=True,
            reuse_port=self._doors.shared or None,
        )
        self.ports[name] = server.sockets[0].getsockname()[1]
        return server

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._open) >= self._limits.connections:
            writer.close()
            return
        self._open.add(task)
        address = str((writer.get_extra_info("peername") or ("",))[0])
        session = Session(address=address, tls=writer.get_extra_info("ssl_object") is not None)
        try:
            plain = writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            await self._converse(session, reader, writer)
        except (_Ended, TimeoutError, ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _converse(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        buffer = bytearray()
        until = time.monotonic() + self._limits.sign_in
        while True:
            line = await self._line(session, reader, buffer, until)
            self._busy += 1
            try:
                reply = await asyncio.get_running_loop().run_in_executor(self._pool, _answer, session, line)
                if reply.line:
                    writer.write(reply.line)
                    async with asyncio.timeout(self._limits.write):
                        await writer.drain()
            finally:
                self._busy -= 1
            if reply.close:
                raise _Ended
            if session.terminal is not None:
                until = time.monotonic() + self._limits.sign_in

    async def _line(self, session: Session, reader: asyncio.StreamReader, buffer: bytearray, until: float) -> bytes:
        """The next line that is not empty. CR, LF and both end a line. `until`: when a stranger has to be signed in."""
        limits = self._limits
        half_until = 0.0
        while True:
            line = take_line(buffer)
            if line:
                return line
            if line is not None:
                continue
            if len(buffer) > limits.line:
                raise _Ended
            if buffer and not half_until:
                half_until = time.monotonic() + limits.half_line
            now = time.monotonic()
            patience = half_until - now if buffer else limits.idle
            if session.terminal is None:
                patience = min(patience, until - now)
            async with asyncio.timeout(max(patience, 0.0)):
                chunk = await reader.read(_CHUNK)
            if not chunk:
                raise _Ended
            buffer += chunk


def take_line(buffer: bytearray) -> bytes | None:
    """Take the first whole line out of the buffer, without its end; None when there is none."""
    ends = [place for place in (buffer.find(end) for end in _ENDS) if place >= 0]
    if not ends:
        return None
    line = bytes(buffer[: min(ends)])
    del buffer[: min(ends) + 1]
    return line


def _answer(session: Session, line: bytes) -> Reply:
    """One message, in a thread of the pool with a database connection of its own."""
    close_old_connections()
    try:
        return answer(session, line)
    except Exception:
        # parsing and signing in have no sentence to refuse with
        log.exception("sip2_broken")
        return Reply(close=True)


async def serve(doors: Doors, *, threads: int, stop: asyncio.Event) -> None:
    """One process, until SIGTERM or SIGINT or `stop`. Raises OSError for a port in use."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Server(doors, threads=threads).run(stop=stop)
