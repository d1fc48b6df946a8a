"""A manager writes a text of the library's own and looks at the outbox; a reader reads messages and chooses ways."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound

DESK = "/ban-lam-viec/thong-bao/"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _sign_in(page: Page, product: Product, name: str, then: str) -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={then}")
    page.fill("[name=login]", name)
    page.fill("[name=password]", product.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(then)))


def test_a_text_is_tried_saved_and_given_up(page: Page, product: Product) -> None:
    _sign_in(page, product, "phutrach", DESK)
    _look(page)
    page.get_by_role("link", name="Thẻ sắp hết hạn").click()
    page.fill("[name=subject_vi]", "Thẻ {so_the} sắp hết hạn, {ai_do}")
    page.keyboard.press("F8")
    expect(page.locator("main")).to_contain_text("không có chỗ điền {ai_do}")
    _look(page)
    page.fill("[name=subject_vi]", "Thẻ {so_the} cần gia hạn")
    page.keyboard.press("F8")
    expect(page.locator(".notice-preview").first).to_contain_text("cần gia hạn")
    _look(page)
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("Mẫu riêng của thư viện")
    page.get_by_text("Bỏ mẫu riêng").first.click()
    page.get_by_role("button", name="Bỏ mẫu riêng").click()
    expect(page.locator("main")).to_contain_text("Mẫu có sẵn")


@pytest.mark.parametrize("path", ["hop-gui/?state=ALL", "can-bao/", "gio-gui/"])
def test_the_pages_of_the_desk_of_notices_are_sound(page: Page, product: Product, path: str) -> None:
    _sign_in(page, product, "thuthu", DESK)
    page.goto(DESK + path)
    _look(page)


def test_a_reader_reads_messages_and_chooses_how_to_be_told(page: Page, product: Product) -> None:
    _sign_in(page, product, "bandoc", "/tai-khoan/tin-nhan/")
    _look(page)
    page.get_by_role("link", name="Chọn cách nhận thông báo").click()
    _look(page)
    scope = page.evaluate(
        "() => navigator.serviceWorker.register('/tai-khoan/sw.js', {scope: '/tai-khoan/'}).then((one) => one.scope)"
    )
    assert scope == f"{product.url}/tai-khoan/"
    page.select_option("[name=language]", "en")
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.locator("[name=language]")).to_have_value("en")
    page.select_option("[name=language]", "vi")
    page.get_by_role("button", name="Lưu lựa chọn").click()
