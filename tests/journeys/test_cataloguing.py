"""A cataloguer at the desk: by keyboard in MARC, by the simple form, by scanning; and two at one record."""

import re
import time

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in

DESK = "/ban-lam-viec/bien-muc/"
# Twenty books that a novice lists: check digits are right, nobody's catalogue has them.
ISBNS = [f"97860499{number:04d}" for number in range(20)]


def _sound(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _isbn13(body: str) -> str:
    digits = [int(digit) for digit in body]
    return body + str(-sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)


def _row(page: Page, tag: str) -> Locator:
    rows = page.locator("[data-rows] > [data-row]")
    at = page.evaluate(
        "tag => [...document.querySelectorAll('[data-rows] > [data-row] [name=tag]')].findIndex(e => e.value === tag)",
        tag,
    )
    return rows.nth(at)


def test_a_record_is_typed_kept_restored_and_saved(page: Page, product: Product, size: tuple[int, int]) -> None:
    sign_in(page, product, "bienmuc")
    page.goto(DESK)
    _sound(page)
    page.goto(DESK + "moi/")
    _sound(page)
    page.get_by_role("link", name=re.compile("MARC.*Hán Nôm")).click()
    _sound(page)
    title = f"Truyện Kiều chép tay {size[0]}"
    _row(page, "245").locator("[name=text]").fill(f"$6 880-02 $a {title} / $c Nguyễn Du")
    _row(page, "880").locator("[name=text]").first.fill("$6 100-01/$1 $a 阮攸")
    # 100 and its original stand together; the title's original comes behind 245
    tags = page.locator("[data-rows] [name=tag]").evaluate_all("all => all.map(e => e.value)")
    assert tags[tags.index("100") + 1] == "880" and tags[tags.index("245") + 1] == "880"
    page.locator("[data-row].is-original [name=text]").nth(1).fill("$6 245-02/$1 $a 傳翹 𡨸喃 𠊛𢆥")
    # keys: a new row, its tag and indicators, moved up, dropped and brought back
    last = page.locator("[data-rows] > [data-row]").last.locator("[name=text]")
    last.press("Enter")
    page.keyboard.type("653")
    page.keyboard.type("##")
    page.keyboard.type("truyện thơ Nôm")
    expect(page.locator("[data-rows] > [data-row]").last.locator("[name=text]")).to_have_value("$a truyện thơ Nôm")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Control+d")
    expect(page.locator("[data-undo]")).to_be_visible()
    page.keyboard.press("Alt+z")
    expect(page.locator("[data-undo]")).to_be_hidden()
    page.keyboard.press("F1")
    expect(page.locator("[data-help-panel]")).to_contain_text("Từ khóa")
    expect(page.locator(".checklist .is-met").filter(has_text="Từ khóa")).to_be_visible()
    # a wrong number is told while typing
    _row(page, "082").locator("[name=text]").press("Enter")
    page.keyboard.type("020##9786041000009")
    expect(page.locator(".findings")).to_contain_text("sai số kiểm tra")
    _sound(page)
    page.keyboard.press("Control+d")
    expect(page.locator("[data-kept]")).to_contain_text("Đã giữ bản nháp", timeout=10_000)
    page.goto(DESK)
    page.locator("main").get_by_role("link", name=title).first.click()
    expect(page.locator("[data-row].is-original [name=text]").nth(1)).to_have_value(re.compile("傳翹 𡨸喃 𠊛𢆥"))
    page.locator("[data-row].is-original [name=text]").nth(1).press("Control+s")
    expect(page.get_by_text(f"Đã lưu “{title}”")).to_be_visible()
    _sound(page)
    page.get_by_role("button", name="Thêm bản").click()
    expect(page.locator(".copies tbody tr")).to_have_count(1)
    _sound(page)
    page.locator(".copies a.code").click()
    _sound(page)
    page.fill("[name=shelf]", "Kho Hán Nôm")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".copies tbody")).to_contain_text("Kho Hán Nôm")


def test_two_cataloguers_saving_one_record_lose_nothing(page: Page, context: BrowserContext, product: Product) -> None:
    sign_in(page, product, "bienmuc")
    page.goto(DESK + "moi/sach")
    _row(page, "245").locator("[name=text]").fill("$a Bến quê")
    _row(page, "653").locator("[name=text]").press("Control+s")
    page.get_by_text("Đã lưu “Bến quê”").wait_for()
    address = page.url + "marc"
    other = context.new_page()
    page.goto(address)
    other.goto(address)
    _row(other, "245").locator("[name=text]").fill("$a Bến quê mới")
    _row(other, "245").locator("[name=text]").press("Enter")
    other.keyboard.type("520##Tóm tắt của người kia")
    other.keyboard.press("Control+s")
    other.get_by_text("Đã lưu “Bến quê mới”").wait_for()
    _row(page, "245").locator("[name=text]").fill("$a Bến quê cũ")
    _row(page, "245").locator("[name=text]").press("Enter")
    page.keyboard.type("500##Phụ chú của tôi")
    expect(page.locator("[data-changed]")).to_be_visible()
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/xung-dot$"))
    _sound(page)
    main = page.locator("main")
    expect(main).to_contain_text("Bến quê cũ")
    expect(main).to_contain_text("Bến quê mới")
    page.get_by_label("Của tôi").check()
    page.get_by_role("button", name="Ghép và xem lại").click()
    page.get_by_text("Đã ghép hai bản").wait_for()
    texts = " ".join(page.locator("[data-rows] [name=text]").evaluate_all("all => all.map(e => e.value)"))
    assert "Bến quê cũ" in texts and "Tóm tắt của người kia" in texts and "Phụ chú của tôi" in texts
    page.locator("[data-rows] [name=text]").last.press("Control+s")
    page.get_by_text("Đã lưu “Bến quê cũ”").wait_for()


def test_a_novice_lists_twenty_books_by_their_isbn(page: Page, product: Product, size: tuple[int, int]) -> None:
    sign_in(page, product, "bienmuc")
    page.goto("/ban-lam-viec/quet-isbn/")
    _sound(page)
    began = time.monotonic()
    books = [_isbn13(isbn[:8] + f"{size[0] % 97:02d}" + isbn[-2:]) for isbn in ISBNS]
    for place, isbn in enumerate(books[:10]):
        page.fill("#isbn", isbn)
        page.keyboard.press("Enter")
        page.locator("[data-answer]").get_by_role("link", name="Điền biểu mẫu đơn giản").click()
        expect(page.locator("[name=isbn]")).to_have_value(isbn)
        if place == 0:
            _sound(page)
        page.fill("[name=title]", f"Sách quét {isbn}")
        page.fill("[name=author]", "Nhiều tác giả")
        page.locator("#don-gian").get_by_role("button", name="Lưu").last.click()
        page.get_by_text("Đã thêm 1 bản").wait_for()
        page.goto("/ban-lam-viec/quet-isbn/")
    # the second copies of the same books are in the union catalogue now: Enter, Enter
    for isbn in books[:10]:
        page.fill("#isbn", isbn)
        page.keyboard.press("Enter")
        expect(page.locator("[data-answer]")).to_contain_text(f"Sách quét {isbn}")
        page.locator("[data-answer] button.btn-primary").press("Enter")
        expect(page.locator("#isbn")).to_be_focused()
    # ten that the form filled in, ten by one key
    expect(page.locator(".scan-list .is-done")).to_have_count(20)
    assert time.monotonic() - began < 30 * 60
    _sound(page)


def test_what_is_scanned_without_a_line_is_sent_when_it_is_back(context: BrowserContext, product: Product) -> None:
    # a page of its own: the browser complains of the broken line, as it should
    page = context.new_page()
    sign_in(page, product, "bienmuc")
    page.goto(DESK + "moi/sach/don-gian?isbn=" + _isbn13("978604988001"))
    page.fill("[name=title]", "Sách khi mất mạng")
    page.locator("#don-gian").get_by_role("button", name="Lưu").last.click()
    page.get_by_text(re.compile("Đã lưu “Sách khi mất mạng”")).first.wait_for()
    page.goto("/ban-lam-viec/quet-isbn/")
    page.route("**/quet-isbn/them", lambda route: route.abort())
    page.fill("#isbn", _isbn13("978604988001"))
    page.keyboard.press("Enter")
    page.locator("[data-answer] button.btn-primary").first.click()
    expect(page.locator(".scan-list .is-add")).to_have_count(1)
    page.unroute("**/quet-isbn/them")
    page.reload()
    expect(page.locator(".scan-list .is-done")).to_have_count(1)


def test_the_desk_works_without_scripts(browser: Browser, product: Product, size: tuple[int, int]) -> None:
    context = browser.new_context(
        base_url=product.url,
        java_script_enabled=False,
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
    )
    page = context.new_page()
    sign_in(page, product, "bienmuc")
    page.goto(DESK + "moi/sach")
    page.locator("[name=text]").nth(6).fill("$a Không cần kịch bản")
    page.locator("button[value=keep]").click()
    assert "/nhap/" in page.url
    page.locator("button[value=save]").first.click()
    expect(page.get_by_text("Đã lưu “Không cần kịch bản”")).to_be_visible()
    context.close()
