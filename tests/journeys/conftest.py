"""The real product with the demonstration province, and a real browser before it; started once for all journeys."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
START_SECONDS = 180


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.timeout(300))


@dataclass(frozen=True)
class Product:
    """Where the running product answers, the passwords of its demonstration accounts, a port of this machine that it
    may ask although it is private (for a server that stands for one far away), and its home for commands beside it.
    """

    url: str
    passwords: dict[str, str]
    peer_port: int
    home: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-4000:]
        with contextlib.suppress(OSError), urllib.request.urlopen(url + "/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(log.read_text()[-4000:])


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed here")
    home = Path(tempfile.mkdtemp(prefix="lienthu-journeys-"))
    home.chmod(0o711)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "LIENTHU_TEST_DB"}}
    peer_port = _free_port()
    environment["LIENTHU_ALLOW_PRIVATE_FETCH"] = f"127.0.0.1:{peer_port},127.0.0.1:{port}"
    log = home / "serve.log"
    with log.open("wb") as out, contextlib.ExitStack() as starting:
        # Each worker has its own product; building the styles and starting two at once would disturb each other.
        lock = starting.enter_context(Path(__file__).open())
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-m", "lienthu.server.cli", "serve", "--port", str(port), "--home", str(home)],
            cwd=CHECKOUT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(url, process, log)
            starting.close()
            lines = (home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
            passwords = dict(line.split()[:2] for line in lines)
            yield Product(url=url, passwords=passwords, peer_port=peer_port, home=home)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture
def context(browser: Browser, product: Product, size: tuple[int, int]) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=product.url,
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@dataclass
class Complaints:
    """What the browser said in red, and the refusals that steps were meant to get: (status, path)."""

    said: list[tuple[str, str]] = field(default_factory=list)
    meant: set[tuple[int, str]] = field(default_factory=set)
    unplugged: bool = False

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append((message.text, message.location.get("url", "")))

    def unmeant(self) -> list[tuple[str, str]]:
        """All but the browser's word that an awaited refusal is no success, or that there is no network."""
        return [
            (text, address)
            for text, address in self.said
            if not (self.unplugged and "net::ERR_INTERNET_DISCONNECTED" in text)
            and not any(
                text.startswith(f"Failed to load resource: the server responded with a status of {status} ")
                and urlsplit(address).path == path
                for status, path in self.meant
            )
        ]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Iterator[Page]:
    """A page that fails its test when the browser complains."""
    page = context.new_page()
    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.said.append((str(error), page.url)))
    yield page
    assert not complaints.unmeant()


@pytest.fixture
def refused(page: Page, complaints: Complaints) -> Callable[[str], AbstractContextManager[object]]:
    """`with refused("/address"):` what is done inside must be answered 422 there, and that is no complaint."""

    @contextlib.contextmanager
    def step(path: str) -> Iterator[None]:
        complaints.meant.add((422, path))
        with page.expect_response(lambda answer: answer.status == 422 and urlsplit(answer.url).path == path):
            yield

    return step


@pytest.fixture
def without_network(page: Page, complaints: Complaints) -> Callable[[], AbstractContextManager[object]]:
    """`with without_network():` what is done inside reaches no server."""

    @contextlib.contextmanager
    def cut() -> Iterator[None]:
        complaints.unplugged = True
        page.context.set_offline(True)
        yield
        page.context.set_offline(False)

    return cut
