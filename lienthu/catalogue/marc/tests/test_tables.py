"""Excel, OpenDocument, CSV and TSV: headers, encodings, cells, copies."""

import datetime
import io
import zipfile

import openpyxl
import orjson
import pytest
import xlsxwriter

from lienthu.catalogue.marc.items import LIENTHU852, Copy
from lienthu.catalogue.marc.mapping import Column, Mapping, guess_mapping, target_of_header
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, RawRecord, ResumePoint, open_records

from .records import titles

HEADERS = [
    "Nhan đề",
    "Tác giả",
    "Nhà xuất bản",
    "Năm xuất bản",
    "ISBN",
    "Số ĐKCB",
    "Ký hiệu xếp giá",
    "Giá tiền",
    "Từ khóa",
]
ROW = [
    "Truyện Kiều",
    "Nguyễn Du; Đào Duy Anh",
    "Văn học",
    2005,
    "9786041000018",
    "00123; 00124",
    "895.922 TR527K",
    45000,
    "thơ; Nôm",
]


def read(content, **options):
    return list(open_records(io.BytesIO(content), **options))


def workbook(rows, *, sheets=("Sách",)):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for name in sheets:
        sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def text_of(rows, delimiter=","):
    return "\n".join(delimiter.join(str(cell) for cell in row) for row in rows)


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Nhan đề", "245$a"),
        ("TÊN SÁCH", "245$a"),
        ("Tên sách (bắt buộc)", "245$a"),
        ("Title", "245$a"),
        ("Tác giả", "100$a"),
        ("Nhà xuất bản", "260$b"),
        ("NXB", "260$b"),
        ("Năm XB", "260$c"),
        ("ISBN", "020$a"),
        ("Số ĐKCB", "item.accession"),
        ("Ký hiệu xếp giá", "item.call_number"),
        ("Kí hiệu phân loại", "082$a"),
        ("Chủ đề", "650$a"),
        ("Từ khóa", "653$a"),
        ("Từ khoá", "653$a"),
        ("Số trang", "300$a"),
        ("Khổ", "300$c"),
        ("Kho", "item.shelf"),
        ("Giá tiền", "item.price"),
        ("Ngôn ngữ", "041$a"),
        ("Số lượng", "item.quantity"),
        ("Thư viện", "item.library"),
        ("STT", ""),
        ("", ""),
    ],
)
def test_vietnamese_and_english_headers_are_understood(header, target):
    assert target_of_header(header) == target


def test_a_decomposed_header_is_understood():
    assert target_of_header("Nhan đề\u0300".replace("ề\u0300", "e\u0302\u0300")) == "245$a"


def test_a_row_becomes_a_record_with_its_copies():
    (item,) = read(workbook([HEADERS, ROW]))
    record = item.record
    assert record.leader == "00000nam a22000007a 4500"
    assert record.value("008") == "||||||s2005    xx " + "|" * 22
    assert len(record.value("008")) == 40
    assert record.subfields("245", "a") == ["Truyện Kiều"]
    assert record.subfields("100", "a") == ["Nguyễn Du"]
    assert record.subfields("700", "a") == ["Đào Duy Anh"]
    assert record.subfields("260", "bc") == ["Văn học", "2005"]
    assert record.subfields("653", "a") == ["thơ", "Nôm"]
    assert LIENTHU852.copies(record) == [
        Copy(accession_number="00123", call_number="895.922 TR527K", price="45000"),
        Copy(accession_number="00124", call_number="895.922 TR527K", price="45000"),
    ]
    assert orjson.loads(item.raw)[0] == ["Nhan đề", "245$a", "Truyện Kiều"]
    assert (item.format, item.number, item.offset) == ("row", 1, 2)


def test_numbers_text_and_dates_are_shown_as_a_person_sees_them():
    rows = [
        ["Nhan đề", "Tác giả", "Số ĐKCB", "Năm xuất bản", "ISBN"],
        ["Một", "a", "00071", 2005.0, 9786041000018],
        ["Hai", "a", 8934.0, datetime.date(2006, 5, 1), "0306406152"],
    ]
    content = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(content)
    one, two = read(content.getvalue())
    assert one.record.subfields("852", "p") == ["00071"]
    assert one.record.subfields("260", "c") == ["2005"]
    assert one.record.subfields("020", "a") == ["9786041000018"]
    assert two.record.subfields("852", "p") == ["8934"]
    assert two.record.subfields("260", "c") == ["2006-05-01"]
    assert two.record.subfields("020", "a") == ["0306406152"]


def test_line_breaks_and_repeated_blanks_inside_a_cell_are_layout():
    (item,) = read(workbook([HEADERS[:2], ["Lịch sử\nTuyên  Quang\r\n", "Ban\ntuyên giáo"]]))
    assert item.record.subfields("245", "a") == ["Lịch sử Tuyên Quang"]
    assert item.record.subfields("100", "a") == ["Ban"]
    assert item.record.subfields("700", "a") == ["tuyên giáo"]


def test_the_header_may_stand_below_a_heading_and_on_the_second_sheet():
    rows = [["THƯ VIỆN TỈNH"], ["Danh mục sách mới"], [], HEADERS, ROW, [], ROW]
    items = read(workbook(rows, sheets=("Hướng dẫn", "Sách")))
    assert titles(items) == ["Truyện Kiều", "Truyện Kiều"]
    assert [(item.number, item.offset) for item in items] == [(1, 5), (2, 7)]


def test_resuming_in_a_workbook_goes_on_at_the_next_row():
    content = workbook([HEADERS, *[[f"Sách {number}", "a"] for number in range(5)]])
    items = read(content)
    for done, item in enumerate(items, start=1):
        assert read(content, start=item.next) == items[done:]
    assert read(content, start=ResumePoint()) == items


def test_a_given_mapping_wins_over_the_headers_and_survives_storage():
    mapping = Mapping(
        (Column(0, "A", "653$a"), Column(1, "B", "245$a"), Column(2, "C", "")), header_row=-1, sheet="Sách"
    )
    assert Mapping.from_json(orjson.loads(orjson.dumps(mapping.as_json()))) == mapping
    (item,) = read(workbook([["thơ; Nôm", "Truyện Kiều", "bỏ"]]), mapping=mapping)
    assert item.record.subfields("653", "a") == ["thơ", "Nôm"]
    assert titles([item]) == ["Truyện Kiều"]


def test_a_stored_mapping_with_an_unknown_target_is_refused():
    with pytest.raises(ValueError, match="unknown targets"):
        Mapping.from_json({"columns": [[0, "A", "999$x"]], "header_row": 0, "sheet": "", "separators": ";"})


def test_a_missing_sheet_is_named():
    mapping = Mapping((Column(0, "A", "245$a"),), sheet="Không có")
    with pytest.raises(UnreadableFile) as refused:
        read(workbook([HEADERS, ROW]), mapping=mapping)
    assert refused.value.problem.params == {"sheet": "Không có"}


def test_a_table_without_known_headers_asks_for_a_mapping():
    with pytest.raises(UnreadableFile) as refused:
        read(workbook([["a", "b"], ["c", "d"]]))
    assert refused.value.problem.code == "table_no_header"
    assert guess_mapping([["a", "b"]]) is None


def test_a_title_column_alone_is_enough():
    assert titles(read("Nhan đề\nMột\nHai\n".encode())) == ["Một", "Hai"]


def test_copies_without_numbers_keep_their_quantity():
    (item,) = read(workbook([["Nhan đề", "Số lượng", "Kho"], ["Một", 5, "Kho mở"]]))
    assert LIENTHU852.copies(item.record) == [Copy(shelf="Kho mở", quantity=5)]


def test_accession_numbers_joined_in_any_way_become_copies_once():
    (item,) = read(workbook([["Nhan đề", "Số ĐKCB"], ["Một", "VV01; VV02,VV03\nVV01"]]))
    assert [copy.accession_number for copy in LIENTHU852.copies(item.record)] == ["VV01", "VV02", "VV03"]


def test_language_and_type_columns_set_the_coded_fields():
    rows = [
        ["Nhan đề", "Ngôn ngữ", "Loại tài liệu"],
        ["Một", "Tiếng Việt; Anh", "Luận văn thạc sĩ"],
        ["Hai", "vie", "Báo, tạp chí"],
    ]
    one, two = read(workbook(rows))
    assert one.record.subfields("041", "a") == ["vie", "eng"]
    assert one.record.value("008")[35:38] == "vie"
    assert one.record.subfields("502", "a") == ["Luận văn thạc sĩ"]
    assert two.record.leader[6:8] == "as"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_of_text_tables_are_found(encoding, delimiter):
    rows = [HEADERS[:4], ["Truyện Kiều", "Nguyễn Du", "Văn học", 2005], ["Số đỏ", "Vũ Trọng Phụng", "Văn học", 2006]]
    content = text_of(rows, delimiter).encode(encoding)
    reading = open_records(io.BytesIO(content))
    items = list(reading)
    assert titles(items) == ["Truyện Kiều", "Số đỏ"]
    assert reading.container == "csv"
    for done, item in enumerate(items, start=1):
        assert read(content, start=item.next) == items[done:]


def test_windows_vietnamese_text_is_found_and_composed():
    rows = [["Nhan đề", "Tác giả"], ["Truyện Kiều", "Nguyễn Du"], ["Số đỏ", "Vũ Trọng Phụng"]]
    marks = {
        "ệ": "ê\u0323", "ề": "ê\u0300", "ễ": "ê\u0303", "ố": "ô\u0301", "ỏ": "o\u0309",
        "ọ": "o\u0323", "ụ": "u\u0323", "ả": "a\u0309", "ũ": "u\u0303",
    }  # fmt: skip
    text = text_of(rows)
    for letter, parts in marks.items():
        text = text.replace(letter, parts)
    reading = open_records(io.BytesIO(text.encode("cp1258")))
    assert reading.encoding == "cp1258"
    assert titles(list(reading)) == ["Truyện Kiều", "Số đỏ"]


def test_quoted_cells_may_hold_delimiters_line_ends_and_quotes():
    content = 'Nhan đề,Tác giả\n"Một, ""hai""\nvà ba",Nguyễn Du\n12" vinyl,Ai đó\n"x"y,z\n'.encode()
    items = read(content)
    assert titles(items) == ['Một, "hai" và ba', '12" vinyl', "xy"]
    for done, item in enumerate(items, start=1):
        assert read(content, start=item.next) == items[done:]


def test_null_bytes_and_blank_lines_in_a_text_table_do_no_harm():
    items = read("Nhan đề,Tác giả\n\n,\nMột\x00,hai\n\n".encode())
    assert titles(items) == ["Một"]


def test_a_row_with_only_unused_cells_is_bad_and_the_others_stay():
    items = read(workbook([["Nhan đề", "Tác giả", "STT"], ["Một", "a", 1], ["", "", 2], ["Ba", "a", 3]]))
    assert [type(item) for item in items] == [RawRecord, Bad, RawRecord]
    assert (items[1].number, items[1].offset, items[1].problem.code) == (2, 3, "row_empty")


def test_open_document_sheets_are_read():
    def cells(row):
        return "".join(f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>" for cell in row)

    kind = 'office:value-type="string"'
    body = "".join(
        f"<table:table-row>{cells(row)}</table:table-row>" for row in (HEADERS[:2], ["Truyện Kiều", "Nguyễn Du"])
    )
    assert titles(read(open_document(body))) == ["Truyện Kiều"]


def open_document(rows):
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return packed.getvalue()


def test_an_open_document_sheet_that_repeats_a_value_a_billion_times_is_refused():
    value = 'table:number-columns-repeated="16000" office:value-type="float" office:value="1"'
    rows = f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell {value}/></table:table-row>'
    with pytest.raises(UnreadableFile) as refused:
        read(open_document(rows))
    assert refused.value.problem.code == "workbook_too_large"


WIDE = [*HEADERS, *(f"Cột {number}" for number in range(392))]


@pytest.mark.parametrize(
    "content",
    [workbook([WIDE, ROW]), text_of([WIDE, ROW]).encode(), text_of([["Sổ đăng ký"], WIDE, ROW], "\t").encode()],
    ids=["xlsx", "csv", "tsv"],
)
def test_a_table_with_too_many_columns_is_refused_with_their_number(content):
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert refused.value.problem.code == "table_too_wide"
    assert "Bảng có 401 cột, nhiều hơn giới hạn 400" in refused.value.problem.message


@pytest.mark.parametrize("make", [workbook, lambda rows: text_of(rows).encode()], ids=["xlsx", "csv"])
def test_empty_cells_behind_the_last_column_do_not_count(make):
    wide = [*ROW[:5], *[""] * 600, *([" "] if make is not workbook else [])]
    assert titles(read(make([HEADERS, wide]))) == ["Truyện Kiều"]


def test_one_row_too_wide_in_the_middle_of_a_text_file_is_refused_alone():
    rows = [[f"Nhan đề {number}", "Nguyễn Du"] for number in range(60)]
    rows[40] += ["x"] * 500
    items = read(text_of([HEADERS[:2], *rows]).encode())
    (bad,) = [item for item in items if isinstance(item, Bad)]
    assert (bad.number, bad.problem.code) == (41, "row_too_wide") and len(items) == 60


@pytest.mark.parametrize(
    "good",
    [
        ["Nhan đề,Tác giả", "Truyện Kiều,Nguyễn Du", "Số đỏ,Vũ Trọng Phụng"],
        ["title,author", "Dat rung phuong Nam,Doan Gioi", "So do,Vu Trong Phung"],
    ],
    ids=["marked", "plain"],
)
def test_one_line_in_another_encoding_is_refused_alone(good):
    broken = b"\xb5\xff\xfe\xb6\xb7,\xd0\xd8\xfe\xa9"
    content = b"\n".join([*(line.encode() for line in good[:2]), broken, *(line.encode() for line in good[2:])])
    found = list(open_records(io.BytesIO(content)))
    assert [type(one) for one in found] == [RawRecord, Bad, RawRecord]
    assert isinstance(found[1], Bad)
    assert (found[1].problem.code, found[1].offset) == ("utf8_damaged", content.index(broken))
