"""A manager changes the loan rules from a day in the future, asks why, and takes the change back."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

FAR = "2031-01-15"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_rules_are_drafted_checked_published_explained_and_withdrawn(page: Page, product: Product) -> None:
    sign_in(page, product, "phutrach", "/ban-lam-viec/noi-quy-muon/")
    page.get_by_role("link", name="Thư viện tỉnh Tuyên Quang", exact=True).click()
    _look(page)
    base = page.url.split("?")[0]
    page.goto(base + "ban-thao")
    _look(page)
    page.get_by_role("button", name="Soạn bản thảo").click()
    page.get_by_role("link", name="Thêm dòng").click()
    page.select_option("[name=item_type]", "MAP")
    page.fill("[name=loan_days]", "9")
    page.fill("[name=fine_per_day]", "500")
    _look(page)
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("nơi bên trên đã khóa")
    _look(page)
    page.get_by_role("link", name="Xem lại và công bố").click()
    expect(page.locator("main")).to_contain_text("Số ngày mượn: không nêu → 9 ngày")
    _look(page)
    page.fill("[name=valid_from]", FAR)
    page.fill("[name=reason]", "Thử công bố")
    page.get_by_role("button", name="Công bố nội quy").click()
    expect(page.locator("main")).to_contain_text("áp dụng từ 15/01/2031")
    _look(page)
    page.goto(f"{base}vi-sao?nhom=STUDENT&loai=MAP&ngay={FAR}")
    expect(page.locator("main")).to_contain_text("Tỉnh Tuyên Quang đã khóa giá trị này.")
    expect(page.locator("main")).to_contain_text("trả trước")
    _look(page)
    page.goto(base + "lich-su")
    _look(page)
    page.get_by_role("link", name="áp dụng từ 15/01/2031").first.click()
    _look(page)
    page.get_by_role("link", name="Rút nội quy").click()
    _look(page)
    page.get_by_role("button", name="Rút nội quy").click()
    expect(page.locator("main")).to_contain_text("Đã rút trước ngày áp dụng")
    page.goto(f"{base}?ngay={FAR}")
    expect(page.locator("main")).not_to_contain_text("9 ngày")


@pytest.mark.parametrize("path", ["", "vi-sao", "lich-su", "ban-thao"])
def test_the_rules_of_a_school_can_be_read_by_an_administrator(page: Page, product: Product, path: str) -> None:
    sign_in(page, product, "quantri", "/ban-lam-viec/noi-quy-muon/")
    page.get_by_role("link", name="Thư viện trường THCS ở Chiêm Hóa (minh họa)").click()
    page.goto(page.url + path)
    _look(page)
