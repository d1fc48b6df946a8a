"""A reader on a phone and at a desk, with and without scripts."""

import json
import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound


def test_from_the_home_page_over_truyen_kieu_and_a_facet_to_a_record(page: Page) -> None:
    page.goto("/")
    assert_sound(page)
    assert_accessible(page)
    page.get_by_role("main").get_by_role("combobox").or_(page.locator("main input[name=q]")).first.fill("truyen kieu")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tim-kiem"))
    expect(page.locator("mark", has_text="Truyện Kiều").first).to_be_visible()
    assert_sound(page)
    assert_accessible(page)
    if page.locator("a.facets-open").is_visible():
        page.locator("a.facets-open").click()
    page.locator("input[type=checkbox][name=language][value=vie]").check()
    if "language=vie" not in page.url:
        page.wait_for_url(re.compile("language=vie"), timeout=10_000)
    expect(page.locator("main")).not_to_contain_text("The tale of Kiều")
    page.locator("main a", has_text=re.compile("^Truyện Kiều$")).first.click()
    expect(page).to_have_url(re.compile(r"/bieu-ghi/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Truyện Kiều")
    expect(page.locator("main")).to_contain_text("Số ĐKCB")
    assert_sound(page)
    assert_accessible(page)
    data = json.loads(page.locator("script[type='application/ld+json']").first.inner_text())
    assert "Truyện Kiều" in json.dumps(data, ensure_ascii=False)
    page.get_by_role("link", name="MARC 21").click()
    expect(page.locator("main")).to_contain_text("245")
    assert_sound(page)


def test_the_same_way_works_without_scripts(browser: Browser, product: Product, size: tuple[int, int]) -> None:
    context = browser.new_context(
        base_url=product.url, java_script_enabled=False, viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    page.goto("/")
    page.locator("main input[name=q]").first.fill("truyen kieu")
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    assert "/tim-kiem" in page.url
    page.goto(page.url + "&language=vie")
    page.locator("main a", has_text=re.compile("^Truyện Kiều$")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Truyện Kiều")
    context.close()


def test_suggestions_come_while_typing_and_follow_the_keyboard(page: Page) -> None:
    page.goto("/")
    box = page.locator("main input[name=q]").first
    box.press_sequentially("truyen ki", delay=40)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/(tim-kiem|bieu-ghi)"))


def test_marks_typed_as_keystrokes_are_understood(page: Page) -> None:
    page.goto("/tim-kiem?q=truyeenj+kieeuf")
    expect(page.locator("main")).to_contain_text("truyện kiều")


def test_the_english_side_speaks_english(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="English").or_(page.get_by_role("link", name="English")).locator(
        "visible=true"
    ).or_(page.locator("summary", has_text="Danh mục")).first.click()
    english = page.get_by_role("button", name="English").or_(page.get_by_role("link", name="English"))
    if page.locator("html").get_attribute("lang") == "vi":
        english.locator("visible=true").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(
        re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]")
    )
    assert_sound(page)


def test_a_library_is_found_and_an_old_code_leads_to_its_successor(page: Page) -> None:
    page.goto("/thu-vien/")
    assert_sound(page)
    assert_accessible(page)
    page.goto("/thu-vien/VN-TQ-H-SONDUONG")
    expect(page.locator("main")).to_contain_text("Sơn Dương")
    assert_sound(page)
    assert_accessible(page)


def test_a_wrong_address_helps_to_go_on(page: Page) -> None:
    page.route("**/*", lambda route: route.continue_())
    answer = page.request.get("/khong-co-trang-nay")
    assert answer.status == 404 and 'name="q"' in answer.text()
