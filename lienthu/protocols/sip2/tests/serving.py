"""The running server in a thread of the tests, with a database of its own connections, and sockets to speak to it."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections

from lienthu.protocols.sip2.messages import RESPONSES, Message, parse
from lienthu.protocols.sip2.server import Doors, Limits, Server
from lienthu.protocols.sip2.tests.machine import request


@contextlib.contextmanager
def serving(*, limits: Limits | None = None, threads: int = 4, **doors: Any) -> Iterator[Server]:
    """A server on a free port of this machine."""
    doors.setdefault("port", 0)
    server = Server(Doors(**doors), threads=threads, limits=limits)
    began, ends = threading.Event(), dict[str, Callable[[], object]]()

    async def main() -> None:
        loop, stop, ready = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        ends["now"] = lambda: loop.call_soon_threadsafe(stop.set)
        serving_task = asyncio.create_task(server.run(stop=stop, ready=ready))
        await ready.wait()
        began.set()
        await serving_task

    def work() -> None:
        asyncio.run(main())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert began.wait(10)
    try:
        yield server
    finally:
        ends["now"]()
        thread.join(20)
        assert not thread.is_alive()
        connections.close_all()


class Wire:
    """One connection of a machine."""

    def __init__(self, port: int, *, context: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), 10)
        self.socket = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        self.socket.settimeout(10)
        self.count = 0

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def line(self) -> bytes:
        """The next answer; b"" when the server closed."""
        found = b""
        while not found.endswith(b"\r"):
            try:
                part = self.socket.recv(1)
            except ConnectionError:
                return b""
            if not part:
                return b""
            found += part
        return found

    def say(self, code: str, **given: Any) -> Message:
        self.count = (self.count + 1) % 10
        self.send(request(code, sequence=str(self.count), **given) + b"\r")
        return parse(self.line().rstrip(b"\r").decode(), layouts=RESPONSES)

    def sign_in(self, login: str, password: str) -> "Wire":
        assert self.say("93", CN=login, CO=password).fixed["ok"] == "1"
        return self
