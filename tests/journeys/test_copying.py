"""A cataloguer finds a book by its ISBN in a far library, looks at the record, takes it, and readers find it."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.targets.tests.servers import zebra
from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

# One book of the far library for each size of the screen, which the demonstration does not have.
BOOKS = {
    1280: ("9786049990014", "Sách của thư viện xa, khổ rộng"),
    360: ("9786049990021", "Sách của thư viện xa, khổ hẹp"),
}


def _book(isbn: str, title: str) -> bytes:
    fields = [
        Field("001", isbn),
        Field("008", "261122s2026    vm            000 0 vie d"),
        Field("020", "", "  ", [("a", isbn)]),
        Field("245", "", "00", [("a", title)]),
        Field("260", "", "  ", [("a", "Hà Nội :"), ("b", "Nhà xuất bản thử,"), ("c", "2026.")]),
    ]
    return build(Record("00000nam a2200000 a 4500", fields))


@pytest.fixture(scope="module")
def far_library(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Zebra with records of the Library of Congress and two more, where the product may ask though it is private."""
    more = b"".join(_book(*book) for book in BOOKS.values())
    with zebra(tmp_path_factory.mktemp("zebra"), port=product.peer_port, more=more) as running:
        yield running.port


def _add_target(page: Page, product: Product, port: int, name: str) -> None:
    sign_in(page, product, "quantri")
    page.goto("/ban-lam-viec/nguon-bieu-ghi/them/")
    assert_sound(page)
    assert_accessible(page)
    page.fill("[name=name]", name)
    page.select_option("[name=kind]", "Z3950")
    page.fill("[name=address]", "127.0.0.1")
    page.fill("[name=port]", str(port))
    page.fill("[name=database]", "lc")
    page.fill("[name=syntax]", "usmarc")
    page.check("[name=enabled]")
    page.get_by_role("button", name=re.compile("^Lưu")).click()
    page.get_by_role("button", name="Thử kết nối").click()
    expect(page.locator("#ket-noi")).to_contain_text("đọc được 1 biểu ghi", timeout=30_000)
    assert_sound(page)
    assert_accessible(page)
    page.goto("/ban-lam-viec/nguon-bieu-ghi/")
    expect(page.locator("main table")).to_contain_text(name)
    assert_sound(page)
    assert_accessible(page)
    page.context.clear_cookies()


def test_a_record_comes_from_a_far_library_into_the_public_catalogue(
    page: Page, product: Product, far_library: int, size: tuple[int, int]
) -> None:
    isbn, title = BOOKS[size[0]]
    name = f"Thư viện bạn {size[0]}"
    _add_target(page, product, far_library, name)
    sign_in(page, product, "bienmuc")
    page.goto("/ban-lam-viec/bien-muc-sao-chep/")
    assert_sound(page)
    assert_accessible(page)
    page.fill("[name=number]", isbn)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Đã hỏi xong các nguồn.")).to_be_attached(timeout=30_000)
    assert_sound(page)
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(f"Xem biểu ghi của {name}")).click()
    expect(page.locator("h1")).to_contain_text(title)
    assert_sound(page)
    assert_accessible(page)
    assert page.request.get(f"/api/v1/search?q=isbn:{isbn}").json()["total"] == 0
    page.get_by_role("button", name=re.compile("^Lấy vào")).click()
    expect(page.locator("main")).to_contain_text("Đã lấy biểu ghi")
    assert_sound(page)
    deadline = time.monotonic() + 30
    while page.request.get(f"/api/v1/search?q=isbn:{isbn}").json()["total"] != 1:
        assert time.monotonic() < deadline
        page.wait_for_timeout(200)
    page.goto(f"/ban-lam-viec/bien-muc-sao-chep/?number={isbn}")
    page.get_by_role("button", name=re.compile("^Tìm")).click()
    expect(page.locator(".found")).to_contain_text("Đã có", timeout=30_000)
    page.get_by_role("link", name=re.compile(f"Xem biểu ghi của {name}")).click()
    page.get_by_role("link", name=re.compile("^Bổ sung biểu ghi")).click()
    expect(page.locator("main")).to_contain_text("Không có gì thay đổi")
    assert_sound(page)
    assert_accessible(page)
    page.context.clear_cookies()
    page.goto(f"/tim-kiem?q={isbn}")
    expect(page.locator("main")).to_contain_text(title)
