"""Money at a desk and at home: a charge, a payment, the drawer, the day, prices, the reader's own page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

TILL = "/ban-lam-viec/thu-tien/"
Refused = Callable[[str], AbstractContextManager[object]]


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_money_is_charged_taken_counted_and_reconciled(page: Page, product: Product, refused: Refused) -> None:
    sign_in(page, product, "phutrach", TILL)
    _look(page)
    page.goto(TILL + "bang-gia/")
    _look(page)
    page.fill("[name=bank]", "970436")
    page.fill("[name=number]", "0000000000")
    page.fill("[name=holder]", "Tài khoản trình diễn")
    page.get_by_role("button", name="Đặt tài khoản").click()
    page.goto(TILL + "ngan-keo/")
    _look(page)
    page.fill("[name=n10000]", "5")
    page.get_by_role("button", name="Mở ngăn kéo").click()
    expect(page.locator("main")).to_contain_text("theo sổ nay có 50.000 đồng")

    page.goto(TILL)
    page.fill("[name=q]", "TD-0002")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ban-doc/"))
    _look(page)
    page.get_by_text("Ghi thêm một khoản").click()
    page.select_option("[name=charge-price]", label="Sao chụp khổ A4: 500 đ / trang")
    page.fill("[name=charge-times]", "10")
    _look(page)
    page.get_by_role("button", name="Ghi khoản này").click()
    expect(page.locator("main")).to_contain_text("Còn nợ 5.000 đồng")
    page.get_by_text("Miễn hoặc hủy").first.click()
    page.get_by_role("button", name="Cho bạn đọc quét VietQR").click()
    expect(page.get_by_role("img", name=re.compile("Mã VietQR"))).to_be_visible()
    _look(page)
    page.get_by_role("button", name=re.compile("Thu và in phiếu")).click()
    expect(page.locator("main")).to_contain_text("Năm nghìn đồng.")
    _look(page)

    for part in ("trong-ngay/", "doi-soat/", "chuyen-khoan/"):
        page.goto(TILL + part)
        _look(page)
    page.goto(TILL + "ngan-keo/")
    page.fill("[name=n10000]", "1")
    with refused(TILL + "ngan-keo/"):
        page.get_by_role("button", name="Đóng ngăn kéo").click()
    expect(page.locator("main")).to_contain_text("Đếm lại, hoặc ghi lý do chênh lệch rồi đóng.")
    _look(page)
    page.fill("[name=note]", "Thử chênh lệch")
    page.get_by_role("button", name="Đóng ngăn kéo").click()
    expect(page.locator("main")).to_contain_text("Đã đóng ngăn kéo.")
    page.goto(TILL + "doi-soat/")
    expect(page.locator("main")).to_contain_text("Có chênh lệch khi kiểm đếm")
    _look(page)


def test_a_reader_sees_what_to_pay_and_why(page: Page, product: Product) -> None:
    sign_in(page, product, "bandoc", "/tai-khoan/khoan-thu/")
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
