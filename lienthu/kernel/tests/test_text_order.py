"""Filing order of lists."""

from itertools import pairwise

import pytest

from lienthu.kernel.text import SORT_KEY_BYTES, filing_form, sort_key


@pytest.mark.parametrize(
    "row",
    [
        "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
        "ma mà mả mã má mạ mă mằ mẳ mẵ mắ mặ mâ mầ mẩ mẫ mấ mậ me",
        "đa đà đả đã đá đạ đe",
        "hoa hoà hoả hoã hoá hoạ hoai",
    ],
)
def test_letters_then_tones_follow_the_vietnamese_dictionary(row):
    words = row.split()
    assert all(sort_key(one) < sort_key(other) for one, other in pairwise(words))


@pytest.mark.parametrize(
    "titles",
    [
        ["An Giang", "An Khê", "Anh hùng", "Ăn uống", "Ân tình"],
        ["Ba ba", "Ba mẹ", "Ba zê", "Bà Bảo", "Bà Triệu", "Bá", "Ban"],
        ["2 người", "Tập 2", "Tập 10", "Tập 100"],
        ["Tập 9", "“Tập 10”", "Tập 11"],
        ["Da", "Dân ca", "Đa", "Đất nước"],
        ["Thơ", "Thơ - Chọn lọc", "Thơ: toàn tập"],
    ],
)
def test_titles_file_syllable_by_syllable(titles):
    assert sorted(reversed(titles), key=sort_key) == titles


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hoà bình", "HÒA BÌNH"), ("“Số đỏ”", "Số đỏ"), ("Thơ - văn", "Thơ văn"), ("Ché̂", "Chế"), ("Tập 007", "tập 7")],
)
def test_case_punctuation_and_spelling_do_not_part_titles(one, other):
    assert sort_key(one) == sort_key(other)


def test_y_and_i_are_filed_as_written():
    assert sort_key("lí luận") < sort_key("liên") < sort_key("lý luận")


def test_keys_are_bounded_and_free_of_nul():
    long = "Truyện Kiều và nghệ thuật " * 5_000
    assert len(sort_key(long)) == SORT_KEY_BYTES
    assert sort_key("a\x00b") == sort_key("ab")
    for text in ("", "\x00", "漢字 0 00 1.000", long, "\U000f0123", "-- "):
        assert b"\x00" not in sort_key(text)
    assert sort_key("") == sort_key(" — ") == b""


@pytest.mark.parametrize(
    ("title", "skip", "form"),
    [
        ("The kite runner", 4, "kite runner"),
        ("The kite runner", "4", "kite runner"),
        ("L'été à Hà Nội", 2, "été à Hà Nội"),
        ("Những ngày thơ ấu", 0, "Những ngày thơ ấu"),
        ("Thư viện", 3, "Thư viện"),
        ("Thư viện", 2, "Thư viện"),
        ("Thư", 9, "Thư"),
        ("Thư viện", " ", "Thư viện"),
        ("Thư viện", "²", "Thư viện"),
        ("Thư viện", -1, "Thư viện"),
        # "ngũ" decomposed counts one more.
        ("Ngu\u0303 kinh", 5, "kinh"),
        ("Ngu\u0303 kinh", 4, "kinh"),
    ],
)
def test_characters_that_do_not_file_are_left_out_when_the_count_fits(title, skip, form):
    assert filing_form(title, skip) == form
