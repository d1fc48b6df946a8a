"""The public page of the rules: what a reader reads, in both languages, and the answer to a question."""

from datetime import date, datetime

import pytest
from django.test import Client

from lienthu.kernel import clock
from lienthu.libraries.models import Library
from lienthu.loanrules.actions import load_default_rules
from lienthu.loanrules.tests.factories import SYSTEM, library, root_scope, rules
from lienthu.loanrules.tests.test_desk import text_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def here() -> Library:
    found = library("VN-A", "Thư viện xã A")
    load_default_rules(actor=SYSTEM, scope=root_scope())
    return found


def test_the_rules_of_a_library_are_read_in_whole_sentences_without_signing_in(here: Library) -> None:
    page = text_of(Client().get("/noi-quy/VN-A/"))
    assert "Được mượn về 14 ngày. Mượn nhiều nhất 5 tài liệu một lúc. Gia hạn được 1 lần, mỗi lần 14 ngày" in page
    assert "Trả muộn không bị phạt tiền." in page and "Luật Thư viện 46/2019/QH14" in page
    assert "Đặt mượn trước nhiều nhất 5 tài liệu; sách về thì giữ chờ bạn 7 ngày." in page
    # An exception says what is different, and no more.
    assert "Báo, tạp chí Được mượn về 7 ngày. Không gia hạn." in page
    assert "VN-A" in Client().get("/noi-quy/").content.decode()


def test_a_question_is_answered_with_the_day_of_return(here: Library) -> None:
    page = text_of(Client().get("/noi-quy/VN-A/?nhom=ANY&loai=SERIAL"))
    assert "mượn hôm nay thì trả chậm nhất ngày 30/11/2026" in page
    rare = text_of(Client().get("/noi-quy/VN-A/?nhom=ANY&loai=RARE"))
    assert "Chỉ đọc tại chỗ, trả trong ngày." in rare


def test_a_rule_from_tomorrow_is_announced_and_does_not_hold_yet(here: Library) -> None:
    rules(here.scope, ("ANY", "ANY", {"loan_days": 21}), valid_from=date(2026, 12, 1))
    page = text_of(Client().get("/noi-quy/VN-A/"))
    assert "Được mượn về 14 ngày." in page and "Nội quy mới áp dụng từ 01/12/2026." in page
    with clock.frozen(datetime(2026, 12, 2, 9, 0, tzinfo=clock.VIETNAM)):
        later = text_of(Client().get("/noi-quy/VN-A/"))
    assert "Được mượn về 21 ngày." in later and "Áp dụng từ 01/12/2026." in later


def test_fines_and_limits_are_said_with_their_figures(here: Library) -> None:
    other = library("VN-B", "Thư viện xã B")
    rules(other.scope, ("ANY", "ANY", {"max_loans_here": 2, "overdue_blocks_after_days": 0}))
    page = text_of(Client().get("/noi-quy/VN-B/", headers={"accept-language": "en"}))
    assert "Borrow at most 5 items at a time, at this library at most 2." in page
    assert "lending stops" not in page


@pytest.mark.parametrize("address", ["/noi-quy/VN-KHONG/", "/noi-quy/%00/", "/noi-quy/..%2F/"])
def test_a_library_that_is_not_there_is_not_found(here: Library, address: str) -> None:
    assert Client().get(address).status_code in (400, 404)


def test_an_unusable_question_is_answered_for_everybody(here: Library) -> None:
    page = Client().get("/noi-quy/VN-A/", {"nhom": "x" * 10_000, "loai": "\x00"})
    assert page.status_code == 200 and "mượn hôm nay" in text_of(page)
