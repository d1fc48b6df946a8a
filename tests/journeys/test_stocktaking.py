"""A librarian counts a shelf: numbers scanned with and without network, what differs, the minutes, a round given up."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound

Cut = Callable[[], AbstractContextManager[object]]
DESK = "/ban-lam-viec/kiem-ke/"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def test_a_shelf_is_counted_also_where_the_network_is_gone(
    page: Page, product: Product, size: tuple[int, int], without_network: Cut
) -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={DESK}")
    page.fill("[name=login]", "phutrach")
    page.fill("[name=password]", product.passwords["phutrach"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/?]+" + DESK))
    _look(page)
    page.goto(DESK + "moi")
    _look(page)
    page.fill("[name=name]", f"Kiểm kê thử {size[0]}")
    page.select_option("[name=library]", label="Thư viện tỉnh Tuyên Quang")
    page.get_by_role("button", name="Mở đợt kiểm kê").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Kiểm kê thử {size[0]}")
    _look(page)
    box, heard = page.locator("[name=numbers]"), page.locator("[data-stock-heard] li")
    found = re.search(r"TQTINH\S+", page.locator("main tbody").last.inner_text())
    assert found
    box.fill(found[0])
    box.press("Enter")
    expect(heard.first).to_contain_text("Có trên giá")
    page.wait_for_function(
        "scope => navigator.serviceWorker.getRegistration(scope)"
        ".then(one => one?.scope.endsWith(scope) && !!one.active)",
        arg=DESK,
    )
    own = page.url
    with without_network():
        box.fill("KHONG-CO-1\nKHONG-CO-2")
        box.press("Enter")
        expect(page.locator("[data-stock-state]")).to_have_text("Chờ gửi khi có mạng: 2")
        # the power of the phone is gone too: the page opens again, and knows what it had
        page.goto("about:blank")
        page.goto(own)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Kiểm kê thử {size[0]}")
        expect(page.locator("[data-stock-state]")).to_have_text("Chờ gửi khi có mạng: 2")
        _look(page)
        assert "Phụ trách" not in page.content()
        box.fill("KHONG-CO-3")
        box.press("Enter")
        expect(page.locator("[data-stock-state]")).to_have_text("Chờ gửi khi có mạng: 3")
        page.goto(DESK)
        page.get_by_role("link", name=f"Kiểm kê thử {size[0]}").click()
        expect(page.locator("[data-stock-state]")).to_have_text("Chờ gửi khi có mạng: 3")
    # the round's own page comes back by itself, and sends
    expect(page.get_by_role("link", name="Kết thúc kiểm kê")).to_be_visible(timeout=20_000)
    expect(heard).to_have_count(3, timeout=20_000)
    expect(page.locator("[data-stock-state]")).to_have_text("")
    page.reload()
    expect(page.locator("main")).to_contain_text("Không có bản nào mang số này")
    _look(page)
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="Bỏ đợt kiểm kê").click()
    _look(page)
    page.get_by_role("button", name="Bỏ đợt kiểm kê").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ")
    _look(page)
