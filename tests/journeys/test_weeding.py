"""A manager makes up a list of copies to weed, lets everybody read it, hears objections, notes the decision."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

Refused = Callable[[str], AbstractContextManager[object]]
DESK = "/ban-lam-viec/thanh-loc/"
LAW = "Thông tư 02/2020/TT-BVHTTDL"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url).split("?")[0]


def _table(page: Page) -> str:
    return page.locator("main tbody").first.inner_text()


def test_a_list_is_made_up_and_public_only_with_a_council(
    page: Page, product: Product, size: tuple[int, int], refused: Refused
) -> None:
    name = f"Thanh lọc thử {size[0]}"
    sign_in(page, product, "phutrach", DESK)
    expect(page.locator("main")).to_contain_text("Thanh lọc trình diễn")
    _look(page)
    page.goto(DESK + "moi")
    page.fill("[name=name]", name)
    page.select_option("[name=library]", label="Thư viện tỉnh Tuyên Quang")
    _look(page)
    page.get_by_role("button", name="Lập đợt thanh lọc").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    own = _path(page)
    page.select_option("[name=reason]", "YEAR")
    page.fill("[name=number]", "1990")
    page.get_by_role("button", name="Đưa vào danh mục").first.click()
    expect(page.locator("main tbody tr").first).to_contain_text("Xuất bản trước năm 1990")
    _look(page)
    with refused(own + "chuyen-buoc"):
        page.get_by_role("button", name="Công khai danh mục").click()
    expect(page.locator("main")).to_contain_text(f"Thanh lọc phải có hội đồng ({LAW})")
    _look(page)
    page.goto(own)
    page.get_by_text("Sửa tên đợt và hội đồng").click()
    page.fill("[name=chair]", "Phụ trách Thư viện tỉnh, Chủ tịch")
    page.fill("[name=members]", "Thủ thư Thư viện tỉnh, Thành viên")
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.get_by_role("button", name="Công khai danh mục").click()
    expect(page.locator("main")).to_contain_text("Ghi quyết định")
    page.fill("[name=decision]", "12/QĐ-TV")
    page.fill("[name=decided_on]", datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat())
    with refused(own + "quyet-dinh"):
        page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.locator("main")).to_contain_text(f"Danh mục phải công khai đủ 15 ngày trước khi quyết định ({LAW})")
    _look(page)
    page.goto(own)
    page.get_by_role("link", name="Trang công khai của danh mục").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    _look(page)
    page.goto(own)
    page.get_by_role("link", name="Bỏ đợt này").click()
    _look(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ")


def test_everybody_reads_a_public_list_and_the_council_decides_it(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    page.goto("/thanh-loc/")
    _look(page)
    # each size of the screen has a list of its own to decide
    page.get_by_role("link", name="Thanh lọc trình diễn").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    numbers = re.findall(r"TQTINH\S+", _table(page))
    assert len(numbers) == 6
    _look(page)
    sign_in(page, product, "phutrach", DESK)
    page.get_by_role("link", name=re.sub(r"^.*(Thanh lọc trình diễn)", r"\1", name)).first.click()
    own = _path(page)
    page.fill("[name=who]", "Bạn đọc")
    page.fill("[name=what]", "Xin giữ lại bản này")
    page.locator("[name=number]").last.fill(numbers[0])
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.locator("main")).to_contain_text("Xin giữ lại bản này")
    _look(page)
    page.get_by_role("row").filter(has_text=numbers[0]).get_by_role("link").last.click()
    _look(page)
    page.fill("[name=why]", "Theo góp ý của bạn đọc")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("row").filter(has_text=numbers[0])).to_contain_text("Giữ lại")
    page.fill("[name=decision]", "15/QĐ-TV")
    page.fill("[name=decided_on]", datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat())
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.locator("main")).to_contain_text("Đưa các bản ra khỏi kho")
    _look(page)
    with page.expect_download() as paper:
        page.get_by_role("listitem").filter(has_text="Biên bản thanh lọc").get_by_role("link", name="PDF").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    page.goto(own)
    page.get_by_role("link", name="Bỏ đợt này").click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ")
    page.goto("/thanh-loc/")
    assert name not in page.locator("main").inner_text()
