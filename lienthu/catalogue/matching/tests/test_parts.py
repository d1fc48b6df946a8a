"""Volumes, editions, names, publishers, extent, years: how each is read."""

import pytest

from lienthu.catalogue.marc.record import Record, control, data
from lienthu.catalogue.matching import persons, volumes
from lienthu.catalogue.matching.editions import edition_of, ordinal
from lienthu.catalogue.matching.forms import form_of
from lienthu.catalogue.matching.imprints import NO_END, OPEN_SET, extent_of, years_of
from lienthu.catalogue.matching.persons import compare_names, name_key
from lienthu.catalogue.matching.publishers import publisher_key, publisher_keys, same_publisher

from .records import said


@pytest.mark.parametrize(
    ("title", "left", "volume"),
    [
        ("toán 6 tập 1", "toán 6", ["1"]),
        ("lịch sử việt nam, tập hai", "lịch sử việt nam", ["2"]),
        ("sông đông êm đềm. quyển ii", "sông đông êm đềm", ["2"]),
        ("những người khốn khổ (t.1)", "những người khốn khổ", ["1"]),
        ("kinh thi - quyển thượng", "kinh thi", ["thuong"]),
        ("tiểu thuyết q.3", "tiểu thuyết", ["3"]),
        ("war and peace, vol. 2", "war and peace", ["2"]),
        ("the trilogy. book one", "the trilogy", ["1"]),
        ("doraemon n.b. 3", "doraemon", ["3"]),
        ("sông đông êm đềm, tập 1-2", "sông đông êm đềm", ["1-2"]),
        ("tuyển tập 1", "tuyển tập 1", []),
        ("bài tập 5", "bài tập 5", []),
        ("phần mềm 3", "phần mềm 3", []),
        ("số đỏ", "số đỏ", []),
        ("vol. iv of the history", "vol. iv of the history", []),
    ],
)
def test_a_volume_is_taken_out_of_a_title(title, left, volume):
    assert volumes.taken_out(title) == (left, volume)


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("quyển thứ 2", ["2"]),
        ("tập thượng", ["thuong"]),
        ("dai 2-shū.", ["2"]),
        ("series h", ["series h"]),
        ("iii", ["3"]),
    ],
)
def test_a_volume_field_gives_its_number_or_its_words(text, volume):
    assert volumes.of_subfield_n(text) == volume


@pytest.mark.parametrize(
    ("statement", "number", "kind"),
    [
        ("Tái bản lần thứ 3", 3, "r"), ("Tái bản lần thứ ba, có sửa chữa, bổ sung", 3, "r"), ("Tb. lần 2", 2, "r"),
        ("In lần 2", 2, ""), ("In lần thứ hai", 2, ""), ("Xuất bản lần thứ hai", 2, ""), ("2nd ed.", 2, ""),
        ("2d ed.", 2, ""), ("Third edition, revised", 3, ""), ("3., überarb. Aufl.", 3, ""), ("II izd.", 2, ""),
        ("Phim khrang thī 1.", 1, ""), ("2nd printing", 2, "p"), ("1999 ed.", 0, ""), ("Rev. ed.", 0, ""),
    ],
)  # fmt: skip
def test_an_edition_statement_has_a_number(statement, number, kind):
    assert edition_of(statement)[:2] == (number, kind)


def test_the_first_reprint_is_the_second_edition():
    assert ordinal(*edition_of("Tái bản lần thứ 1")[:2]) == ordinal(*edition_of("2nd ed.")[:2]) == 2


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Hoàng, Cầm, 1922-2010.", "hoàng cầm"), ("Nguyễn Văn Ngọc (chủ biên)", "nguyễn văn ngọc"),
        ("Dickens, Charles, 1812-1870.", "charles dickens"), ("PGS. TS. Trần Ngọc Thêm", "trần ngọc thêm"),
        ("King, Martin Luther, Jr.", "martin luther king"), ("Nguyễn Ngọc Tư biên soạn", "nguyễn ngọc tư"),
        ("Đoàn, Giỏi", "đoàn giỏi"),
    ],
)  # fmt: skip
def test_a_heading_gives_a_name_in_natural_order(heading, name):
    assert name_key(heading) == name


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("nguyễn nhật ánh", "nguyen nhat anh", persons.SAME),
        ("nam cao", "cao nam", persons.SAME),
        ("charles dickens", "c dickens", persons.COMPATIBLE),
        ("charles dickens", "charles john huffam dickens", persons.COMPATIBLE),
        ("nguyễn n á", "nguyễn nhật ánh", persons.COMPATIBLE),
        ("j k rowling", "joanne rowling", persons.COMPATIBLE),
        ("trần văn hòa", "trần văn hoa", persons.OTHER_MARKS),
        ("john smith", "jane smith", persons.DIFFERENT),
        ("william stowell mills", "william m s rasmussen", persons.DIFFERENT),
        ("nguyễn tuân", "nguyễn công hoan", persons.DIFFERENT),
    ],
)
def test_names_are_compared(left, right, result):
    assert compare_names(left, right) == result
    assert compare_names(right, left) == result


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("NXB GD", "Nhà xuất bản Giáo dục Việt Nam", True), ("Nxb. Trẻ", "Nhà xuất bản Trẻ", True),
        ("KHXH", "Nhà xuất bản khoa học xã hội", True), ("Văn hóa - Thông tin", "NXB Văn hoá thông tin", True),
        ("CTQG", "Chính trị Quốc gia Sự thật", True), ("Oxford University Press", "Oxford Univ. Pr.", True),
        ("Wiley", "John Wiley & Sons", True), ("U.S. G.P.O.", "U.S. Government Printing Office", True),
        ("Lao động", "Lao động - Xã hội", False), ("Cambridge University Press", "Oxford University Press", False),
        ("Giáo dục", "Thanh niên", False),
    ],
)  # fmt: skip
def test_a_publisher_has_many_names(left, right, same):
    assert same_publisher(publisher_key(left), publisher_key(right)) is same


def test_two_publishers_in_one_subfield_are_both_known_and_nobody_is_nobody():
    assert publisher_keys("Tổng hợp TP.HCM ; First News") == ["=Tổng hợp Thành phố Hồ Chí Minh", "=First News"]
    assert publisher_keys("[s.n.]") == []


@pytest.mark.parametrize(
    ("extent", "pages", "count"),
    [
        ("xii, 345 p. :", 345, 0), ("345tr.", 345, 0), ("2 v. (xx, 800 p.) ;", 800, 2), ("v. <1-2   > :", 0, OPEN_SET),
        ("[48] p.", 48, 0), ("viii, 254, [4] p., [16] p. of plates :", 254, 0),
        ("1 online resource (345 pages)", 345, 0), ("3 v.", 0, 3), ("1 tập", 0, 1), ("314 tr., 16 tờ ảnh", 314, 0),
    ],
)  # fmt: skip
def test_an_extent_counts_pages_and_volumes(extent, pages, count):
    assert extent_of(extent) == (pages, count)


def dated(fixed, imprint):
    return Record("00000nam a2200000 i 4500", [control("008", fixed), data("260", "  ", ("c", imprint))])


@pytest.mark.parametrize(
    ("fixed", "imprint", "years", "last"),
    [
        ("000000s1999", "c1999.", (1999,), 0),
        ("000000t20011999", "2001, c1999.", (2001,), 0),
        ("000000t20012000", "2001, c2000.", (2001, 2000), 0),
        ("000000r19991983", "1999.", (1999,), 0),
        ("000000m19999999", "1999-", (1999,), NO_END),
        ("000000s2004", "1998.", (1998,), 0),
        ("", "[1992]", (1992,), 0),
        ("000000s1990", "[199-?]", (), 0),
        ("000000s1999", "Heisei 11 [1999]", (1999,), 0),
    ],
)
def test_years_come_from_008_and_imprint(fixed, imprint, years, last):
    assert years_of(dated(fixed.ljust(40), imprint)) == (years, last)


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ([data("245", "10", ("a", "Kiều"), ("h", "[electronic resource]"))], ("ELECTRONIC", False)),
        ([data("300", "  ", ("a", "1 online resource (20 p.)"))], ("ONLINE", False)),
        ([data("300", "  ", ("a", "728 p. (large print)"))], ("LARGE_PRINT", False)),
        ([data("533", "  ", ("a", "Microfiche."))], ("MICROFORM", True)),
        ([data("300", "  ", ("a", "320 tr."))], ("", False)),
    ],
)
def test_the_form_of_a_record_is_found(fields, form):
    assert form_of(Record("00000nam a2200000 i 4500", fields)) == form


def test_articles_go_only_where_the_language_has_them():
    assert said(title="An ninh mạng", language="vie").title == "an ninh mạng"
    assert said(title="An introduction to physics", language="eng").title == "introduction to physics"
    assert said(title="Der Prozess", language="ger").title == "prozess"
    assert said(title="Die hard", language="eng").title == "die hard"


def test_invalid_isbns_are_only_a_hint():
    told = said(isbn=["9786041000011", "6041000000"])
    assert (told.isbn, told.isbn_weak) == (("9786041000001",), ("9786041000011",))
