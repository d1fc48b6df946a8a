"""A manager writes a text of the library's own and changes its hours; a librarian looks at what went out and calls
readers; a reader reads messages and chooses ways."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/thong-bao/"
Refused = Callable[[str], AbstractContextManager[object]]


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_a_text_is_tried_saved_and_given_up(page: Page, product: Product, refused: Refused) -> None:
    sign_in(page, product, "phutrach", DESK)
    _look(page)
    page.get_by_role("link", name="Thẻ sắp hết hạn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thẻ sắp hết hạn")
    page.fill("[name=subject_vi]", "Thẻ {so_the} sắp hết hạn, {ai_do}")
    with refused(urlsplit(page.url).path):
        page.keyboard.press("F8")
    expect(page.locator("main")).to_contain_text("không có chỗ điền {ai_do}")
    _look(page)
    page.fill("[name=subject_vi]", "Thẻ {so_the} cần gia hạn")
    page.keyboard.press("F8")
    expect(page.locator(".notice-preview").first).to_contain_text("cần gia hạn")
    _look(page)
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("Mẫu riêng của thư viện")
    page.locator("summary", has_text="Bỏ mẫu riêng").click()
    page.get_by_role("button", name="Bỏ mẫu riêng").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ mẫu riêng; từ nay dùng mẫu của cấp trên.")


def test_hours_of_the_library_are_set_and_given_up(page: Page, product: Product, refused: Refused) -> None:
    sign_in(page, product, "phutrach", DESK + "gio-gui/")
    _look(page)
    page.fill("[name=overdue_1]", "40")
    with refused(DESK + "gio-gui/"):
        page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("Ba lần nhắc phải cách nhau, lần sau muộn hơn lần trước.")
    _look(page)
    page.fill("[name=overdue_1]", "3")
    page.fill("[name=due_soon]", "4")
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("Nơi này có giờ riêng.")
    page.get_by_role("button", name="Theo giờ của tỉnh").click()
    expect(page.locator("main")).to_contain_text("Nơi này theo giờ chung của tỉnh.")


def test_a_librarian_sees_what_went_out_and_notes_who_was_called(page: Page, product: Product) -> None:
    sign_in(page, product, "thuthu", DESK)
    _look(page)
    page.get_by_role("link", name="Thẻ sắp hết hạn").click()
    expect(page.locator("main")).to_contain_text("Chỉ xem được")
    _look(page)
    page.goto(DESK + "gio-gui/")
    expect(page.locator("main")).to_contain_text("08:00")
    expect(page.locator("[name=digest_at]")).to_have_count(0)
    _look(page)
    page.goto(DESK + "hop-gui/?state=ALL")
    _look(page)
    page.locator("main tbody th a").first.click()
    expect(page.get_by_role("heading", name="Gửi cho")).to_be_visible()
    _look(page)
    page.goto(DESK + "can-bao/")
    _look(page)
    waiting = page.get_by_role("button", name=re.compile("^Đã báo cho"))
    before = waiting.count()
    if before:
        waiting.first.click()
        expect(page.locator("main")).to_contain_text("Đã ghi là đã báo.")
        expect(waiting).to_have_count(before - 1)
    page.goto(DESK + "can-bao/?done=1")
    _look(page)


def test_a_reader_reads_messages_and_chooses_how_to_be_told(page: Page, product: Product) -> None:
    sign_in(page, product, "bandoc", "/tai-khoan/tin-nhan/")
    _look(page)
    page.get_by_role("link", name="Chọn cách nhận thông báo").click()
    page.wait_for_url(re.compile("/tuy-chon/"))
    _look(page)
    scope = page.evaluate(
        "() => navigator.serviceWorker.register('/tai-khoan/sw.js', {scope: '/tai-khoan/'}).then((one) => one.scope)"
    )
    assert scope == f"{product.url}/tai-khoan/"
    page.select_option("select[name=language]", "en")
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.locator("select[name=language]")).to_have_value("en")
    page.select_option("select[name=language]", "vi")
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.locator("select[name=language]")).to_have_value("vi")
