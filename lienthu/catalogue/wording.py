"""Why a record or a copy was not taken, in sentences that a librarian understands."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from lienthu.catalogue.marc.problems import SENTENCES as READING
from lienthu.intake.problems import Problem

SENTENCES: dict[str, str] = READING | {
    "no_title": gettext_noop("Biểu ghi không có nhan đề (245$a)."),
    "control_number_too_long": gettext_noop("Số kiểm soát (001) dài hơn %(limit)s ký tự."),
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


def problem(code: str, /, **params: Any) -> Problem:
    """The problem with this code, for refusals of single records."""
    return Problem(code, SENTENCES[code], params)


def sentence(code: str, params: dict[str, Any]) -> str:
    """The reason in the reader's language; an unknown code of old data stands as it is."""
    template = SENTENCES.get(code)
    return gettext(template) % params if template else code
