"""A keeper of the union catalogue looks at a doubtful pair, says that it is one book, and takes that back."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in
from tests.journeys.test_exchange import command

LEADER = "00000nam a2200000 a 4500"


def test_a_doubtful_pair_is_decided_and_the_decision_taken_back(
    page: Page, product: Product, size: tuple[int, int], tmp_path: Path
) -> None:
    # Two records that say nothing but the title: nobody can know whether they are one.
    title = f"Lịch sử làng bản {size[0]}"
    for number, code in enumerate(("VN-TQ-TINH", "VN-TQ-THCSCH")):
        record = Record(LEADER, [Field("001", f"nghi{size[0]}{number}"), Field("245", "", "00", [("a", title)])])
        path = tmp_path / f"{number}.mrc"
        path.write_bytes(build(record))
        command(product, "import", str(path), "--library", code)
    sign_in(page, product, "quantri")
    page.goto("/ban-lam-viec/nghi-trung/")
    assert_sound(page)
    assert_accessible(page)
    page.locator("main tbody a", has_text=title).first.click()
    page.wait_for_url(re.compile(r"/nghi-trung/cap/[0-9a-z]+/$"))
    assert_sound(page)
    assert_accessible(page)
    expect(page.get_by_role("heading", name="Điều cho thấy là một")).to_be_visible()
    page.get_by_role("button", name=re.compile("Cùng một tài liệu")).click()
    expect(page.get_by_text("Đã gộp hai biểu ghi.")).to_be_visible()

    page.goto("/ban-lam-viec/nghi-trung/lich-su/")
    assert_sound(page)
    assert_accessible(page)
    page.get_by_role("link", name="Bỏ việc này").first.click()
    assert_sound(page)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Đã bỏ. Mỗi biểu ghi trở về chỗ cũ")).to_be_visible()
