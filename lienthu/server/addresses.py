"""The address of the web: is it free, how is it written, does it answer?"""

import errno
import http.client
import socket

from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
_ANSWER_SECONDS = 5.0


def free_port(host: str, port: int) -> int:
    """The port if it can be listened on; for 0 one that is free now. Raises ServerError that tells what to do."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise ServerError(_reason(host, port, error)) from error


def _reason(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _(
            "Cổng {port} đang được chương trình khác dùng. Hãy chọn cổng khác, ví dụ: make run PORT={other}."
        ).format(port=port, other=port + 1 if port < 65535 else 8000)
    if error.errno == errno.EACCES:
        return _("Người dùng này không được mở cổng {port}. Hãy chọn cổng từ 1024 trở lên, ví dụ: PORT=8000.").format(
            port=port
        )
    return _("Không mở được địa chỉ {host}, cổng {port}: {reason}.").format(host=host, port=port, reason=error.strerror)


def local_host(host: str) -> str:
    """An address by which this machine reaches a server that listens on the host."""
    return _ANY.get(host, host)


def url(host: str, port: int) -> str:
    name = local_host(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def answer(host: str, port: int, path: str) -> int:
    """The HTTP status that the path answers with; 0 while nobody answers."""
    connection = http.client.HTTPConnection(local_host(host), port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers={"User-Agent": "lienthu-serve"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
