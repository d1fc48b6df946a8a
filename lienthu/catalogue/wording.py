"""Why a record or a copy was not taken, in sentences that a librarian understands."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from lienthu.catalogue.marc.problems import SENTENCES as READING

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
    "accession_number_taken": gettext_noop(
        "Số đăng ký cá biệt %(accession_number)s đã thuộc về một bản tài liệu khác của thư viện này."
    ),
}


def sentence(code: str, params: dict[str, Any]) -> str:
    """The reason in the reader's language; an unknown code of old data stands as it is."""
    template = SENTENCES.get(code)
    return gettext(template) % params if template else code
