"""What the tests of notices share: a library, its people, a reader; a mail server, a gateway and a push service."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from lienthu.kernel import ids
from lienthu.kernel.text import folded_key
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person
from lienthu.patrons.models import Card, Category, Patron


@dataclass
class Place:
    """Two libraries; a librarian and a manager of the first, a librarian of the other, an administrator."""

    main: Library
    other: Library
    librarian: Person
    manager: Person
    stranger: Person
    administrator: Person


def reader(home: Library, number: int = 1, **values: object) -> Patron:
    category, _made = Category.objects.get_or_create(
        code="ADULT", defaults={"name_vi": "Người lớn", "name_en": "Adults", "position": 1}
    )
    made = Patron.objects.create(
        home_library=home,
        category=category,
        full_name=f"Bạn đọc số {number}",
        name_folded=folded_key(f"Bạn đọc số {number}"),
        birth_date=date(1990, 1, 1),
        registered_by="tests",
        **values,
    )
    Card.objects.create(patron=made, number=f"N-{number:04}", library=home, issued_on=date(2026, 1, 1))
    return made


def public(patron: Patron) -> str:
    return ids.encode(patron.pk)


def make_place() -> Place:
    main = library("VN-TQ-TINH", "Thư viện tỉnh", "PROVINCIAL", name_en="Provincial library")
    other = library("VN-TQ-KHAC", "Thư viện khác")
    root = main.scope.parent
    assert root is not None
    return Place(
        main=main,
        other=other,
        librarian=person("thuthu", "LIBRARIAN", main.scope),
        manager=person("phutrach", "LIBRARY_MANAGER", main.scope),
        stranger=person("thuthukhac", "LIBRARIAN", other.scope),
        administrator=person("quantri", "ADMINISTRATOR", root),
    )


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    """No way out but those that a test opens."""
    with override_settings(
        HOME=tmp_path,
        VAPID_KEY_FILE=str(tmp_path / "vapid.pem"),
        EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend",
        SMS_URL="",
    ):
        yield


@dataclass
class Gateway:
    """A real HTTP server that notes what it is sent; `status` and `answer` say how it answers."""

    url: str = ""
    authority: str = ""
    status: int = 200
    answer: bytes = b'{"status": "ok"}'
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hang: threading.Event | None = None
    arrived: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            state.arrived.set()
            if state.hang is not None:
                state.hang.wait(20)
                self.close_connection = True
                return
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, *_parts: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.authority = f"127.0.0.1:{server.server_address[1]}"
    state.url = f"http://{state.authority}"
    with override_settings(ALLOW_PRIVATE_FETCH=[state.authority]):
        yield state
    if state.hang is not None:
        state.hang.set()
    server.shutdown()
    server.server_close()


@dataclass
class Letters:
    """What a real SMTP server took; `refuse` is its answer to each recipient, `cut` ends the line in the middle."""

    got: list[bytes] = field(default_factory=list)
    refuse: str = ""
    cut: bool = False

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.got.append(envelope.content)
        if self.cut:
            server.transport.abort()
            return "421 cut"
        return "250 OK"


@pytest.fixture
def letters() -> Iterator[Letters]:
    handler = Letters()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=5,
        DEFAULT_FROM_EMAIL="lienthu@thuvien.example",
    ):
        yield handler
    controller.stop()
