"""A keeper of the authority file merges two forms of a name, sees the records follow, and takes it back."""

import re
import time
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/de-muc/"


def _checked(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _total(page: Page, words: str) -> int:
    return int(page.request.get(f"/api/v1/search?q={quote(words)}").json()["total"])


def _until(page: Page, words: str, total: int) -> None:
    deadline = time.monotonic() + 30
    while _total(page, words) != total:
        assert time.monotonic() < deadline, words
        page.wait_for_timeout(200)


def test_every_list_of_the_desk_is_sound(page: Page, product: Product) -> None:
    sign_in(page, product, "demuc")
    for path in ("", "trong-bieu-ghi/", "trong-bieu-ghi/?kind=TOPIC", "co-the-trung/", "thay-doi/", "de-nghi/", "tao/",
                 "tao/?kind=PERSON", "tao/?kind=PLACE"):  # fmt: skip
        page.goto(DESK + path)
        _checked(page)


def test_readers_are_led_from_other_forms(page: Page, product: Product) -> None:
    page.goto("/duyet/tac-gia?tu=" + quote("Hồ Chí Minh"))
    _checked(page)
    line = page.locator(".browse-list li").first
    expect(line).to_contain_text("Hồ Chí Minh")
    expect(line).to_contain_text("xem:")
    line.get_by_role("link", name="Hồ, Chí Minh, 1890-1969").click()
    expect(page.locator("main")).to_contain_text("Hồ")
    page.goto("/duyet/chu-de?tu=" + quote("Vietnam Economic policy"))
    expect(page.locator(".browse-list")).to_contain_text("xem thêm:")
    _checked(page)
    assert _total(page, "chủ đề: thơ Việt Nam") >= 2


def test_a_name_is_changed_in_all_records_and_back(page: Page, product: Product, size: tuple[int, int]) -> None:
    """Each size has a name of its own, so that both walk the same road."""
    name, form = ("Tô Hoài", "1920-2014") if size[0] == 360 else ("Đào Duy Anh", "1904-1988")
    sign_in(page, product, "demuc")
    page.goto(DESK + "trong-bieu-ghi/?tu=" + quote(name))
    page.get_by_role("link", name=name, exact=True).first.click()
    _checked(page)
    page.get_by_role("button", name="Tạo biểu ghi đề mục").click()
    page.wait_for_url(re.compile("/sua$"))
    _checked(page)
    page.fill("[name=dates]", form)
    page.fill("[name=variants]", f"{name} bút danh thử")
    page.fill("[name=sources]", "Hành trình kiểm thử")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("h1")).to_have_text("Xem trước khi đổi dạng chuẩn")
    _checked(page)
    page.get_by_role("button", name="Đổi dạng chuẩn và sửa biểu ghi").click()
    page.wait_for_url(re.compile("/thay-doi/"))
    expect(page.get_by_text("Đã sửa").or_(page.get_by_text("Xem kết quả")).first).to_be_visible(timeout=60_000)
    page.reload()
    _checked(page)
    change = page.url
    _until(page, f'tác giả:"{form}"', _total(page, f'tác giả:"{name}"'))
    assert _total(page, f'tác giả:"{name} bút danh thử"') > 0
    page.goto(change)
    page.get_by_role("link", name=re.compile(rf"^{name}, {form}")).first.click()
    _checked(page)
    address = page.url
    for path in ("gop", "tach", "ve-dang-chuan", "xoa", "sua"):
        page.goto(address + path)
        _checked(page)
    page.goto(change + "hoan-tac")
    _checked(page)
    page.locator("main form button[type=submit]").click()
    _until(page, f'tác giả:"{form}"', 0)


def test_a_cataloguer_of_a_library_proposes_and_a_keeper_answers(page: Page, product: Product) -> None:
    sign_in(page, product, "bienmuc")
    page.goto(DESK)
    _checked(page)
    page.get_by_role("link", name=re.compile("Rhodes")).first.click()
    _checked(page)
    page.fill("[name=text]", "Thêm dạng Đắc Lộ")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.locator("main")).to_contain_text("Đã gửi đề nghị")
    answer = page.request.get(page.url + "sua")
    assert answer.status == 403


def test_the_desk_speaks_english_too(page: Page, product: Product) -> None:
    sign_in(page, product, "demuc")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": product.url}])
    page.goto(DESK)
    expect(page.locator("h1")).to_have_text("Authority file")
    _checked(page)
