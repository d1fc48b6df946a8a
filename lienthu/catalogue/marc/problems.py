"""What can be wrong with a file of records or with one record, in sentences that a librarian understands.

The one table of all codes; the application translates ``problem.sentence`` and stores code and parameters.
"""

from typing import Any

from lienthu.intake.problems import SENTENCES as INTAKE_SENTENCES
from lienthu.intake.problems import Problem, gettext_noop

SENTENCES: dict[str, str] = {
    **INTAKE_SENTENCES,
    # the whole file
    "unknown_format": gettext_noop(
        "Chưa nhận dạng được định dạng của tệp. Hệ thống đọc được ISO 2709, tệp xuất của CDS/ISIS, "
        "văn bản gắn nhãn MARC, MARCXML, MARC-in-JSON, Dublin Core, MODS, Excel và CSV."
    ),
    "unimarc": gettext_noop("Chưa nhận dạng để nhập: biểu ghi theo UNIMARC, hệ thống chỉ nhận MARC 21."),
    "turbomarc": gettext_noop("Chưa nhận dạng để nhập: tệp theo TurboMARC; hãy xuất lại thành MARCXML."),
    "xml_not_marc": gettext_noop("Tệp XML không chứa biểu ghi MARC nào."),
    "json_not_marc": gettext_noop("Dữ liệu JSON không theo dạng MARC-in-JSON (có “leader” và “fields”)."),
    "workbook_broken": gettext_noop("Không mở được bảng tính: %(reason)s."),
    "workbook_password": gettext_noop("Bảng tính có mật khẩu; hãy bỏ mật khẩu rồi gửi lại."),
    "workbook_too_large": gettext_noop("Bảng tính lớn hơn giới hạn %(limit)s byte; hãy chia nhỏ hoặc lưu thành CSV."),
    "sheet_missing": gettext_noop("Bảng tính không có trang “%(sheet)s”."),
    "table_no_header": gettext_noop(
        "Không tìm thấy dòng tiêu đề cột (ví dụ “Nhan đề”, “Tác giả”); hãy chỉ định cột cho bảng này."
    ),
    "table_too_wide": gettext_noop(
        "Bảng có %(count)s cột, nhiều hơn giới hạn %(limit)s. Hãy xóa các cột thừa, hoặc kiểm tra ký tự phân cách cột."
    ),
    "text_encoding": gettext_noop("Không xác định được bảng mã của tệp văn bản; hãy lưu lại dưới dạng UTF-8."),
    # one record, structure
    "record_too_large": gettext_noop("Biểu ghi dài hơn giới hạn %(limit)s byte hoặc thiếu dấu kết thúc biểu ghi."),
    "record_truncated": gettext_noop("Biểu ghi bị cắt cụt: tệp kết thúc trước khi biểu ghi kết thúc."),
    "record_too_short": gettext_noop("Đoạn dữ liệu quá ngắn để là một biểu ghi (%(length)s byte)."),
    "leader_broken": gettext_noop("Đầu biểu (leader) không đúng cấu trúc."),
    "directory_broken": gettext_noop("Vùng chỉ mục (directory) hỏng và không thể suy ra các trường."),
    "record_empty": gettext_noop("Biểu ghi không có trường nào."),
    "xml_malformed": gettext_noop("Đoạn XML của biểu ghi không đúng cú pháp: %(reason)s."),
    "xml_unclosed": gettext_noop("Biểu ghi thiếu thẻ đóng </record>."),
    "xml_not_a_record": gettext_noop("Phần tử <record> này không chứa biểu ghi MARC."),
    "json_malformed": gettext_noop("Đoạn JSON của biểu ghi không đúng cú pháp."),
    "row_too_large": gettext_noop("Dòng dài hơn giới hạn %(limit)s byte."),
    "row_too_wide": gettext_noop("Dòng có %(count)s ô, nhiều hơn giới hạn %(limit)s."),
    "row_quotes": gettext_noop("Dòng có dấu ngoặc kép mở mà không đóng."),
    "row_is_total": gettext_noop("Dòng này là dòng tổng cộng, không phải sách."),
    "row_is_header": gettext_noop("Dòng này lặp lại tiêu đề cột."),
    "row_is_section": gettext_noop("Dòng này là tiêu đề của một phần trong bảng, không phải sách."),
    "record_deleted": gettext_noop("Nguồn đã xóa biểu ghi này."),
    "row_empty": gettext_noop("Dòng không có dữ liệu ở cột nào đã gán."),
    # one record, characters
    "utf8_damaged": gettext_noop(
        "Biểu ghi là UTF-8 nhưng có %(count)s byte hỏng, byte đầu tiên ở vị trí %(position)s."
    ),
    "encoding_unknown": gettext_noop("Bảng mã của biểu ghi không phải UTF-8 cũng không phải MARC-8."),
    # notes on a record that is accepted
    "directory_salvaged": gettext_noop("Vùng chỉ mục hỏng; các trường được tách lại theo dấu kết thúc trường."),
    "terminator_missing": gettext_noop("Biểu ghi cuối tệp thiếu dấu kết thúc biểu ghi nhưng đầy đủ các trường."),
    "marc8_unknown_characters": gettext_noop("Có %(count)s ký tự MARC-8 không giải mã được, hiện là “�”."),
    "fields_mapped": gettext_noop("Các trường được chuyển theo bảng của nguồn này."),
    # warnings of the validation
    "title_missing": gettext_noop("Biểu ghi không có nhan đề (245$a)."),
    "control_number_missing": gettext_noop("Biểu ghi không có số kiểm soát (001)."),
    "isbn_invalid": gettext_noop("ISBN “%(value)s” không hợp lệ."),
    "issn_invalid": gettext_noop("ISSN “%(value)s” không hợp lệ."),
    "fixed_field_length": gettext_noop("Trường 008 dài %(length)s ký tự, phải là 40."),
    "language_unknown": gettext_noop("Mã ngôn ngữ “%(value)s” không có ba chữ cái."),
    "year_implausible": gettext_noop("Năm xuất bản “%(value)s” không hợp lý."),
    "tag_invalid": gettext_noop("Nhãn trường “%(tag)s” không hợp lệ."),
    "indicator_invalid": gettext_noop("Chỉ thị của trường %(tag)s không hợp lệ."),
    "subfield_code_invalid": gettext_noop("Mã trường con “%(code)s” của trường %(tag)s không hợp lệ."),
    "field_not_repeatable": gettext_noop("Trường %(tag)s lặp lại %(count)s lần nhưng chỉ được có một."),
    "accession_number_repeated": gettext_noop("Số đăng ký cá biệt “%(value)s” lặp lại trong biểu ghi."),
    # writing
    "record_too_long_to_write": gettext_noop("Biểu ghi dài %(length)s byte, vượt 99.999 byte của ISO 2709."),
    "field_too_long_to_write": gettext_noop("Trường %(tag)s dài %(length)s byte, vượt 9.999 byte của ISO 2709."),
    "forbidden_character": gettext_noop("Trường %(tag)s chứa ký tự điều khiển không được phép trong ISO 2709."),
}


def problem(code: str, /, **params: Any) -> Problem:
    """The problem with this code."""
    return Problem(code, SENTENCES[code], params)


class MarcError(Exception):
    """One record cannot be read or written; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class UnreadableFile(Exception):
    """The whole file cannot be read as records; ``problem`` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
