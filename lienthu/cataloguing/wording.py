"""What the desk says: findings of the checks, the required minimum, refusals of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext as _

from lienthu.catalogue.actions.keeping import CopyRefused
from lienthu.cataloguing.rules.checking import Demand, Finding
from lienthu.cataloguing.rules.tables import Words

SENTENCES: dict[str, str] = {
    "tag_invalid": gettext_noop("Nhãn trường “%(tag)s” không hợp lệ: phải là ba chữ số."),
    "fixed_length": gettext_noop("Trường %(tag)s dài %(length)s ký tự, phải là %(expected)s."),
    "fixed_value": gettext_noop("Trường %(tag)s, vị trí %(place)s: mã “%(value)s” không có trong bảng."),
    "indicator_invalid": gettext_noop("Chỉ thị của trường %(tag)s phải là chữ số, chữ thường hoặc #."),
    "indicator_undefined": gettext_noop("Trường %(tag)s: chỉ thị %(number)s không có giá trị “%(value)s”."),
    "subfield_invalid": gettext_noop("Trường %(tag)s: mã trường con “%(code)s” không hợp lệ."),
    "subfield_undefined": gettext_noop("Trường %(tag)s không có trường con $%(code)s."),
    "subfield_not_repeatable": gettext_noop("Trường %(tag)s: trường con $%(code)s chỉ được có một lần."),
    "field_too_long": gettext_noop("Trường %(tag)s dài quá %(limit)s byte, ISO 2709 không chứa được."),
    "forbidden_character": gettext_noop("Trường %(tag)s có ký tự điều khiển không được phép."),
    "isbn_invalid": gettext_noop("ISBN “%(value)s” sai số kiểm tra. Nếu sách in sai, chuyển sang $z."),
    "issn_invalid": gettext_noop("ISSN “%(value)s” sai số kiểm tra."),
    "language_unknown": gettext_noop("Mã ngôn ngữ “%(value)s” phải có ba chữ cái thường."),
    "address_invalid": gettext_noop("Địa chỉ “%(value)s” không phải là địa chỉ mạng."),
    "link_missing": gettext_noop("Trường 880 cần $6 cho biết nó đi với trường nào, ví dụ $6 245-01."),
    "link_without_field": gettext_noop("Trường 880 này trỏ tới trường %(tag)s nhưng không trường nào trỏ lại."),
    "title_missing": gettext_noop("Biểu ghi chưa có nhan đề (245 $a)."),
    "leader_length": gettext_noop("Đầu biểu dài %(length)s ký tự, phải là %(expected)s."),
    "leader_type": gettext_noop("Đầu biểu: loại biểu ghi “%(value)s” không phải của biểu ghi thư mục."),
    "field_not_repeatable": gettext_noop("Trường %(tag)s chỉ được có một."),
    "main_entries": gettext_noop("Chỉ được có một tiêu đề chính, nhưng biểu ghi có %(tags)s."),
    "too_many_rows": gettext_noop("Biểu ghi có từ %(limit)s trường trở lên; không sửa được ở bàn này."),
    "record_too_long": gettext_noop("Biểu ghi dài quá %(limit)s byte, ISO 2709 không chứa được."),
}

DEMANDS: dict[str, str] = {
    "title": gettext_noop("Nhan đề"),
    "author": gettext_noop("Tác giả"),
    "publication": gettext_noop("Nơi, nhà và năm xuất bản"),
    "keyword": gettext_noop("Từ khóa"),
    "subject": gettext_noop("Đề mục chủ đề"),
    "accession_number": gettext_noop("Số đăng ký cá biệt"),
    "shelf_mark": gettext_noop("Ký hiệu xếp giá"),
}

_COPIES: dict[str, str] = {
    "taken": gettext_noop("Số đăng ký cá biệt “%(number)s” đã thuộc về một bản khác của thư viện này."),
    "price": gettext_noop("Giá tiền của bản %(number)s không nhận được: hãy ghi số nguyên đồng."),
    "empty": gettext_noop("Mỗi bản cần một số đăng ký cá biệt."),
    "too_long": gettext_noop("“%(number)s” dài quá giới hạn."),
    "status": gettext_noop("Bàn biên mục không đặt được tình trạng này."),
    "branch": gettext_noop("Điểm phục vụ này không thuộc thư viện hoặc đã đóng."),
    "away": gettext_noop("Bản “%(number)s” đang có người mượn hoặc đang chuyển; hãy nhận về trước."),
    "elsewhere": gettext_noop("Bản hoặc biểu ghi này không còn ở đây; hãy tải lại trang."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in words, for the page: where it stands, whether it stops the save."""

    row: int | None
    severity: str
    text: str


def said(findings: Sequence[Finding]) -> list[Said]:
    """The findings in the language of the page."""
    return [Said(f.row, str(f.severity), gettext(SENTENCES[f.code]) % f.params) for f in findings]


def demanded(demands: Sequence[Demand]) -> list[dict[str, object]]:
    """The required minimum as lines of a checklist."""
    return [{"label": gettext(DEMANDS[d.code]), "met": d.met, "tag": d.tag, "code": d.code} for d in demands]


def copy_refused(refusal: CopyRefused) -> str:
    """Why a copy was not kept."""
    return gettext(_COPIES[refusal.code]) % {"number": refusal.number}


def words(text: Words) -> str:
    """A text of the data tables in the language of the page."""
    return text.said(get_language() or "vi")


def joined(libraries: int) -> str:
    """What became of a saved record in the union catalogue."""
    if not libraries:
        return _("Chưa thư viện nào khác có tài liệu này.")
    return _("Biểu ghi đứng chung với biểu ghi của %(count)s thư viện khác trong mục lục liên hợp.") % {
        "count": libraries
    }
