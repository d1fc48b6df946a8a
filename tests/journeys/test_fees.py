"""Money at home: prices, the reader's own page."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _sign_in(page: Page, product: Product, name: str, then: str) -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={then}")
    page.fill("[name=login]", name)
    page.fill("[name=password]", product.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(then)))


def test_a_reader_sees_what_to_pay_and_why(page: Page, product: Product) -> None:
    _sign_in(page, product, "bandoc", "/tai-khoan/khoan-thu/")
    expect(page.locator("main")).to_contain_text("Sao chụp khổ A4: 12 trang")
    _look(page)
    asking = page.get_by_role("button", name=re.compile("Chuyển khoản bằng VietQR"))
    if asking.count():
        asking.first.click()
        expect(page.locator("main")).to_contain_text("Giữ nguyên nội dung")
        _look(page)


def test_everybody_reads_the_prices(page: Page) -> None:
    page.goto("/bang-gia/")
    _look(page)
    page.get_by_role("link", name="Thư viện tỉnh Tuyên Quang", exact=True).click()
    expect(page.locator("main")).to_contain_text("Sao chụp khổ A4")
    _look(page)
