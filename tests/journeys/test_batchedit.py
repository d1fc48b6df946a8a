"""A cataloguer finds records by a search, replaces text in them, sees each change first, makes it, takes it back."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/sua-hang-loat/"


def _checked(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _until(page: Page, words: str) -> None:
    """The page tells progress by itself; here it is loaded anew until the state is there."""
    for _ in range(60):
        page.reload()
        if page.locator(".desk-state").get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(words)


def test_text_is_replaced_in_the_records_of_a_search_and_put_back(
    page: Page, product: Product, size: tuple[int, int]
) -> None:
    """Each size puts words of its own there, so that both walk the same road."""
    word = "trang" if size[0] == 360 else "tờ"
    sign_in(page, product, "bienmuc")
    page.goto(DESK)
    _checked(page)
    for way in ("list", "import", "all"):
        page.goto(f"{DESK}moi/?cach={way}")
        _checked(page)
    page.goto(f"{DESK}moi/")
    page.fill("[name=text]", "Vietnam")
    page.fill("[name=title]", f"Viết {word} ở 300")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text(f"Viết {word} ở 300")
    _checked(page)
    edit = page.url
    page.get_by_role("link", name="Thay chữ").click()
    _checked(page)
    page.fill("[name=tag]", "300")
    page.fill("[name=code]", "a")
    page.check("[name=wild]")
    page.fill("[name=find]", "# p.")
    page.fill("[name=value]", f"{{1}} {word}")
    page.get_by_text("Điều kiện của bước này").click()
    page.select_option("[name=condition_of]", "record")
    page.fill("[name=condition_tag]", "245")
    page.fill("[name=condition_code]", "a")
    page.select_option("[name=condition_test]", "contains")
    page.fill("[name=condition_text]", "vietnam")
    page.select_option("[name=condition_mode]", "marks")
    _checked(page)
    page.get_by_role("button", name="Lưu bước này").click()
    expect(page.locator(".batch-steps")).to_contain_text(f"Thay “# p.” bằng “{{1}} {word}” trong 300 $a")
    with page.expect_navigation():
        page.get_by_role("button", name="Xem trước", exact=True).click()
    _until(page, "Đã xem trước")
    _checked(page)
    card = page.locator(".batch-card", has=page.locator("ins")).first
    expect(card.locator("del mark").first).to_contain_text("p")
    expect(card.locator("ins mark").first).to_contain_text(word)
    number = card.locator("header .code").inner_text()
    page.goto(f"{edit}?outcome=UNCHANGED#bieu-ghi")
    _checked(page)
    expect(page.locator(".batch-card").first).to_contain_text("Không bước nào có điều kiện được thoả.")
    page.goto(f"{edit}chay")
    _checked(page)
    page.goto(edit)
    page.locator("a[data-dialog=chay]").click()
    with page.expect_navigation():
        page.locator("#chay button.btn-primary").click()
    _until(page, "Đã xong")
    _checked(page)
    page.goto(f"{edit}?words={number}")
    page.get_by_role("link", name=re.compile("Lịch sử")).first.click()
    expect(page.locator("main")).to_contain_text(f"Sửa hàng loạt: Viết {word} ở 300")
    page.goto(edit)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tất cả (CSV)").click()
    assert number in download.value.path().read_text(encoding="utf-8-sig")
    page.goto(f"{edit}hoan-tac")
    _checked(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Hoàn tác").click()
    _until(page, "Đã hoàn tác")
    _checked(page)
    expect(page.locator(".figures")).to_contain_text("Đã trả về bản trước")
    page.goto(DESK)
    expect(page.locator("table")).to_contain_text(f"Viết {word} ở 300")
    _checked(page)


def test_a_librarian_without_the_permission_is_told_so(page: Page, product: Product) -> None:
    sign_in(page, product, "thuthu")
    answer = page.request.get(DESK)
    assert answer.status == 403
    assert "sửa biểu ghi hàng loạt" in answer.text()


def test_the_desk_speaks_english_too(page: Page, product: Product) -> None:
    sign_in(page, product, "bienmuc")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": product.url}])
    page.goto(DESK)
    expect(page.locator("h1")).to_have_text("Batch edit")
    _checked(page)
