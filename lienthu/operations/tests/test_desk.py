import re

import pytest
from django.test import Client
from django.urls import resolve, reverse

from lienthu.config.menu import ACCOUNT, DESK
from lienthu.identity.tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return make_cast()


def page_for(account, address="/ban-lam-viec/"):
    client = Client()
    client.force_login(account)
    return client.get(address)


def menu_of(answer) -> dict[str, list[str]]:
    return {str(group.label): [str(entry.label) for entry in group.entries] for group in answer.context["desk_menu"]}


def test_the_menu_of_the_desk_offers_to_each_role_just_what_it_may_do(people):
    lending = [
        *("Quầy lưu thông", "Bạn đọc", "Thu tiền", "Nội quy mượn", "Quầy ngoài mạng", "Luân chuyển", "Kiểm kê"),
        "Thông báo",
    ]
    assert menu_of(page_for(people.librarian)) == {"": ["Bàn làm việc"], "Lưu thông": lending}
    cataloguing = [
        *("Tìm và biên mục", "Quét ISBN", "In nhãn và phiếu", "Nhập biểu ghi", "Sửa hàng loạt", "Biên mục sao chép"),
        *("Đề mục có kiểm soát", "Biểu ghi nghi trùng"),
    ]
    assert menu_of(page_for(people.cataloguer)) == {
        "": ["Bàn làm việc"],
        "Lưu thông": ["Nội quy mượn"],
        "Biên mục": cataloguing,
    }
    assert menu_of(page_for(people.inspector)) == {
        "": ["Bàn làm việc"],
        "Lưu thông": ["Nội quy mượn"],
        "Hệ thống": ["Tình trạng hệ thống", "Nhật ký"],
    }
    assert menu_of(page_for(people.administrator)) == {
        "": ["Bàn làm việc"],
        "Lưu thông": [*lending[:7], "Thanh lọc", "Máy tự phục vụ", *lending[7:]],
        "Biên mục": [
            *cataloguing[:6],
            *("Nguồn biểu ghi", "Thu hoạch"),
            *cataloguing[6:],
            "Chia sẻ trong mục lục liên hợp",
        ],
        "Mạng lưới": ["Danh bạ thư viện", "Tài khoản và vai trò"],
        "Hệ thống": ["Tình trạng hệ thống", "Nhật ký"],
    }


@pytest.mark.parametrize("place", [*DESK, *ACCOUNT], ids=lambda place: place.view)
def test_every_entry_leads_to_a_page_and_asks_for_the_permission_of_that_page(place):
    view = resolve(reverse(place.view)).func
    permission = getattr(view, "permission", "signed_in")
    assert permission == (place.permission or "signed_in")


def test_the_desk_says_where_one_works_and_marks_the_page_one_is_on(people):
    answer = page_for(people.cataloguer)
    assert answer.context["desk_place"] == "Thư viện tỉnh"
    current = [str(entry.label) for group in answer.context["desk_menu"] for entry in group.entries if entry.current]
    assert current == ["Bàn làm việc"]
    answer = page_for(people.cataloguer, reverse("catalogue:imports"))
    current = [str(entry.label) for group in answer.context["desk_menu"] for entry in group.entries if entry.current]
    assert current == ["Nhập biểu ghi"]


def test_the_desk_shows_the_tasks_with_what_each_is_for_and_an_empty_list_of_imports(people):
    words = page_for(people.cataloguer).content.decode()
    assert "Đưa biểu ghi từ tệp MARC, Excel hoặc CSV vào mục lục" in words
    assert "Chưa có lần nhập nào" in words
    assert re.search(r"Chào\s+Cán bộ biên mục tỉnh", words)


def test_a_librarian_without_imports_sees_no_list_of_them(people):
    answer = page_for(people.librarian)
    assert answer.status_code == 200
    assert answer.context["imports"] is None
    assert "Tra cứu mục lục chung" in answer.content.decode()


def test_a_reader_is_refused_and_a_stranger_asked_to_sign_in(people):
    refused = page_for(people.reader)
    assert refused.status_code == 403
    assert "desk_menu" not in refused.context
    assert Client().get("/ban-lam-viec/")["Location"] == "/tai-khoan/dang-nhap/?next=/ban-lam-viec/"


def test_everybody_signed_in_has_the_account_menu_and_readers_no_way_to_the_desk(people):
    entries = [str(entry.label) for entry in page_for(people.reader, "/thu-vien/").context["account_menu"]]
    assert entries == [
        *("Tài khoản của tôi", "Sách của tôi", "Khoản thu", "Thẻ của tôi", "Dữ liệu của tôi", "Tin nhắn"),
        *("Mật khẩu", "Bảo mật hai bước", "Nơi đang đăng nhập"),
    ]
    assert "account_menu" not in Client().get("/thu-vien/").context
