"""Reading the few arguments that belong to the server; everything else is passed on unread."""

import os
from dataclasses import dataclass
from pathlib import Path

from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """What lienthu serve was asked for. port 0 takes any free port."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    empty: bool = False


def take_home(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Take --home DIR or --home=DIR out of the arguments, wherever it stands before "--"."""
    home, rest, waiting = None, list[str](), iter(arguments)
    for argument in waiting:
        if argument == "--":
            return home, [*rest, argument, *waiting]
        if argument == "--home":
            home = next(waiting, None)
            if not home:
                raise ServerError(_("Sau --home phải có tên một thư mục."))
        elif argument.startswith("--home="):
            home = argument.removeprefix("--home=")
        else:
            rest.append(argument)
    return home, rest


def read_serve_options(arguments: list[str], home: Path) -> ServeOptions | None:
    """The options of serve; None when help is asked for. Raises ServerError for what it does not know."""
    host, port, empty = "127.0.0.1", os.environ.get("PORT") or "8000", False
    waiting = iter(arguments)
    for argument in waiting:
        name, separator, value = argument.partition("=")
        if name in ("-h", "--help"):
            return None
        if name in ("--port", "--host"):
            value = value if separator else next(waiting, "")
        if name == "--port":
            port = value
        elif name == "--host" and value:
            host = value
        elif argument == "--empty":
            empty = True
        else:
            raise ServerError(_("lienthu serve không hiểu {argument}; xem lienthu --help.").format(argument=argument))
    return ServeOptions(home=home, host=host, port=_port(port), empty=empty)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise ServerError(_("Cổng phải là một số từ 1 đến 65535, không phải {text!r}.").format(text=text))
