import pytest

from lienthu.catalogue.tests.factories import field, fixed, marc, take
from lienthu.cataloguing.queries.suggestions import suggested_class_numbers, suggested_marks
from lienthu.cataloguing.wording_suggestions import suggestion_sentence
from lienthu.libraries.tests.factories import library

pytestmark = pytest.mark.django_db


def _book(number, ddc, subject):
    return marc(
        number,
        fixed(2001, "vie"),
        field("082", "04", ("a", ddc)),
        field("245", "00", ("a", f"Sách {number}")),
        field("650", " 4", ("a", subject)),
    )


@pytest.fixture
def shelf():
    home = library("VN-TQ-TINH", "Thư viện tỉnh", "PROVINCIAL")
    take(
        home,
        _book("1", "398.209597", "Văn học dân gian"),
        _book("2", "398.209597", "Văn học dân gian"),
        _book("3", "895.922", "Văn học dân gian"),
        _book("4", "641.5", "Nấu ăn"),
    )


def test_numbers_of_our_own_records_come_first_with_their_count(shelf):
    found = suggested_class_numbers(subjects=["văn học dân gian"])
    assert [one.value for one in found] == ["398.209597", "895.922", "398"]
    assert [one.reason.code for one in found] == ["our_records", "our_records", "lc_records"]
    assert suggestion_sentence(found[0]) == "2 biểu ghi của mạng lưới có chủ đề “Văn học dân gian” mang ký hiệu này."


def test_a_heading_named_in_the_title_suggests_too(shelf):
    found = suggested_class_numbers(title="Tuyển tập văn học dân gian Tày")
    assert (found[0].value, found[0].reason.params["source"]) == ("398.209597", "title")


def test_no_subject_and_no_known_word_suggest_nothing(shelf):
    assert suggested_class_numbers(subjects=[""], title="Sách") == ()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Nguyễn Du", "“Nguyễn”: phụ âm đầu NG, vần “uyên” có mã 527; chữ tiếp theo bắt đầu bằng “D”."),
        ("Bùi Hiển", "Không có gợi ý: bảng chưa có mã của vần “ui” trong “Bùi”."),
        ("Hugo, Victor", "“Hugo”: bảng Cutter hai chữ số của Thư viện Quốc hội Hoa Kỳ."),
        ("阮攸", "Không có gợi ý: “攸” không viết bằng chữ Latinh."),
    ],
)
def test_every_mark_explains_itself(name, sentence):
    (one,) = suggested_marks(name=name, title="")
    assert suggestion_sentence(one).startswith(sentence)
