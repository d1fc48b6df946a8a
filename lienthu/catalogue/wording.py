"""Why a record or a copy was not taken, in sentences that a librarian understands."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from lienthu.catalogue.marc.problems import SENTENCES as READING
from lienthu.intake.problems import Problem

SENTENCES: dict[str, str] = READING | {
    "no_title": gettext_noop("Biểu ghi không có nhan đề (245$a)."),
    "control_number_too_long": gettext_noop("Số kiểm soát (001) dài hơn %(limit)s ký tự."),
    "field_too_long": gettext_noop(
        "Trường %(tag)s dài hơn %(limit)s ký tự; có lẽ nhiều biểu ghi dính làm một. Hãy sửa trường này rồi nhập lại."
    ),
    "control_number_twice": gettext_noop(
        "Số kiểm soát %(control_number)s đã có ở một biểu ghi khác phía trước trong cùng tệp; "
        "biểu ghi sau được giữ lại để xem."
    ),
    "authority_record": gettext_noop("Đây là biểu ghi tiêu đề chuẩn (authority), không phải biểu ghi thư mục."),
    "classification_record": gettext_noop("Đây là biểu ghi phân loại, không phải biểu ghi thư mục."),
    "community_record": gettext_noop("Đây là biểu ghi thông tin cộng đồng, không phải biểu ghi thư mục."),
    "holding_without_record": gettext_noop(
        "Biểu ghi vốn tài liệu trỏ tới biểu ghi thư mục %(control_number)s (trường 004) "
        "nhưng thư viện chưa có biểu ghi đó."
    ),
    "holdings_record": gettext_noop("Đây là biểu ghi vốn tài liệu (holdings), không phải biểu ghi thư mục."),
    "record_withdrawn": gettext_noop("Biểu ghi đã rút khỏi mục lục; hãy khôi phục trước khi sửa."),
    "record_on_loan": gettext_noop("Còn %(count)s bản đang có người mượn hoặc đang chuyển; hãy nhận về trước khi rút."),
    "copy_elsewhere": gettext_noop(
        "Trường %(tag)s nêu bản tài liệu của thư viện %(library)s, nơi bạn không có quyền sửa bản tài liệu."
    ),
    "accession_number_taken": gettext_noop(
        "Số đăng ký cá biệt %(accession_number)s đã thuộc về một bản tài liệu khác của thư viện này."
    ),
}


_NOT_POSSIBLE: dict[str, str] = {
    "same": gettext_noop("Đây đã là một biểu ghi liên hợp."),
    "gone": gettext_noop("Biểu ghi này vừa được người khác gộp, tách hoặc rút. Hãy xem lại."),
    "alone": gettext_noop("Biểu ghi đang đứng một mình nên không có gì để tách."),
    "undone": gettext_noop("Việc này đã được bỏ trước đó."),
    "decided": gettext_noop("Người khác vừa quyết định về cặp này."),
    "empty": gettext_noop("Chưa có nội dung nào được nhập."),
    "field": gettext_noop("Không có trường nào mang tên này."),
    "on_loan": gettext_noop("Còn bản tài liệu đang có người mượn hoặc đang chuyển; hãy nhận về trước khi rút."),
    "withdrawn": gettext_noop("Biểu ghi của thư viện này đã được rút."),
}
_FIELDS: dict[str, str] = {
    "title": gettext_noop("Nhan đề"),
    "subtitle": gettext_noop("Phụ đề"),
    "responsibility": gettext_noop("Thông tin trách nhiệm"),
    "other_titles": gettext_noop("Nhan đề khác"),
    "authors": gettext_noop("Tác giả"),
    "author_headings": gettext_noop("Tiêu đề tác giả"),
    "publisher": gettext_noop("Nhà xuất bản"),
    "place": gettext_noop("Nơi xuất bản"),
    "year": gettext_noop("Năm xuất bản"),
    "edition": gettext_noop("Lần xuất bản"),
    "extent": gettext_noop("Mô tả vật lý"),
    "isbn": gettext_noop("ISBN"),
    "issn": gettext_noop("ISSN"),
    "language": gettext_noop("Ngôn ngữ"),
    "type": gettext_noop("Loại tài liệu"),
    "subjects": gettext_noop("Chủ đề"),
    "ddc": gettext_noop("Ký hiệu phân loại"),
    "series": gettext_noop("Tùng thư"),
    "notes": gettext_noop("Phụ chú"),
    "abstract": gettext_noop("Tóm tắt"),
    "digital_url": gettext_noop("Địa chỉ điện tử"),
}


def not_possible(code: str) -> str:
    """Why a deed of the review desk could not be done."""
    return gettext(_NOT_POSSIBLE[code])


def field_label(field: str) -> str:
    """The name of a field of the union record."""
    return gettext(_FIELDS[field])


def problem(code: str, /, **params: Any) -> Problem:
    """The problem with this code, for refusals of single records."""
    return Problem(code, SENTENCES[code], params)


def sentence(code: str, params: dict[str, Any]) -> str:
    """The reason in the reader's language; an unknown code of old data stands as it is."""
    template = SENTENCES.get(code)
    return gettext(template) % params if template else code
