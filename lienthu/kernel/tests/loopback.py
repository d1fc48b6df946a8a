"""A server on loopback that answers every connection with what a function writes: the way to misbehave exactly."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket, str], None]


@contextlib.contextmanager
def serving(answer: Answer, *, tls: ssl.SSLContext | None = None, family: int = socket.AF_INET) -> Iterator[int]:
    """Serve on a free port, which is yielded; `answer(connection, head of the request)` runs in a thread each."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
    listener.listen(16)

    def one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (piece := connection.recv(65536)):
                        return
                    head += piece
                answer(connection, head.decode("latin-1"))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _peer = listener.accept()
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def http(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; header names with _ for -. Content-Length is set unless given."""
    lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def always(data: bytes) -> Answer:
    """Send the same bytes to everybody."""
    return lambda connection, _head: connection.sendall(data)
