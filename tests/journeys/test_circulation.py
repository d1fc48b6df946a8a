"""The circulation desk by scanner and keyboard alone, on a desktop and on a phone; then the reader at home."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/luu-thong/"


def _type(page: Page, text: str) -> None:
    """As a scanner does: letters and Enter, wherever the keyboard stands."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _settled(page: Page) -> None:
    expect(page.locator("[data-counter][aria-busy]")).to_have_count(0, timeout=30_000)


def _on_shelf(page: Page, how_many: int) -> list[str]:
    """Accession numbers of copies on the shelf, as the desk finds them by words of a title."""
    numbers: list[str] = []
    for words in ("truyện", "thơ", "lịch sử", "việt nam", "văn"):
        _type(page, words)
        _settled(page)
        for choice in page.locator(".counter-choices li").all():
            value = choice.locator("[name=box]")
            if value.count() and choice.locator(".badge-leaf").count():
                numbers.append(value.get_attribute("value") or "")
        if len(set(numbers)) >= how_many:
            break
    return list(dict.fromkeys(numbers))[:how_many]


def test_a_card_and_three_books_one_returned_undone_and_renewed_by_keyboard_alone(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    sign_in(page, product, "thuthu", DESK)
    expect(page.locator("#o-quet")).to_be_focused()
    assert_sound(page)
    assert_accessible(page)
    # TD-0002 has an overdue loan of the demonstration, which the rules do not forgive: another reader borrows
    _type(page, "TD-0002")
    _settled(page)
    expect(page.locator("#ban-doc")).to_have_text("Bạn đọc trình diễn 02")
    page.keyboard.press("F8")
    _settled(page)
    expect(page.locator("#ban-doc")).to_have_count(0)
    copies = _on_shelf(page, 3)
    assert len(copies) == 3
    assert_accessible(page)
    _type(page, "TD-0003" if size[0] > 400 else "TD-0001")
    # a quick scanner does not wait for the answers
    for number in copies:
        _type(page, number)
    _settled(page)
    rows = page.locator(".counter-table tbody tr")
    expect(rows).to_have_count(3)
    expect(page.locator(".counter-table .badge-leaf")).to_have_count(3)
    assert page.locator("[data-counter-answer]").get_attribute("data-sign") == "done"
    assert_sound(page)
    assert_accessible(page)

    page.keyboard.press("F2")
    _settled(page)
    expect(page.locator(".desk-state")).to_contain_text("Đang ghi trả")
    _type(page, copies[0])
    _settled(page)
    expect(rows.first).to_contain_text(copies[0])
    assert_accessible(page)
    page.keyboard.press("Control+z")
    _settled(page)
    expect(page.locator("#thong-bao")).to_contain_text("Đã hoàn tác")
    page.keyboard.press("F2")
    _settled(page)
    expect(page.locator(".counter-held")).to_contain_text([re.compile(re.escape(copies[0]))])
    page.keyboard.press("F4")
    _settled(page)
    expect(page.locator("#thong-bao")).to_contain_text("gia hạn")

    _type(page, "không có sách nào tên như thế")
    _settled(page)
    assert page.locator("[data-counter-answer]").get_attribute("data-sign") == "refused"
    expect(page.locator(".notice-refusal")).to_be_visible()
    page.keyboard.press("F2")
    _settled(page)
    for number in copies:
        _type(page, number)
    _settled(page)
    page.keyboard.press("F9")
    page.wait_for_url(re.compile(r"/phieu$"))
    assert_sound(page)
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(rf"{DESK}$"))


@pytest.mark.parametrize("name", ["can-tim/", "gia-cho/", "dang-chuyen/", "qua-han/", "nhom/"])
def test_the_lists_of_the_desk_are_sound(page: Page, product: Product, name: str) -> None:
    sign_in(page, product, "thuthu", DESK)
    page.goto(DESK + name)
    assert_sound(page)
    assert_accessible(page)


def test_a_reader_asks_for_a_book_pauses_and_takes_it_back(page: Page, product: Product) -> None:
    sign_in(page, product, "bandoc", "/tai-khoan/sach/")
    assert_sound(page)
    assert_accessible(page)
    page.goto("/tim-kiem?q=ki%E1%BB%81u")
    page.locator("main a[href*='/bieu-ghi/']").first.click()
    page.get_by_role("link", name="Đặt mượn tài liệu này").click()
    assert_accessible(page)
    page.get_by_role("button", name="Đặt mượn tài liệu này").click()
    page.wait_for_url(re.compile(r"/tai-khoan/sach/$"))
    expect(page.locator("main")).to_contain_text("trong hàng chờ")
    waiting = page.locator(".own-list li").filter(has_text="trong hàng chờ").first
    waiting.locator("summary", has_text="Tạm dừng").click()
    waiting.locator("[name=until]").fill("2099-01-31")
    waiting.get_by_role("button", name="Tạm dừng").click()
    expect(page.locator("main")).to_contain_text("Tạm dừng đến 31/01/2099")
    assert_sound(page)
    assert_accessible(page)
    page.locator(".own-list li").filter(has_text="Tạm dừng đến").get_by_role("button", name="Hủy").click()
    expect(page.locator("#thong-bao")).to_contain_text("Đã hủy lượt đặt mượn.")
