"""The pages of harvesting in a real browser, on a phone and at a desk: sound, accessible, without a mouse."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from lienthu.harvesting.actions.working import work_on
from lienthu.harvesting.models import Run, Source
from lienthu.harvesting.tests.conftest import Cast
from lienthu.harvesting.tests.repository import Repository
from tests.journeys.looking import assert_accessible, assert_sound

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
Look = Callable[[str], None]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser, live_server: Any, cast: Cast) -> Iterator[Page]:
    """A page of the desk, signed in as the library's manager."""
    client = Client()
    client.force_login(cast.manager.account)
    width, height = SIZES[request.param]
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, locale="vi-VN")
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def look(page: Page) -> Look:
    def looking(_name: str) -> None:
        assert_sound(page)
        assert_accessible(page)

    return looking


def test_a_source_is_tried_added_harvested_and_withdrawn(page: Page, look: Look, repository: Repository) -> None:
    page.goto(reverse("harvesting:sources"))
    look("empty")
    page.get_by_role("link", name="Thêm nguồn").first.click()
    page.get_by_label("Địa chỉ OAI-PMH").fill("http://10.0.0.9/oai")
    page.get_by_role("button", name="Thử nguồn").press("Enter")
    expect(page.get_by_text("mạng nội bộ")).to_be_visible()
    look("refused")
    page.get_by_label("Địa chỉ OAI-PMH").fill(repository.url)
    page.get_by_role("button", name="Thử nguồn").press("Enter")
    expect(page.get_by_text("Nguồn trả lời: Kho thử")).to_be_visible()
    expect(page.get_by_label("Định dạng")).to_have_value("marcxml")
    look("tried")
    page.get_by_label("Biểu ghi thuộc về thư viện").select_option(index=1)
    page.get_by_role("button", name="Lưu").press("Enter")
    page.wait_for_url(re.compile(r"/thu-hoach/[0-9a-z]+/$"))
    look("new")
    page.get_by_role("button", name="Lấy ngay").click()
    expect(page.get_by_text("Đang chờ đến lượt").first).to_be_visible()
    look("waiting")
    run = Run.objects.get()
    work_on(run.pk)
    expect(page.get_by_role("link", name="Xem kết quả")).to_be_visible(timeout=10_000)
    page.get_by_role("link", name="Xem kết quả").click()
    expect(page.get_by_text("Biểu ghi nhận được")).to_be_visible()
    look("done")
    page.goto(reverse("harvesting:source", args=[run.source.public_id]))
    look("source")
    page.goto(reverse("harvesting:withdraw", args=[run.source.public_id]))
    look("question")


def test_a_late_and_a_failing_source_say_so(page: Page, look: Look, source: Source, repository: Repository) -> None:
    repository.hook = lambda a: (503, {"Retry-After": "900"}, b"") if "resumptionToken" in a else None
    page.goto(reverse("harvesting:source", args=[source.public_id]))
    page.get_by_role("button", name="Lấy ngay").click()
    page.wait_for_url(re.compile(r"/lan/"))
    run = Run.objects.get()
    work_on(run.pk)
    page.reload()
    expect(page.get_by_text("Sẽ thử lại lúc")).to_be_visible()
    look("asleep")
    Run.objects.filter(pk=run.pk).update(
        state="STOPPED", problem={"code": "token_loop", "params": {}}, notes=[["mended", {}]]
    )
    page.reload()
    look("stopped")
    page.goto(reverse("harvesting:source", args=[source.public_id]))
    look("source_stopped")
    page.goto(reverse("harvesting:sources"))
    look("list")
