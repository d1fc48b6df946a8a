"""The proof in a real Chromium: enrolled, the server gone, forty loans, a reload in between, back again, each once."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lienthu.circulation.models import Fact, Loan
from lienthu.circulation.tests.conftest import Network, make_network
from lienthu.circulation.tests.readers import Reader
from lienthu.loanrules.tests.factories import rules
from lienthu.offlinedesk.models import Device, Event
from lienthu.offlinedesk.views import app
from lienthu.web.tests.conftest import axe, dist

__all__ = ["axe", "dist"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
APP = "/quay-ngoai-tuyen/"
DESK = "/ban-lam-viec/quay-ngoai-tuyen/"
PIN = "248163"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Stoppable:
    """The product on one port, stopped and started again as a line that is cut."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.server: _Server | None = None

    def start(self) -> None:
        application = StaticFilesHandler(get_wsgi_application())

        def closing(environ: Any, respond: Any) -> Any:
            try:
                yield from application(environ, respond)
            finally:
                connections.close_all()

        self.server = _Server(("127.0.0.1", self.port), _Quiet)
        self.server.set_app(closing)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@pytest.fixture
def network(transactional_db: None) -> Network:
    return make_network()


@pytest.fixture
def server(network: Network) -> Iterator[Stoppable]:
    running = Stoppable()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser, server: Stoppable, network: Network, dist: Any) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}, locale="vi-VN")
    opened.set_default_timeout(20_000)
    client = Client()
    client.force_login(network.desk_a.account)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    yield opened
    opened.close()


def enrol(context: BrowserContext) -> tuple[Page, list[str]]:
    """Enrol this browser through the page, open the desk, and wait until it can do without network."""
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(DESK + "ghi-danh")
    page.get_by_label("Tên máy").fill("Máy quầy tầng 1")
    page.locator("#pin-1").fill(PIN)
    page.locator("#pin-2").fill(PIN)
    page.get_by_role("button", name="Ghi danh").click()
    page.wait_for_url("**" + APP)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    unlock(page)
    expect(page.locator("[data-line]")).to_contain_text("Có mạng, đã gửi hết")
    return page, complaints


def unlock(page: Page, pin: str = PIN) -> None:
    page.locator("#o-pin").fill(pin)
    page.get_by_role("button", name="Mở", exact=True).click()


def scan(page: Page, *texts: str) -> None:
    for text in texts:
        page.locator("#o-quet").fill(text)
        page.locator("#o-quet").press("Enter")


def waiting(page: Page, count: int) -> None:
    expect(page.locator("[data-log-state]")).to_have_text(f"{count} việc chờ gửi")


def test_forty_loans_without_network_are_all_there_once_when_it_is_back(context, server, network):
    rules(network.a.scope, ("ANY", "ANY", {"max_loans": 10}))
    readers = [network.first, network.second, network.third, Reader("Bạn đọc thứ tư", "T-0004", network.a)]
    numbers = [network.copy().accession_number for _number in range(40)]
    page, complaints = enrol(context)
    expect(page.locator("[data-copy-state]")).to_contain_text("4 thẻ, 40 bản tài liệu")
    assert complaints == []
    context.set_offline(True)
    server.stop()
    for place, reader in enumerate(readers[:2]):
        scan(page, reader.card, *numbers[place * 10 : place * 10 + 10])
    waiting(page, 20)
    page.reload()
    unlock(page)
    waiting(page, 20)
    for place, reader in enumerate(readers[2:], start=2):
        scan(page, reader.card, *numbers[place * 10 : place * 10 + 10])
    waiting(page, 40)
    assert Loan.objects.count() == 0
    server.start()
    context.set_offline(False)
    expect(page.locator("[data-line]")).to_contain_text("Có mạng, đã gửi hết", timeout=60_000)
    waiting(page, 0)
    lent = {loan.item.accession_number: loan.patron_id for loan in Loan.objects.select_related("item")}
    assert Loan.objects.count() == 40
    assert lent == {number: readers[place // 10].id for place, number in enumerate(numbers)}
    assert set(Loan.objects.values_list("channel", flat=True)) == {"OFFLINE"}
    assert Fact.objects.filter(event="LOAN").count() == 40
    assert list(Event.objects.values_list("state", flat=True)) == ["DONE"] * 40
    page.get_by_role("button", name="Gửi và lấy bản mới ngay").click()
    expect(page.locator("[data-line]")).to_contain_text("Có mạng, đã gửi hết")
    assert (Loan.objects.count(), Event.objects.count()) == (40, 40)


def test_five_wrong_pins_lock_the_copy_and_a_librarian_opens_it_again(context, network):
    page, _complaints = enrol(context)
    page.reload()
    for left in (4, 3, 2, 1):
        unlock(page, "000000")
        expect(page.locator("[data-notices]")).to_contain_text(f"Còn {left} lần thử")
    unlock(page, "000000")
    expect(page.locator("[data-shut-text]")).to_contain_text("Đã gõ sai năm lần")
    page.reload()
    expect(page.locator("[data-shut-text]")).to_contain_text("Đã gõ sai năm lần")
    device = Device.objects.get()
    page.goto(f"{DESK}may/{device.public_id}/")
    page.locator("#pin-moi").fill("một mã mới")
    page.get_by_role("button", name="Mở khóa").click()
    expect(page.locator("[data-told]")).to_contain_text("Đã mở khóa")
    page.goto(APP)
    unlock(page, "một mã mới")
    expect(page.locator("[data-line]")).to_contain_text("Có mạng, đã gửi hết")


def test_a_revoked_device_sends_its_log_and_erases_everything(context, server, network):
    number = network.copy().accession_number
    page, _complaints = enrol(context)
    context.set_offline(True)
    scan(page, "T-0001", number)
    waiting(page, 1)
    device = Device.objects.get()
    client = Client()
    client.force_login(network.desk_a.account)
    client.post(f"{DESK}may/{device.public_id}/thu-hoi")
    context.set_offline(False)
    expect(page.locator("[data-shut-text]")).to_contain_text("Máy này đã bị thu hồi", timeout=60_000)
    left = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("lienthu-quay"); asked.onsuccess = () => {
        const names = ["meta", "parts", "log", "outcomes"], found = {};
        const all = asked.result.transaction(names);
        for (const name of names) { const count = all.objectStore(name).count();
        count.onsuccess = () => { found[name] = count.result; }; }
        all.oncomplete = () => done(found); }; })"""
    )
    assert left == {"meta": 0, "parts": 0, "log": 0, "outcomes": 0}
    assert list(Event.objects.values_list("state", flat=True)) == ["PENDING"]
    assert Loan.objects.count() == 0


def test_nothing_that_is_kept_in_the_browser_names_a_reader_in_clear(context, network):
    page, _complaints = enrol(context)
    scan(page, "T-0001")
    kept = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("lienthu-quay"); asked.onsuccess = () => {
        const names = ["meta", "parts", "log", "outcomes"], found = [];
        const all = asked.result.transaction(names);
        for (const name of names) { const rows = all.objectStore(name).getAll();
        rows.onsuccess = () => found.push(...rows.result.map((row) => Object.values(row).map((value) =>
        value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : JSON.stringify(value)).join(" "))); }
        all.oncomplete = () => done(found.join(" ")); }; })"""
    )
    assert "lienthu" not in kept and "T-0001" not in kept and "ADULT" not in kept
    assert len(kept) > 1000


@pytest.mark.parametrize("size", [(1280, 900), (360, 740)])
def test_the_desk_has_no_accessibility_violation_and_fits(context, axe, network, size):
    number = network.copy().accession_number
    page, complaints = enrol(context)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for step in ("card", "lend", "unknown", "return"):
        if step == "return":
            page.locator("[data-do=RETURN]").click()
        scan(page, {"card": "T-0001", "lend": number, "unknown": "KHONG-CO", "return": "LA-01"}[step])
        time.sleep(0.2)
        page.evaluate(axe)
        found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert complaints == []


def test_a_new_version_is_offered_and_keeps_the_log(context, network, monkeypatch):
    number = network.copy().accession_number
    page, _complaints = enrol(context)
    expect(page.locator("[data-notices]")).not_to_contain_text("Có bản mới")
    context.set_offline(True)
    scan(page, "T-0001", number)
    waiting(page, 1)
    monkeypatch.setattr(app, "contents_mark", lambda _names: "another")
    context.set_offline(False)
    page.evaluate("() => navigator.serviceWorker.getRegistration('/quay-ngoai-tuyen/').then((one) => one.update())")
    page.get_by_role("button", name="Cập nhật").click()
    expect(page.locator("#o-pin")).to_be_visible()
    unlock(page)
    expect(page.locator("[data-line]")).to_contain_text("Có mạng, đã gửi hết", timeout=60_000)
    assert Loan.objects.get().patron_id == network.first.id
