"""Why a run stopped and what was odd about it, in sentences for people who run libraries, not servers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.kernel.fetching import FetchFailed, sentence
from lienthu.web.tags.filters import vn_number

_Sentence = Callable[[Mapping[str, Any]], str]

_PROBLEMS: dict[str, _Sentence] = {
    "token_loop": lambda p: _("Nguồn dẫn đi vòng: trang sau lại trỏ về trang đã lấy."),
    "nothing_new": lambda p: _("Nguồn gửi mãi những biểu ghi đã gửi rồi."),
    "empty_pages": lambda p: _("Nguồn gửi liên tiếp nhiều trang trống."),
    "too_many_pages": lambda p: _("Nguồn gửi quá nhiều trang cho một lần thu hoạch."),
    "too_many_records": lambda p: _("Nguồn gửi quá nhiều biểu ghi cho một lần thu hoạch."),
    "too_long": lambda p: _("Lần thu hoạch kéo dài quá lâu."),
    "xml_broken": lambda p: _("Dữ liệu XML bị hỏng giữa chừng (%(detail)s).") % {"detail": p.get("detail", "")},
    "xml_dtd": lambda p: _("Câu trả lời có khai báo kiểu tài liệu, thứ có thể dùng để phá hoại, nên bị từ chối."),
    "not_oai": lambda p: _("Địa chỉ này không trả lời theo OAI-PMH (%(detail)s).") % {"detail": p.get("detail", "")},
    "import_unreadable": lambda p: _("Không nhập được dữ liệu đã lấy; xem lần nhập để biết vì sao."),
    "no_format": lambda p: _("Nguồn không có định dạng nào đọc được (MARCXML, MODS hoặc Dublin Core)."),
    "token_lost": lambda p: _("Nguồn nhiều lần quên chỗ đang lấy dở."),
    "no_secret": lambda p: (
        _("Máy này không có biến môi trường %(variable)s giữ mật khẩu của nguồn.") % {"variable": p.get("variable", "")}
    ),
    "stated": lambda p: (
        _("Nguồn báo lỗi %(code)s: %(text)s") % {"code": p.get("code", ""), "text": p.get("text", "") or "–"}
    ),
}

_NOTES: dict[str, _Sentence] = {
    "fewer_than_said": lambda p: (
        _("Nguồn nói có %(said)s biểu ghi nhưng chỉ gửi %(came)s; không biểu ghi nào bị coi là đã mất.")
        % {"said": vn_number(p.get("said", 0)), "came": vn_number(p.get("came", 0))}
    ),
    "foreign_copies": lambda p: (
        _("Nguồn ghi %(count)s bản tài liệu là của thư viện khác trong mạng; các bản ấy không được nhận.")
        % {"count": vn_number(p.get("count", 0))}
    ),
    "mended": lambda p: _("Có trang chứa ký tự không hợp lệ, đã được bỏ đi; bản gốc của trang vẫn được giữ."),
    "nameless": lambda p: _("Có biểu ghi không có định danh nên không lấy được."),
    "token_lost_once": lambda p: _("Nguồn quên chỗ đang lấy dở, đã lấy lại từ biểu ghi cuối cùng."),
}


def problem_sentence(problem: Mapping[str, Any] | None) -> str:
    """Why a run stopped or sleeps; "" without a problem."""
    if not problem:
        return ""
    code, params = problem["code"], problem.get("params", {})
    if code.startswith("fetch_"):
        return sentence(FetchFailed(code.removeprefix("fetch_"), status=params.get("status")))
    return _PROBLEMS[code](params)


def note_sentences(notes: list[Any]) -> list[str]:
    """What was odd about a run that went on all the same."""
    return [_NOTES[code](params) for code, params in notes]


def lag_words(hours: float | None) -> str:
    """How far a source is behind its schedule: "đúng hẹn", "chậm 3 giờ", "chậm 2 ngày"."""
    if hours is None:
        return _("chưa lấy lần nào")
    if hours < 1:
        return _("đúng hẹn")
    if hours < 48:
        return ngettext("chậm %(count)d giờ", "chậm %(count)d giờ", int(hours)) % {"count": int(hours)}
    return ngettext("chậm %(count)d ngày", "chậm %(count)d ngày", int(hours // 24)) % {"count": int(hours // 24)}
