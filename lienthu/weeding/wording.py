"""Refusals, reasons, states and history of weedings in words. Refusals that the Circular asks for name it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from lienthu.catalogue.queries.desk import ItemStatus
from lienthu.kernel import clock
from lienthu.weeding.actions import Refused
from lienthu.weeding.models import Happening, Piece, State
from lienthu.weeding.policy import CIRCULAR, MOST_PERCENT, PUBLIC_DAYS, Reason

BADGES = {
    State.DRAFT: "neutral",
    State.PUBLISHED: "to_transit",
    State.DECIDED: "pending",
    State.WITHDRAWING: "running",
    State.DONE: "done",
    State.RETURNING: "running",
    State.RETURNED: "neutral",
    State.DISCARDED: "neutral",
}
_HAPPENINGS: dict[str, Promise] = {
    "MADE": _lazy("Lập đợt thanh lọc"),
    "CHANGED": _lazy("Sửa tên hoặc hội đồng"),
    "ADDED": _lazy("Thêm %(count)s bản: nay có %(named)s bản"),
    "REMOVED": _lazy("Bớt %(count)s bản: nay có %(named)s bản"),
    "PUBLISHED": _lazy("Công khai danh mục %(listed)s bản"),
    "OBJECTED": _lazy("Ghi một ý kiến góp ý"),
    "KEPT": _lazy("Giữ lại một bản: còn %(listed)s bản thanh lọc"),
    "PUT_BACK": _lazy("Đưa một bản trở lại danh mục: có %(listed)s bản thanh lọc"),
    "DECIDED": _lazy("Ghi quyết định thanh lọc %(listed)s bản"),
    "WITHDRAWING": _lazy("Bắt đầu đưa %(listed)s bản ra khỏi kho"),
    "DONE": _lazy("Đã đưa %(withdrawn)s bản ra khỏi kho; %(left_out)s bản ở lại vì đang có người dùng"),
    "RETURNING": _lazy("Bắt đầu lấy lại các bản vào kho"),
    "RETURNED": _lazy("Đã lấy lại %(returned)s trong %(withdrawn)s bản vào kho"),
    "DISCARDED": _lazy("Bỏ đợt thanh lọc"),
}
_PLAIN: dict[str, Promise] = {
    "BAD_VALUE": _lazy("Hãy điền một năm, số bản, số năm hoặc số đợt hợp lệ cho tiêu chí đã chọn."),
    "NO_REASON": _lazy("Hãy ghi lý do thanh lọc những bản này."),
    "EMPTY_OBJECTION": _lazy("Hãy ghi ai góp ý và nội dung góp ý."),
    "NOT_LISTED": _lazy("Danh mục không có bản mang số này."),
    "IN_FUTURE": _lazy("Ngày quyết định không được sau ngày hôm nay."),
    "NO_DECISION": _lazy("Hãy ghi số quyết định."),
    "NOTHING_LISTED": _lazy("Danh mục chưa có bản nào để thanh lọc."),
    "NOTHING_TO_RETURN": _lazy("Không còn bản nào nằm ngoài kho vì đợt này, nên không có gì để lấy lại."),
}
_LAW = {"circular": CIRCULAR, "days": PUBLIC_DAYS, "percent": MOST_PERCENT}
_BUILT: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "NO_COUNCIL": lambda p: (
        _(
            "Thanh lọc phải có hội đồng (Thông tư %(circular)s): hãy ghi chủ tịch và ít nhất một thành viên trước khi"
            " công khai danh mục."
        )
        % _LAW
    ),
    "TOO_EARLY": lambda p: (
        _(
            "Danh mục phải công khai đủ %(days)d ngày trước khi quyết định (Thông tư %(circular)s): sớm nhất là"
            " %(first)s."
        )
        % {**_LAW, "first": f"{p['first']:%d/%m/%Y}"}
    ),
    "TOO_LARGE": lambda p: (
        _(
            "Mỗi lần thanh lọc không quá %(percent)d%% vốn tài liệu (Thông tư %(circular)s): thư viện có %(held)d bản,"
            " được thanh lọc nhiều nhất %(most)d bản, danh mục có %(listed)d bản. Hãy giữ lại bớt."
        )
        % {**_LAW, **p}
    ),
    "OTHER_UNDER_WAY": lambda p: (
        _(
            "Mỗi lần thanh lọc không quá %(percent)d%% vốn tài liệu (Thông tư %(circular)s): đợt “%(name)s” đã có quyết"
            " định mà chưa xong, hãy làm xong đợt ấy trước."
        )
        % {**_LAW, **p}
    ),
    "TOO_SOON": lambda p: (
        _(
            "Thư viện thanh lọc %(years)d năm một lần (Thông tư %(circular)s): sau đợt “%(name)s”, quyết định sớm nhất"
            " ngày %(first)s."
        )
        % {**_LAW, "years": p["years"], "name": p["name"], "first": f"{p['first']:%d/%m/%Y}"}
    ),
    "OTHER_STATE": lambda p: (
        _("Đợt thanh lọc nay ở bước “%(state)s”, nên không làm việc này được; hãy tải lại trang.")
        % {"state": State(p["state"]).label}
    ),
    "TOO_MANY": lambda p: _("Mỗi đợt có nhiều nhất %(most)d bản.") % p,
    "LOANS_UNKNOWN": lambda p: _loans_unknown(p),
    "ROUNDS_UNKNOWN": lambda p: (
        ngettext(
            "Thư viện mới kết thúc %(known)d đợt kiểm kê, nên không tìm được cho nhiều đợt như vậy.",
            "Thư viện mới kết thúc %(known)d đợt kiểm kê, nên không tìm được cho nhiều đợt như vậy.",
            p["known"],
        )
        % p
    ),
    "NO_SUCH_NUMBER": lambda p: _("Không có bản nào mang số %(number)s.") % p,
    "OTHER_LIBRARY": lambda p: _("Bản %(number)s thuộc thư viện khác.") % p,
    "IN_LIST": lambda p: _("Bản %(number)s đã có trong danh mục “%(name)s”.") % p,
    "IN_SET": lambda p: (
        _(
            "Bản %(number)s thuộc bộ sách luân chuyển “%(name)s” chưa kết thúc, nên không thanh lọc được. Hãy bỏ bản"
            " khỏi bộ, hoặc chờ bộ về."
        )
        % p
    ),
    "BUSY": lambda p: (
        _("Bản %(number)s đang có người mượn, đặt mượn hoặc đang ở nơi khác, nên không thanh lọc được.") % p
    ),
}


def refusal_sentence(refusal: Refused) -> str:
    """Why nothing was done, and what to do instead."""
    plain = _PLAIN.get(refusal.code)
    return str(plain) if plain is not None else _BUILT[refusal.code](refusal.params)


def _loans_unknown(p: Mapping[str, Any]) -> str:
    if p["first"] is None:
        return _("Hệ thống chưa có lượt mượn nào của thư viện này, nên không biết bản nào không có ai mượn.")
    day = p["first"].astimezone(clock.VIETNAM)
    return _("Hệ thống chỉ biết các lượt mượn từ ngày %(day)s, nên không tìm được cho thời gian dài như vậy.") % {
        "day": f"{day:%d/%m/%Y}"
    }


def reason_sentence(piece: Piece) -> str:
    """Why a copy is proposed."""
    if piece.reason == Reason.STATUS:
        return str(ItemStatus(piece.value).label) if piece.value in ItemStatus.values else piece.value
    text = {
        Reason.YEAR: _("Xuất bản trước năm %(value)s"),
        Reason.SURPLUS: _("Bản thừa: nhan đề giữ %(value)s bản"),
        Reason.UNUSED: _("Không ai mượn trong %(value)s năm"),
        Reason.ROUNDS: _("Thiếu ở %(value)s đợt kiểm kê gần nhất"),
    }.get(Reason(piece.reason))
    return text % {"value": piece.value} if text else piece.note


def happening_sentence(one: Happening) -> str:
    """A line of the history."""
    return str(_HAPPENINGS[one.what]) % one.counts if one.what in _HAPPENINGS else one.what


def piece_state(piece: Piece) -> tuple[str, str]:
    """What became of a copy: badge and words."""
    if piece.returned_at:
        return "neutral", _("Đã lấy lại vào kho")
    if piece.not_returned:
        return "neutral", _("Không lấy lại: đã đổi sau khi thanh lọc")
    if piece.withdrawn_at:
        return "done", _("Đã thanh lọc")
    if piece.left_out:
        return "refused", _("Ở lại vì đang có người dùng")
    return ("refused", _("Giữ lại")) if piece.kept_out else ("neutral", _("Trong danh mục"))
