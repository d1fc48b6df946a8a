"""A card asked for on the net, confirmed at the desk; the reader's own card and data; a class list."""

import io
import re

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/ban-doc/"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_a_card_is_asked_for_on_the_net_and_confirmed_at_the_desk(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    name = f"Bạn đọc trên mạng {size[0]}"
    page.goto("/dang-ky-the/")
    _look(page)
    page.select_option("[name=library]", label="Thư viện tỉnh Tuyên Quang")
    page.fill("[name=full_name]", name)
    page.fill("[name=birth_date]", "01/02/1990")
    page.select_option("[name=category]", "ADULT")
    page.check("[name=by_self]")
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận đăng ký")
    _look(page)
    number = page.locator(".reader-card-number").inner_text()
    sign_in(page, product, "thuthu", DESK)
    _look(page)
    page.goto(f"{DESK}?q={number}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    _look(page)
    page.get_by_role("button", name="Xác nhận và cấp thẻ").click()
    expect(page.locator("main")).to_contain_text("Số thẻ: TQ-")
    _look(page)
    page.get_by_role("link", name="Dữ liệu và sự đồng ý").click()
    _look(page)
    page.goto(f"{DESK}nghi-trung/")
    _look(page)


def test_blocks_that_hold_no_longer_are_read_and_the_counter_knows_who_may_collect(
    page: Page, product: Product
) -> None:
    sign_in(page, product, "thuthu", DESK)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn đọc")
    page.goto(f"{DESK}?q=TD-0001")
    page.get_by_text("Chặn bạn đọc này").click()
    page.fill("[name=block-reason]", "Trả sách bị ướt")
    page.get_by_role("button", name="Chặn", exact=True).click()
    page.get_by_role("button", name="Bỏ chặn").click()
    page.get_by_text("Ghi người nhận thay").click()
    page.fill("[name=proxy-number]", "TD-0002")
    page.get_by_role("button", name="Ghi nhận").last.click()
    expect(page.locator("main")).to_contain_text("Đã ghi nhận người nhận thay")
    _look(page)
    page.get_by_role("link", name=re.compile("lần chặn đã qua")).click()
    expect(page.locator("main")).to_contain_text("Trả sách bị ướt")
    _look(page)
    page.goto("/ban-lam-viec/luu-thong/")
    page.fill("[name=box]", "TD-0001")
    page.keyboard.press("Enter")
    expect(page.locator("aside.panel, .panel").filter(has_text="Được nhận thay").first).to_contain_text("TD-0002")
    _look(page)


def test_readers_see_their_card_and_their_data(page: Page, product: Product) -> None:
    sign_in(page, product, "bandoc", "/tai-khoan/the/")
    expect(page.locator(".reader-card-number")).to_have_text("TD-0001")
    expect(page.locator(".reader-card-square")).to_be_visible()
    _look(page)
    for address in ("/tai-khoan/du-lieu/", "/tai-khoan/du-lieu/du-lieu.html", "/tai-khoan/du-lieu/xoa"):
        page.goto(address)
        _look(page)


def test_a_class_list_is_tried_written_and_taken_back(page: Page, product: Product, size: tuple[int, int]) -> None:
    sign_in(page, product, "thuthu", DESK + "danh-sach/")
    _look(page)
    page.goto(f"{DESK}danh-sach/tai-len")
    _look(page)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        [
            ("Họ và tên", "Ngày sinh", "Lớp"),
            (f"Học sinh danh sách {size[0]}", "03/09/2013", "8A"),
            ("Học sinh danh sách khác", "31/02/2013", "8A"),
        ]
    ):
        sheet.write_row(row, 0, cells)
    book.close()
    page.set_input_files("[name=file]", {"name": "8a.xlsx", "mimeType": "", "buffer": out.getvalue()})
    page.check("[name=agreed]")
    page.get_by_role("button", name="Tải lên và kiểm tra thử").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("8a.xlsx")
    _until(page, "Ghi danh sách này")
    expect(page.locator("main")).to_contain_text("Ngày sinh không đọc được")
    _look(page)
    page.get_by_role("button", name="Ghi danh sách này").click()
    _until(page, "Hoàn tác danh sách")
    _look(page)
    page.locator("summary", has_text="Hoàn tác danh sách").click()
    page.get_by_role("button", name="Hoàn tác danh sách").click()
    _until(page, "Đã hoàn tác")
    page.goto(f"{DESK}danh-sach/len-lop")
    _look(page)


def _until(page: Page, words: str) -> None:
    """Look again until the work in the background is done."""
    for _ in range(30):
        if page.locator("main", has_text=words).count():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())
