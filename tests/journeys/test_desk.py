"""A cataloguer brings records in and takes them back; an administrator looks after the system."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from tests.journeys.conftest import Product
from tests.journeys.looking import assert_accessible, assert_sound
from tests.journeys.signing_in import sign_in


def _sign_in(page: Page, product: Product, name: str) -> None:
    page.goto("/tai-khoan/dang-nhap/?next=/ban-lam-viec/")
    assert_accessible(page)
    sign_in(page, product, name)


def _record(number: str, title: str) -> bytes:
    return build(Record("00000nam a2200000 a 4500", [Field("001", number), Field("245", "", "00", [("a", title)])]))


def test_a_file_is_uploaded_tried_imported_found_and_taken_back(
    page: Page, product: Product, tmp_path: Path, size: tuple[int, int]
) -> None:
    mark = f"hanhtrinh{size[0]}"
    path = tmp_path / f"{mark}.mrc"
    path.write_bytes(
        _record(f"{mark}-1", f"Sách thử {mark} một")
        + b"00050nam  broken\x1e\x1d"
        + _record(f"{mark}-2", f"Sách {mark} hai")
    )
    _sign_in(page, product, "bienmuc")
    assert_sound(page)
    page.goto("/ban-lam-viec/nhap-bieu-ghi/tai-len/")
    assert_accessible(page)
    page.select_option("[name=library]", index=1)
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Tải lên và kiểm tra thử").click()
    commit = page.get_by_role("button", name="Nhập các biểu ghi này")
    deadline = time.monotonic() + 60
    while not commit.count() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    assert_sound(page)
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("Biểu ghi sẽ bị từ chối")
    commit.click()
    expect(page.get_by_text("Đã nhập xong").or_(page.get_by_text("Xem kết quả")).first).to_be_visible(timeout=60_000)
    finished = time.monotonic()
    while page.request.get(f"/api/v1/search?q={mark}").json()["total"] != 2:
        assert time.monotonic() - finished < 2.0
        page.wait_for_timeout(100)
    page.goto("/ban-lam-viec/nhap-bieu-ghi/")
    assert_sound(page)
    assert_accessible(page)
    page.get_by_role("link", name=path.name).first.click()
    page.goto(page.url.rstrip("/") + "/hoan-tac")
    page.locator("main form button[type=submit]").click()
    gone = time.monotonic() + 60
    while page.request.get(f"/api/v1/search?q={mark}").json()["total"]:
        assert time.monotonic() < gone
        page.wait_for_timeout(200)


@pytest.mark.parametrize("path", ["", "he-thong/", "nhat-ky/", "tai-khoan/", "thu-vien/", "nhap-bieu-ghi/"])
def test_every_desk_of_an_administrator_is_sound(page: Page, product: Product, path: str) -> None:
    _sign_in(page, product, "quantri")
    page.goto("/ban-lam-viec/" + path)
    assert_sound(page)
    assert_accessible(page)


def test_the_menu_of_one_s_own_pages_can_be_read(page: Page, product: Product) -> None:
    _sign_in(page, product, "thuthu")
    menu = page.locator(".desk-open")
    if menu.is_visible():
        menu.click()
    page.locator(".desk-side .menu > summary").click()
    expect(page.get_by_role("link", name="Sách của tôi")).to_be_visible()
    assert_accessible(page)


def test_who_may_not_is_told_why_and_what_next(page: Page, product: Product) -> None:
    _sign_in(page, product, "thuthu")
    answer = page.request.get("/ban-lam-viec/he-thong/")
    assert answer.status == 403
    assert "Bạn chưa được phép làm việc này" in answer.text() and "Làm gì tiếp theo" in answer.text()
