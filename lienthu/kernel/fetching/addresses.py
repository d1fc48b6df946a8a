"""Which address may be reached: a URL is taken apart strictly, its name resolved once, every address judged.

The connection goes to the judged address itself, so a name that answers differently the second time gains nothing.
"""

import ipaddress
import queue
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings

from lienthu.kernel.fetching.errors import FetchFailed, FetchRefused

LONGEST_URL = 8192
_PORTS = {"http": 80, "https": 443}
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\Z")
_SAFE = "!#$%&'()*+,/:;=?@[]~"
# Addresses of IPv6 that carry one of IPv4 in these bits from the right: mapped, NAT64, 6to4.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that could be fetched: ASCII host (IPv6 without brackets), port, and path with query as sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """`host:port` as in the allow list."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def host_header(self) -> str:
        """The Host header: without the port where it is the scheme's own."""
        return self.authority.rsplit(":", 1)[0] if self.port == _PORTS[self.scheme] else self.authority

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: who gets to see credentials."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """The URL in one spelling."""
        return f"{self.scheme}://{self.host_header}{self.target}"


def parse(url: str) -> Address:
    """Take `url` apart; raises FetchRefused bad_url or scheme. User names in it are refused, fragments dropped."""
    if len(url) > LONGEST_URL or any(letter <= " " or letter == "\x7f" or letter == "\\" for letter in url):
        raise FetchRefused("bad_url", url=url[:LONGEST_URL])
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused("bad_url", url=url) from None
    if parts.scheme not in _PORTS:
        raise FetchRefused("scheme", url=url)
    if not parts.hostname or "@" in parts.netloc or port == 0:
        raise FetchRefused("bad_url", url=url)
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Address(
        scheme=parts.scheme,
        host=_plain_host(parts.hostname, url=url),
        port=port or _PORTS[parts.scheme],
        target=target,
    )


def _plain_host(host: str, *, url: str) -> str:
    """The host in ASCII. An IPv4 address in any spelling but the usual one (decimal, octal, short) is refused."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host)) if "%" not in host else _refuse(url)
        except ValueError:
            _refuse(url)
    try:
        plain = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        _refuse(url)
    if not _NAME.match(plain):
        _refuse(url)
    if _NUMBER.match(plain.rsplit(".", 1)[-1]):
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError:
            _refuse(url)
    return plain


def _refuse(url: str) -> str:
    raise FetchRefused("bad_url", url=url)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet: not private, loopback, link-local, shared, multicast …"""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local:
            return False
        for network, shift in _CARRIERS:
            if ip in network:
                return is_public(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def checked_addresses(host: str, port: int, *, seconds: float, allow_private: bool = False) -> tuple[str, ...]:
    """Resolve `host` and return the IP addresses that may be connected to, in the order of the resolver.

    Raises FetchFailed dns or timeout, FetchRefused private_address when none of them is public. `allow_private` or a
    line `host:port` in LIENTHU_ALLOW_PRIVATE_FETCH lets all of them pass.
    """
    found = _resolve(host, port, seconds=seconds)
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if allow_private or authority in settings.ALLOW_PRIVATE_FETCH:
        return found
    public = tuple(address for address in found if is_public(address))
    if not public:
        raise FetchRefused("private_address", url=authority)
    return public


def _resolve(host: str, port: int, *, seconds: float) -> tuple[str, ...]:
    """Ask the system's resolver, but no longer than `seconds`: it knows no limit of its own, so a thread waits."""
    answer: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put(tuple(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise FetchFailed("timeout", url=host) from None
    if isinstance(found, OSError) or not found:
        raise FetchFailed("dns", url=host)
    return found
