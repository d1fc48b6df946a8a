"""A set of books is made up and given up; everybody reads the rules; signs of Nom are drawn."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound

DESK = "/ban-lam-viec/luan-chuyen/"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_a_set_is_made_up_by_scanning_and_given_up(page: Page, product: Product, size: tuple[int, int]) -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={DESK}")
    page.fill("[name=login]", "phutrach")
    page.fill("[name=password]", product.passwords["phutrach"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/?]+" + DESK))
    _look(page)
    page.get_by_role("link", name="Tủ sách luân chuyển trường học").first.click()
    expect(page.locator("main")).to_contain_text("Biên bản bàn giao")
    _look(page)
    page.goto(DESK + "moi")
    page.fill("[name=name]", f"Bộ thử {size[0]}")
    page.select_option("[name=host]", label="Thư viện xã Yên Sơn")
    _look(page)
    page.get_by_role("button", name="Lập bộ sách").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bộ thử {size[0]}")
    page.get_by_role("link", name="Bỏ cả bộ").click()
    _look(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ")


def test_everybody_reads_the_rules_and_asks_for_ones_own_case(page: Page) -> None:
    page.goto("/noi-quy/")
    _look(page)
    page.get_by_role("link", name="Thư viện tỉnh Tuyên Quang", exact=True).click()
    expect(page.locator("main")).to_contain_text("Mọi bạn đọc, mọi tài liệu")
    page.select_option("[name=loai]", "SERIAL")
    page.get_by_role("button", name="Xem được mượn thế nào").click()
    expect(page.locator("main")).to_contain_text("mượn hôm nay thì trả chậm nhất ngày")
    _look(page)


def test_signs_beyond_the_common_block_are_drawn_with_their_own_font(page: Page) -> None:
    page.goto("/tim-kiem?q=𡨸喃")
    page.wait_for_load_state("networkidle")
    drawn = page.evaluate(
        "Promise.all([...document.fonts].filter(one => one.family.includes('Hán Nôm') && one.status === 'loaded')"
        ".map(one => one.unicodeRange))"
    )
    # other signs may stand in the records that are found
    assert any("U+21A38" in one.upper() for one in drawn)
    page.goto("/noi-quy/")
    assert page.evaluate("[...document.fonts].every(one => !one.family.includes('Hán Nôm'))")
