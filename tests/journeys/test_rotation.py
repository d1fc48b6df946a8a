"""A set of books is made up and given up; everybody reads the rules; signs of Nom are drawn."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, expect

from lienthu.kernel.bars import bars, length
from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound

Refused = Callable[[str], AbstractContextManager[object]]
DESK = "/ban-lam-viec/luan-chuyen/"


def _look(page: Page) -> None:
    assert_sound(page)
    assert_accessible(page)


def _camera_that_shows(number: str) -> str:
    """A script that puts a drawn barcode before the camera; everything behind the camera is the product's."""
    found = bars(number)
    assert found
    return f"""
        navigator.mediaDevices.getUserMedia = async () => {{
            const canvas = document.createElement("canvas");
            Object.assign(canvas, {{ width: {length(found) * 3}, height: 240 }});
            const paint = () => {{
                const context = canvas.getContext("2d");
                context.fillStyle = "white";
                context.fillRect(0, 0, canvas.width, canvas.height);
                context.fillStyle = "black";
                for (const [start, width] of {found}) context.fillRect(start * 3, 20, width * 3, 200);
            }};
            paint();
            setInterval(paint, 100);
            return canvas.captureStream(10);
        }};
    """


def test_a_set_is_made_up_by_scanning_and_given_up(
    page: Page, product: Product, size: tuple[int, int], refused: Refused
) -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={DESK}")
    page.fill("[name=login]", "phutrach")
    page.fill("[name=password]", product.passwords["phutrach"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/?]+" + DESK))
    _look(page)
    page.get_by_role("link", name="Tủ sách luân chuyển trường học").first.click()
    expect(page.locator("main")).to_contain_text("Biên bản bàn giao")
    _look(page)
    taken = re.search(r"TQTINH\S+", page.locator("main tbody").first.inner_text())
    assert taken
    page.add_init_script(_camera_that_shows(taken[0]))
    page.goto(DESK + "moi")
    page.fill("[name=name]", f"Bộ thử {size[0]}")
    page.select_option("[name=host]", label="Thư viện xã Yên Sơn")
    _look(page)
    page.get_by_role("button", name="Lập bộ sách").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bộ thử {size[0]}")
    page.get_by_role("button", name="Quét bằng máy ảnh").click()
    expect(page.locator("[name=numbers]")).to_have_value(taken[0] + "\n")
    _look(page)
    with refused(re.sub(r"^https?://[^/]+", "", page.url) + "quet"):
        page.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator("main")).to_contain_text(f"Bản {taken[0]} đang ở trong bộ “Tủ sách luân chuyển trường học”.")
    page.get_by_role("link", name="Bỏ cả bộ").click()
    _look(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Đã bỏ")


def test_everybody_reads_the_rules_and_asks_for_ones_own_case(page: Page) -> None:
    page.goto("/noi-quy/")
    _look(page)
    page.get_by_role("link", name="Thư viện tỉnh Tuyên Quang", exact=True).click()
    expect(page.locator("main")).to_contain_text("Mọi bạn đọc, mọi tài liệu")
    page.select_option("[name=loai]", "SERIAL")
    page.get_by_role("button", name="Xem được mượn thế nào").click()
    expect(page.locator("main")).to_contain_text("mượn hôm nay thì trả chậm nhất ngày")
    _look(page)


def test_signs_beyond_the_common_block_are_drawn_with_their_own_font(page: Page) -> None:
    page.goto("/tim-kiem?q=𡨸喃")
    page.wait_for_load_state("networkidle")
    drawn = page.evaluate(
        "Promise.all([...document.fonts].filter(one => one.family.includes('Hán Nôm') && one.status === 'loaded')"
        ".map(one => one.unicodeRange))"
    )
    # other signs may stand in the records that are found
    assert any("U+21A38" in one.upper() for one in drawn)
    page.goto("/noi-quy/")
    assert page.evaluate("[...document.fonts].every(one => !one.family.includes('Hán Nôm'))")
