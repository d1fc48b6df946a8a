"""The connection: urllib3 below, total time and size limits, checked redirects, and bounded decompression above."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from urllib.parse import urljoin

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from lienthu.kernel import clock
from lienthu.kernel.fetching.addresses import Address, checked_addresses, parse
from lienthu.kernel.fetching.errors import FetchFailed, FetchRefused

MOST_REDIRECTS = 5
CHUNK = 64 * 1024
# Markup shrinks to a thirtieth at best; only what was made to fill memory shrinks more than this.
BOMB_RATIO = 200
BOMB_FLOOR = 1 << 20
_ERROR_BODY = 64 * 1024
_LONGEST_CONNECT = 10.0
_AGENT = "LienThu (library software)"
_SECRET = {"authorization", "cookie"}

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Fetched:
    """A whole answer. Header names are in small letters; `body` is decompressed; `final_url` is after redirects."""

    status: int
    headers: Headers
    body: bytes
    final_url: str


def fetch(
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    accept: str = "",
    allow_private: bool = False,
    headers: Headers | None = None,
) -> Fetched:
    """GET `url` within `seconds` altogether and at most `max_bytes` decompressed; answers below 400 only.

    Raises FetchRefused and FetchFailed.
    """
    with open_stream(
        url, seconds=seconds, max_bytes=max_bytes, accept=accept, allow_private=allow_private, headers=headers
    ) as stream:
        return Fetched(stream.status, stream.headers, b"".join(stream), stream.final_url)


def open_stream(
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    accept: str = "",
    allow_private: bool = False,
    headers: Headers | None = None,
) -> "Stream":
    """GET `url` and return its body as chunks under the limits of `fetch`; the time includes what the reader takes.

    Redirects are followed, each checked like the first address; credentials stay with the origin they were meant for.
    """
    address, deadline = parse(url), time.monotonic() + seconds
    wanted = {"user-agent": _AGENT, "accept-encoding": "gzip", "connection": "close"}
    wanted |= {"accept": accept} if accept else {}
    wanted |= {name.lower(): value for name, value in (headers or {}).items()}
    for _hop in range(MOST_REDIRECTS + 1):
        stream = _ask(address, wanted, deadline=deadline, max_bytes=max_bytes, allow_private=allow_private)
        location = stream.headers.get("location") if stream.status in {301, 302, 303, 307, 308} else None
        if location is None:
            return stream.or_failure()
        stream.close()
        following = parse(urljoin(address.url, location))
        if following.origin != address.origin:
            wanted = {name: value for name, value in wanted.items() if name not in _SECRET}
        address = following
    raise FetchRefused("too_many_redirects", url=url)


def post(
    url: str,
    *,
    body: bytes,
    headers: Headers,
    seconds: float,
    max_bytes: int = 1 << 16,
    allow_private: bool = False,
) -> Fetched:
    """POST `body` to `url` within `seconds` altogether; answers below 300 only, redirects are never followed.

    Raises FetchRefused and FetchFailed; `arrived` of a failure says whether the other side may have got the request.
    """
    address, deadline = parse(url), time.monotonic() + seconds
    wanted = {"user-agent": _AGENT, "accept-encoding": "gzip", "connection": "close"}
    wanted |= {name.lower(): value for name, value in headers.items()}
    connection = _connect(address, deadline=deadline, allow_private=allow_private)
    try:
        stream = _request(address, connection, wanted, deadline=deadline, max_bytes=max_bytes, body=body)
        with stream.or_failure() as answer:
            if answer.status >= 300:
                raise FetchFailed("status", url=address.url, status=answer.status)
            return Fetched(answer.status, answer.headers, b"".join(answer), address.url)
    except FetchFailed as failure:
        failure.arrived = True
        raise


def _ask(address: Address, headers: Headers, *, deadline: float, max_bytes: int, allow_private: bool) -> "Stream":
    connection = _connect(address, deadline=deadline, allow_private=allow_private)
    return _request(address, connection, headers, deadline=deadline, max_bytes=max_bytes)


def _request(
    address: Address,
    connection: HTTPConnection,
    headers: Headers,
    *,
    deadline: float,
    max_bytes: int,
    body: bytes | None = None,
) -> "Stream":
    """Send the request (a POST when it has a body) and take the head of the answer."""
    watch = _Watch(connection.sock, deadline=deadline)
    try:
        with _explained(address, watch):
            connection.request(
                "GET" if body is None else "POST",
                address.target,
                body=body,
                headers={"host": address.host_header, **headers},
                preload_content=False,
                decode_content=False,
                enforce_content_length=True,
            )
            response = connection.getresponse()
    except BaseException:
        watch.stop()
        connection.close()
        raise
    return Stream(address=address, connection=connection, response=response, watch=watch, max_bytes=max_bytes)


def _connect(address: Address, *, deadline: float, allow_private: bool) -> HTTPConnection:
    """Connect to the first checked address that answers; the certificate must be for the name in the URL."""
    addresses = checked_addresses(
        address.host, address.port, seconds=deadline - time.monotonic(), allow_private=allow_private
    )
    failure = FetchFailed("connect", url=address.url)
    for ip in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed("timeout", url=address.url)
        connection = _connection(address, ip, timeout=min(left, _LONGEST_CONNECT))
        try:
            with _explained(address, None):
                connection.connect()
        except FetchFailed as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _connection(address: Address, ip: str, *, timeout: float) -> HTTPConnection:
    if address.scheme == "http":
        return HTTPConnection(ip, address.port, timeout=timeout)
    return HTTPSConnection(
        ip, address.port, timeout=timeout, ssl_context=_trust(), server_hostname=address.host, cert_reqs="CERT_REQUIRED"
    )


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of the system (an office may have its own) and those of certifi, for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _Watch:
    """Cuts the connection when the time is over, whatever read is waiting: a server may send one byte a minute."""

    def __init__(self, sock: socket.socket | None, *, deadline: float) -> None:
        self.expired = False
        self._sock = sock
        left = max(deadline - time.monotonic(), 0.0)
        if sock is not None:
            sock.settimeout(left + 1.0)
        self._timer = threading.Timer(left, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.expired = True
        if self._sock is not None:
            # The plain shutdown, also for TLS: its own one would take the state away below a waiting read.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def stop(self) -> None:
        self._timer.cancel()


@contextlib.contextmanager
def _explained(address: Address, watch: _Watch | None) -> Iterator[None]:
    """Turn what the libraries below raise into FetchFailed; a cut by the watch is a timeout, however it shows."""
    try:
        yield
    except (FetchFailed, FetchRefused):
        raise
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError, zlib.error) as error:
        code = "timeout" if watch and watch.expired else _code(error)
        raise FetchFailed(code, url=address.url) from error


def _code(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "connect"
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError | ssl.CertificateError):
        return "tls"
    if isinstance(error, urllib3.exceptions.ProtocolError | http.client.IncompleteRead | ConnectionError):
        return "incomplete"
    return "protocol"


class Stream:
    """An open answer: iterate once for its decompressed chunks (at most 64 kB each), close it or use `with`."""

    def __init__(
        self,
        *,
        address: Address,
        connection: HTTPConnection,
        response: urllib3.BaseHTTPResponse,
        watch: _Watch,
        max_bytes: int,
    ) -> None:
        self.status: int = response.status
        self.headers: Headers = {name.lower(): value for name, value in response.headers.items()}
        self.final_url = address.url
        self._address, self._connection, self._response = address, connection, response
        self._watch, self._max_bytes = watch, max_bytes

    def __enter__(self) -> "Stream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; what was not read is given up."""
        self._watch.stop()
        self._response.close()
        self._connection.close()

    def or_failure(self) -> "Stream":
        """Return self when the status is a good one; else close and raise FetchFailed busy or status."""
        try:
            if self.status >= 400:
                raise self._failure()
            if self._declared() > self._max_bytes:
                raise FetchRefused("too_large", url=self.final_url)
        except BaseException:
            self.close()
            raise
        return self

    def _declared(self) -> int:
        length = self.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _failure(self) -> FetchFailed:
        body = b""
        with contextlib.suppress(FetchFailed, FetchRefused):
            for chunk in self:
                body += chunk
                if len(body) >= _ERROR_BODY:
                    break
        return FetchFailed(
            "busy" if self.status in {429, 503} else "status",
            url=self.final_url,
            status=self.status,
            retry_after=retry_after(self.headers.get("retry-after", "")),
            body=body[:_ERROR_BODY],
        )

    def __iter__(self) -> Iterator[bytes]:
        read = {"raw": 0, "plain": 0}
        with _explained(self._address, self._watch):
            for chunk in _decoded(self._raw(read), self.headers.get("content-encoding", "")):
                read["plain"] += len(chunk)
                if read["plain"] > self._max_bytes:
                    raise FetchRefused("too_large", url=self.final_url)
                if read["plain"] > max(BOMB_FLOOR, BOMB_RATIO * read["raw"]):
                    raise FetchRefused("bomb", url=self.final_url)
                yield chunk
        if self._watch.expired:
            raise FetchFailed("timeout", url=self.final_url)

    def _raw(self, read: dict[str, int]) -> Iterator[bytes]:
        """The bytes as sent, as they come: an answer without length ends where the connection does."""
        for chunk in self._response.stream(CHUNK, decode_content=False):
            read["raw"] += len(chunk)
            if self._watch.expired:
                return
            yield chunk


def _decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Undo gzip or deflate piece by piece, never more than one chunk at a time in memory."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
        return
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise ValueError(f"unasked content encoding {name}")
    inflater = None
    for chunk in chunks:
        if inflater is None:
            inflater = zlib.decompressobj(_window(name, chunk))
        while chunk:
            if inflater.eof:
                inflater = zlib.decompressobj(_window(name, chunk))
            if piece := inflater.decompress(chunk, CHUNK):
                yield piece
            chunk = inflater.unconsumed_tail or inflater.unused_data
    while inflater is not None and not inflater.eof:
        if not (piece := inflater.decompress(inflater.unconsumed_tail, CHUNK)):
            raise http.client.IncompleteRead(b"")
        yield piece


def _window(name: str, start: bytes) -> int:
    """zlib's wbits: gzip and zlib tell themselves apart; some servers call bare deflate data "deflate"."""
    if name == "deflate" and start[:1] and start[0] & 0x0F != 8:
        return -zlib.MAX_WBITS
    return zlib.MAX_WBITS | 32


def retry_after(value: str) -> float | None:
    """Read a Retry-After header (seconds or a date) as seconds from now, never negative; None when unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - clock.now()).total_seconds(), 0.0)
