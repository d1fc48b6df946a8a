"""Shelf lists from Excel with all their dirt, and local fields of copies."""

import io

import pytest
import xlsxwriter

from lienthu.catalogue.marc.description import describe
from lienthu.catalogue.marc.items import EVERGREEN852, LIBOL852, LIBOL928, Copy, expanded
from lienthu.catalogue.marc.reader import Bad, RawRecord, ResumePoint, open_records
from lienthu.catalogue.marc.record import Record, data
from lienthu.kernel.text.encodings import encode, falsified

HEADER: list[object] = ["STT", "Số ĐKCB", "Nhan đề", "Tác giả", "Năm XB", "ISBN", "Giá tiền"]
BOOKS: list[list[object]] = [
    [1, "00071; 00072", "Dế mèn\nphiêu lưu ký", "Tô Hoài", 2005, 1, 25000],
    [2, 73, "Truyện Kiều", "Nguyễn Du", 38353, "2", 30000],
    [3, "00074;00075 ;00076", "Số đỏ", "Vũ Trọng Phụng", "2006", 306406152, 1],
]


def workbook(*sheets):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(f"Trang {number + 1}")
        for place, row in enumerate(rows):
            if len(row) == 1:
                sheet.merge_range(place, 0, place, 6, row[0])
            else:
                sheet.write_row(place, 0, row)
    book.close()
    return content.getvalue()


def read(content, **options):
    return list(open_records(io.BytesIO(content), **options))


def good(items):
    return [item.record for item in items if isinstance(item, RawRecord)]


DIRTY: list[list[object]] = [
    ["THƯ VIỆN TỈNH TUYÊN QUANG"],
    ["DANH MỤC SÁCH KHO ĐỌC"],
    [],
    HEADER,
    ["A. SÁCH VĂN HỌC"],
    *BOOKS[:2],
    HEADER,
    BOOKS[2],
    ["", "", "Tổng cộng: 3 tên", "", "", "", 55001],
    ["Tổng số", 6],
]


def test_only_books_of_a_dirty_list_become_records_and_the_rest_says_why():
    items = read(workbook(DIRTY))
    assert [r.subfields("245", "a") for r in good(items)] == [["Dế mèn phiêu lưu ký"], ["Truyện Kiều"], ["Số đỏ"]]
    assert [item.problem.code for item in items if isinstance(item, Bad)] == [
        "row_is_section", "row_is_header", "row_is_total", "row_is_total",
    ]  # fmt: skip


def test_row_numbers_are_no_isbn_and_lost_zeros_come_back():
    first, second, third = good(read(workbook(DIRTY)))
    assert first.subfields("020", "a") == second.subfields("020", "a") == []
    assert third.subfields("020", "a") == ["0306406152"]
    assert first.subfields("852", "p") == ["00071", "00072"]
    assert second.subfields("852", "p") == ["00073"]
    assert third.subfields("852", "p") == ["00074", "00075", "00076"]


def test_a_date_kept_as_a_number_is_the_year_of_that_day():
    _, second, _ = good(read(workbook(DIRTY)))
    assert second.subfields("260", "c") == ["2005"]
    assert describe(second).year == 2005


def test_numbers_without_an_example_of_zeros_stay():
    rows = [HEADER, [1, 71, "Một", "A", 2000, "", ""], [2, "72", "Hai", "B", 2000, "", ""]]
    assert [r.subfields("852", "p") for r in good(read(workbook(rows)))] == [["71"], ["72"]]


def test_all_sheets_with_the_same_columns_are_read_wherever_these_stand():
    moved = [["Phòng mượn"], ["Nhan đề", "Tác giả", "Số ĐKCB", "Năm XB"], ["Tắt đèn", "Ngô Tất Tố", "00090", 1939]]
    other = [["Ghi chú nội bộ", "x"], ["không phải sách", "y"]]
    content = workbook(DIRTY, other, moved)
    items = read(content)
    assert [r.subfields("245", "a")[0] for r in good(items)][-1] == "Tắt đèn"
    assert good(items)[-1].subfields("852", "p") == ["00090"]
    assert len({item.offset for item in items}) == len(items)
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    place = items[2].next
    assert read(content, start=ResumePoint(*place)) == items[3:]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_a_list_typed_in_an_old_font_is_brought_over_header_and_all(encoding):
    def typed(cell):
        return falsified(cell, encoding) if isinstance(cell, str) else cell

    rows = [[typed(cell) for cell in row] for row in [HEADER, *BOOKS]]
    reading = open_records(io.BytesIO(workbook(rows)))
    items = list(reading)
    assert [r.subfields("245", "a")[0].lower() for r in good(items)] == ["dế mèn phiêu lưu ký", "truyện kiều", "số đỏ"]
    assert {item.encoding for item in items} <= {encoding, ""}
    assert reading.mapping is not None and reading.mapping.columns[2].header == "Nhan đề"
    assert b"Nh" in items[0].raw and "Dế".encode() not in items[0].raw


def test_a_text_file_in_an_old_encoding_is_read_row_by_row():
    text = "Nhan đề,Tác giả,Năm xuất bản\n" + "".join(
        f"Lịch sử xã số {number},Nguyễn Văn Bình,2001\n" for number in range(5)
    )
    items = read(encode(text, "tcvn3"))
    assert [r.subfields("245", "a")[0] for r in good(items)] == [f"Lịch sử xã số {number}" for number in range(5)]
    assert {item.encoding for item in items} == {"tcvn3"}


def test_titles_that_begin_like_totals_stay_books():
    rows = [HEADER, [1, "1", "Cộng hòa xã hội", "A", 2000, "", ""], [2, "2", "Tổng tập văn học", "B", 2001, "", 5]]
    assert len(good(read(workbook(rows)))) == 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("VV-D4/00051-52", ["VV-D4/00051", "VV-D4/00052"]),
        ("VV-D4/00051-00053, 60", ["VV-D4/00051", "VV-D4/00052", "VV-D4/00053", "VV-D4/60"]),
        ("DV.1234", ["DV.1234"]),
        ("VV-D4/00059-51", ["VV-D4/00059-51"]),
        ("A/1-99999", ["A/1-99999"]),
        ("", []),
        ("A/0009-11; B/7", ["A/0009", "A/0010", "A/0011", "B/7"]),
    ],
)
def test_ranges_of_accession_numbers_are_opened(text, numbers):
    assert expanded(text) == numbers


def test_libols_older_copies_take_room_and_call_number_from_their_record():
    record = Record(
        "", [data("090", "  ", ("a", "387.162"), ("b", "ĐH107GI")), data("928", "  ", ("a", "VV-D4/00051-52"))]
    )
    assert LIBOL928.copies(record) == [
        Copy(accession_number="VV-D4/00051", call_number="387.162 ĐH107GI", shelf="VV-D4"),
        Copy(accession_number="VV-D4/00052", call_number="387.162 ĐH107GI", shelf="VV-D4"),
    ]


def test_libols_852_and_evergreens_are_read():
    libol = Record("", [data("852", "  ", ("a", "HKVN"), ("b", "Kho_Muon"), ("j", "HK000001"))])
    assert LIBOL852.copies(libol) == [Copy(accession_number="HK000001", library="HKVN", shelf="Kho_Muon")]
    evergreen = Record(
        "",
        [
            data(
                "852",
                "4 ",
                ("b", "BR1"),
                ("c", "Stacks"),
                ("k", "REF"),
                ("j", "895.92 NG"),
                ("p", "CONC1"),
                ("y", "9.99"),
            )
        ],
    )
    assert EVERGREEN852.copies(evergreen) == [
        Copy(accession_number="CONC1", call_number="REF 895.92 NG", branch="BR1", shelf="Stacks", price="9.99")
    ]


def test_local_ways_of_writing_are_understood():
    found = describe(
        Record(
            "00000nam a2200000 a 4500",
            [
                data("041", "0 ", ("a", "Vie")),
                data("082", "04", ("a", "629.136 6")),
                data("245", "00", ("a", "X")),
                data("927", "  ", ("a", "LA")),
            ],
        )
    )
    assert (found.language, found.ddc, found.type) == (["vie"], ["629.1366"], "THESIS")
    other = describe(Record("", [data("041", "0 ", ("a", "Tiếng Việt")), data("082", "04", ("a", "895.922 TR527K"))]))
    assert (other.language, other.ddc) == (["vie"], ["895.922 TR527K"])
