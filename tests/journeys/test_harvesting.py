"""The administrator harvests the product's own repository into another library, watches it, takes all of it back."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in


def _see_result(page: Page) -> None:
    """The progress asks by itself until the work is done; what was done before its page opened has none."""
    result = page.get_by_role("link", name="Xem kết quả")
    result.or_(page.get_by_text(re.compile(r"· xong \d"))).first.wait_for(timeout=180_000)
    if result.count():
        result.click()


def test_a_repository_is_harvested_in_the_background_and_withdrawn_whole(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    name = f"Kho hành trình {size[0]}"
    sign_in(page, product, "quantri")
    page.goto("/ban-lam-viec/thu-hoach/")
    page.get_by_role("link", name="Thêm nguồn").first.click()
    page.get_by_label("Địa chỉ OAI-PMH").fill(f"{product.url}/oai")
    page.get_by_role("button", name="Thử nguồn").click()
    expect(page.get_by_label("Định dạng")).to_have_value("marc21")
    page.get_by_label("Tên nguồn").fill(name)
    page.get_by_label("Biểu ghi thuộc về thư viện").select_option(index=3)
    page.get_by_label("Tập con").select_option(index=1)
    page.get_by_label("Nhận ra biểu ghi theo").select_option("IDENTIFIER")
    page.get_by_label("Tự lấy theo lịch").uncheck()
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url(re.compile(r"/thu-hoach/[0-9a-z]+/$"))
    source = page.url

    page.get_by_role("button", name="Lấy ngay").click()
    page.wait_for_url(re.compile(r"/thu-hoach/lan/[0-9a-z]+/$"))
    _see_result(page)
    expect(page.locator("h1 ~ .badge, .badge").first).to_contain_text("Xong")
    assert_sound(page)
    assert_accessible(page)
    expect(page.get_by_text("Biểu ghi nhận được")).to_be_visible()

    page.goto(source)
    expect(page.get_by_text(re.compile(r"Nguồn có [\d.]+ biểu ghi\."))).to_be_visible()
    page.locator("[data-dialog=rut]").click()
    page.locator("dialog[open]").get_by_role("button", name="Rút cả nguồn").click()
    page.wait_for_url(re.compile(r"/thu-hoach/lan/[0-9a-z]+/$"))
    _see_result(page)
    expect(page.get_by_text("Đã rút khỏi mục lục")).to_be_visible()
    page.goto("/ban-lam-viec/thu-hoach/")
    expect(page.get_by_role("row", name=re.compile(name))).to_contain_text("Đã rút cả nguồn")
