"""Every component in a real Chromium: accessible by axe-core, no sideways scrolling, nothing refused by the CSP."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("lienthu.web.tests.gallery_urls"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: script errors, missing files, refusals by the CSP."""
    return []


@pytest.fixture
def open_page(browser: Browser, live_server, dist, complaints) -> Iterator:
    contexts = []

    def opened(
        path: str, *, width: int = 1280, scheme: Literal["light", "dark"] = "light", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            color_scheme=scheme,
            service_workers="block",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/thanh-phan", "/thanh-phan/ban-lam-viec", "/thanh-phan/trang/404"])
def test_pages_have_no_accessibility_violation(open_page, axe, complaints, path, scheme):
    page = open_page(path, scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]] == []
    assert complaints == []


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("path", ["/thanh-phan", "/thanh-phan/ban-lam-viec", "/ngoai-tuyen"])
def test_no_page_scrolls_sideways(open_page, path, width):
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_head_of_a_short_desk_page_stays_small_on_a_phone(open_page):
    page = open_page("/thanh-phan/ban-lam-viec", width=360)
    page.set_viewport_size({"width": 360, "height": 12_000})
    assert page.locator(".desk-side").bounding_box()["height"] < 120
    page.set_viewport_size({"width": 1280, "height": 12_000})
    assert page.locator(".desk-side").bounding_box()["height"] == 12_000
    assert page.locator(".desk-main").bounding_box()["height"] > 10_000


def test_suggestions_are_used_with_the_keyboard(open_page):
    page = open_page("/thanh-phan")
    box = page.locator("#tim-lon")
    box.press_sequentially("truy")
    page.wait_for_selector("#tim-lon[aria-expanded=true]")
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert box.input_value() == "Nguyễn Du"
    assert box.get_attribute("aria-activedescendant") == "tim-lon-goi-y-1"
    box.press("Escape")
    assert box.input_value() == "truy"
    assert box.get_attribute("aria-expanded") == "false"
    box.press("ArrowDown")
    page.wait_for_selector("#tim-lon[aria-expanded=true]")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/tim-kiem?q=Truy*")


def test_the_menu_of_a_phone_opens_without_scripts(open_page):
    page = open_page("/thanh-phan", width=360, scripts=False)
    sheet = page.locator(".phonenav-sheet")
    assert not sheet.is_visible()
    page.locator(".phonenav > summary").click()
    assert sheet.is_visible()


def test_filters_of_a_phone_open_without_scripts(open_page):
    page = open_page("/thanh-phan", width=360, scripts=False)
    assert not page.locator(".facets-body").is_visible()
    page.locator(".facets-open").click()
    assert page.locator(".facets-body").is_visible()
    page.locator(".facets-body [type=submit]").click()
    assert "type=BOOK" in page.url


def test_choosing_a_facet_takes_effect_at_once(open_page):
    page = open_page("/thanh-phan")
    assert not page.locator(".facets [type=submit]").is_visible()
    page.get_by_role("checkbox", name="Tài liệu số").check()
    page.wait_for_url("**type=DIGITAL**")


def test_progress_ends_by_itself(open_page):
    page = open_page("/thanh-phan")
    live = page.locator(".progress-work", has_text="Tự cập nhật")
    live.locator(".badge-leaf").wait_for(timeout=15000)
    assert live.get_attribute("hx-get") is None


def test_a_question_is_asked_before_something_is_undone(open_page):
    page = open_page("/thanh-phan")
    page.get_by_role("button", name="Hoàn tác lần nhập").click()
    assert page.locator("#hoi-xoa").is_visible()
    page.get_by_role("button", name="Thôi, giữ nguyên").click()
    assert not page.locator("#hoi-xoa").is_visible()
    assert page.url.endswith("/thanh-phan")
