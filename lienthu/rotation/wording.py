"""Refusals, states and history of sets in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.catalogue.queries.desk import ItemStatus
from lienthu.circulation.queries.words import Reason, reason_sentence
from lienthu.rotation.actions import Refused
from lienthu.rotation.models import Happening, Piece, RotationSet, State
from lienthu.rotation.policy import MOST_MONTHS

BADGES = {
    State.DRAFT: "neutral",
    State.SENT: "to_transit",
    State.THERE: "done",
    State.RETURNING: "to_transit",
    State.CLOSED: "neutral",
    State.DISCARDED: "neutral",
}
_HAPPENINGS: dict[str, Promise] = {
    "MADE": _lazy("Lập bộ sách"),
    "CHANGED": _lazy("Sửa thông tin bộ sách"),
    "DISCARDED": _lazy("Bỏ bộ sách"),
    "SCANNED": _lazy("Thêm bớt bản trong bộ: nay có %(listed)s bản"),
    "HANDED_OVER": _lazy("Bàn giao %(sent)s trong %(listed)s bản"),
    "RECEIVED": _lazy("Bên nhận xác nhận %(arrived)s trong %(sent)s bản"),
    "GIVEN_BACK": _lazy("Giao trả %(back)s trong %(arrived)s bản"),
    "CLOSED": _lazy("Thư viện chủ nhận lại %(home)s trong %(sent)s bản; kết thúc"),
    "REMINDED": _lazy("Nhắc trả bộ sách"),
}
_PLAIN: dict[str, Promise] = {
    "NO_POINT": _lazy("Nơi nhận trùng với thư viện chủ: hãy ghi tên điểm luân chuyển, hoặc chọn thư viện khác."),
    "DUE_IN_PAST": _lazy("Hạn trả phải sau ngày hôm nay."),
    "NOTHING_TO_SEND": _lazy("Không bản nào trong bộ đi được; xem lý do từng bản và thêm bản khác."),
}
_BUILT: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "TOO_LONG": lambda p: (
        _("Mỗi điểm giữ một bộ sách không quá %(months)d tháng (Thông tư 05/2022/TT-BVHTTDL): muộn nhất là %(last)s.")
        % {"months": MOST_MONTHS, "last": f"{p['last']:%d/%m/%Y}"}
    ),
    "OTHER_STATE": lambda p: (
        _("Bộ sách nay ở bước “%(state)s”, nên không làm việc này được; hãy tải lại trang.")
        % {"state": State(p["state"]).label}
    ),
    "TOO_MANY": lambda p: _("Mỗi bộ có nhiều nhất %(most)d bản; hãy lập thêm một bộ.") % p,
    "NO_SUCH_NUMBER": lambda p: _("Không có bản nào mang số %(number)s.") % p,
    "NOT_IN_SET": lambda p: (
        _("Bản %(number)s (%(title)s) không thuộc bộ này; hãy ghi trả bản ấy ở quầy lưu thông.") % p
    ),
    "OTHER_LIBRARY": lambda p: _("Bản %(number)s thuộc thư viện khác, không thuộc thư viện chủ của bộ.") % p,
    "OTHER_OWNER": lambda p: _("Bộ “%(name)s” gồm sách của thư viện khác, nên không lập lần đi mới từ bộ ấy được.") % p,
    "IN_OTHER_SET": lambda p: _("Bản %(number)s đang ở trong bộ “%(name)s”.") % p,
    "NOT_AVAILABLE": lambda p: (
        _("Bản %(number)s không ở trên giá: %(status)s.") % {"number": p["number"], "status": _status(p["status"])}
    ),
    "EXPLAIN": lambda p: (
        _("Hãy ghi vì sao thiếu những bản này: %(numbers)s.") % {"numbers": ", ".join(p["numbers"][:20])}
    ),
    "CIRCULATION": lambda p: (
        _("Bản %(number)s: %(why)s")
        % {"number": p["number"], "why": " ".join(reason_sentence(reason) for reason in p["reasons"])}
    ),
}


def refusal_sentence(refusal: Refused) -> str:
    """Why nothing was done, and what to do instead."""
    plain = _PLAIN.get(refusal.code)
    return str(plain) if plain is not None else _BUILT[refusal.code](refusal.params)


def _status(code: str) -> str:
    return str(ItemStatus(code).label) if code in ItemStatus.values else code


def left_out_sentence(codes: str) -> str:
    """Why a copy stayed behind."""
    if codes.startswith("STATUS:"):
        return _("Không ở trên giá: %(status)s.") % {"status": _status(codes.removeprefix("STATUS:"))}
    return " ".join(reason_sentence(Reason(code)) for code in codes.split(",") if code)


def happening_sentence(one: Happening) -> str:
    """A line of the history."""
    return str(_HAPPENINGS[one.what]) % one.counts if one.what in _HAPPENINGS else one.what


def piece_state(one: RotationSet, piece: Piece) -> tuple[str, str]:
    """How far a copy has come: badge and words."""
    if piece.left_out:
        return "refused", _("Không đi theo bộ")
    if piece.home_at:
        return "done", _("Đã về thư viện chủ")
    if piece.back_at:
        return "to_transit", _("Đang trả về")
    if piece.arrived_at:
        away = one.state in (State.RETURNING, State.CLOSED)
        return ("overdue", _("Chưa trả")) if away else ("done", _("Đã nhận"))
    if piece.sent:
        return ("to_transit", _("Chờ nhận")) if one.state == State.SENT else ("overdue", _("Không đến"))
    return "neutral", _("Trong bộ")


def differences(piece: Piece) -> str:
    """Everything that was said about why this copy is missing somewhere."""
    said = [piece.why_not_arrived, piece.why_not_back, piece.why_not_home]
    first = [left_out_sentence(piece.left_out)] if piece.left_out else []
    return " ".join([*first, *(text for text in said if text)])
