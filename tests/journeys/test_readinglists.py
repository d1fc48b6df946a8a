"""A reader keeps a title in a list, on a desktop and on a phone."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in


def test_a_reader_saves_a_title_notes_it_and_deletes_the_list(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    name = f"Đọc hè {size[0]}"
    sign_in(page, product, "bandoc", "/tai-khoan/danh-sach/")
    assert_sound(page)
    assert_accessible(page)
    page.goto("/tim-kiem?q=truyen+kieu")
    page.locator("main a[href*='/bieu-ghi/']").first.click()
    page.get_by_role("link", name="Lưu vào danh sách").click()
    assert_accessible(page)
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url(re.compile(r"/bieu-ghi/\w+$"))
    expect(page.locator("#thong-bao")).to_contain_text(f"Đã lưu vào danh sách “{name}”.")
    page.goto("/tai-khoan/danh-sach/")
    page.get_by_role("link", name=name).first.click()
    title = page.locator(".own-list li").first
    title.locator("summary").click()
    title.locator("[name=note]").fill("mượn cho lớp 9")
    title.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.locator(".own-list li").first).to_contain_text("mượn cho lớp 9")
    assert_sound(page)
    assert_accessible(page)
    page.locator("summary", has_text="Đổi tên hoặc xóa danh sách").click()
    page.get_by_role("link", name="Xóa danh sách").click()
    assert_accessible(page)
    page.get_by_role("button", name="Xóa danh sách").click()
    expect(page.locator("#thong-bao")).to_contain_text("Đã xóa danh sách.")
