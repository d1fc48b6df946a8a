"""Tables as files: what somebody typed is neither computed nor linked, and no letter breaks the file."""

from io import BytesIO

from openpyxl import load_workbook

from lienthu.kernel.sheets import MOST_LETTERS, csv_response, xlsx_response

NASTY = [
    "=1+2",
    "+84",
    "-3",
    "@SUM(A1)",
    '=HYPERLINK("http://x.example")',
    "http://x.example",
    "{=1}",
    "Tuyên\x0bQuang\ufffe",
]


def cells(response) -> list[list[object]]:
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_sheet_keeps_numbers_as_numbers_and_everything_else_as_text():
    response = xlsx_response("bang", ["Nhan đề", "Số bản"], [["Truyện Kiều", 3], ["", None], ["007", 2.5], [True, "x"]])
    assert response["Content-Disposition"] == 'attachment; filename="bang.xlsx"'
    assert cells(response) == [
        ["Nhan đề", "Số bản"],
        ["Truyện Kiều", 3],
        [None, None],
        ["007", 2.5],
        ["True", "x"],
    ]


def test_no_cell_of_a_sheet_is_a_formula_or_a_link():
    response = xlsx_response("bang", ["=1+1"], [[text] for text in NASTY])
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    found = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    assert [cell.hyperlink for cell in found] == [None] * 9
    assert [cell.value for cell in found] == ["=1+1", *NASTY[:-1], "TuyênQuang"]


def test_a_cell_that_is_too_long_is_cut_and_not_lost():
    (_head, (text,)) = cells(xlsx_response("bang", ["x"], [["ă" * 40_000]]))
    assert text == "ă" * MOST_LETTERS


def test_a_csv_disarms_what_a_sheet_would_compute():
    lines = b"".join(csv_response("bang", ["x"], [[text] for text in NASTY[:5]]).streaming_content).decode("utf-8-sig")
    assert lines.splitlines() == ["x", "'=1+2", "'+84", "'-3", "'@SUM(A1)", '"\'=HYPERLINK(""http://x.example"")"']
