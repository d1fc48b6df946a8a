"""Money in words: what an entry is, why a charge was made, why something was refused."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.fees.actions import Refused
from lienthu.fees.models import ChargeKind
from lienthu.web.tags.filters import vn_number

_PLAIN: dict[str, Promise] = {
    "KEY_USED": _lazy("Yêu cầu này đã được dùng cho việc khác; hãy tải lại trang."),
    "NOTHING_OWED": _lazy("Bạn đọc không nợ khoản nào ở thư viện này."),
    "NO_OPEN_DRAWER": _lazy("Chưa mở ngăn kéo tiền. Mở ngăn kéo rồi thu hoặc chi tiền mặt."),
    "DRAWER_OPEN_ALREADY": _lazy("Ngăn kéo của bạn ở thư viện này đang mở."),
    "DRAWER_CLOSED": _lazy("Ngăn kéo này đã đóng."),
    "REASON_NEEDED": _lazy("Hãy ghi lý do."),
    "NO_SUCH_ENTRY": _lazy("Không có bút toán nào như vậy để hủy."),
    "REVERSED_ALREADY": _lazy("Bút toán này đã được hủy rồi."),
    "CHANGED_SINCE": _lazy("Khoản đã thu nay đã hủy, nên không hủy được lần thu; hãy hoàn tiền thừa."),
    "DEPOSIT_PAID": _lazy("Tiền đặt cọc này đã nộp; hãy trả đặt cọc thay vì hủy."),
    "PAID_ALREADY": _lazy("Lần chuyển khoản này đã ghi thu."),
    "NOT_A_PERSON": _lazy("Ngăn kéo tiền phải do một người mở."),
    "IN_THE_PAST": _lazy("Bảng giá không áp dụng ngược về ngày đã qua."),
    "BASIS_NEEDED": _lazy("Hãy ghi văn bản cho phép thu."),
    "BEFORE_ITS_BASIS": _lazy("Bảng giá không thể có trước văn bản cho phép thu."),
}

_MADE: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "TOO_MUCH": lambda p: _("Nhiều hơn số còn nợ: %(owed)s đồng.") % {"owed": vn_number(p["owed"])},
    "NOT_SO_MUCH_HELD": lambda p: (
        _("Thư viện chỉ đang giữ %(held)s đồng của bạn đọc.") % {"held": vn_number(p["held"])}
    ),
    "NOT_ENOUGH_CASH": lambda p: _("Ngăn kéo thiếu %(missing)s đồng để chi.") % {"missing": vn_number(p["missing"])},
    "DIFFERENCE_NEEDS_NOTE": lambda p: (
        _("Sổ ghi %(expected)s đồng, đếm được %(counted)s đồng. Đếm lại, hoặc ghi lý do chênh lệch rồi đóng.")
        % {"expected": vn_number(p["expected"]), "counted": vn_number(p["counted"])}
    ),
}

DOUBTS: dict[str, Promise] = {
    "NO_REFERENCE": _lazy("Nội dung không có mã của khoản thu."),
    "OTHER_AMOUNT": _lazy("Số tiền khác với số đã yêu cầu."),
    "PAID_BEFORE": _lazy("Yêu cầu này đã được ghi thu trước đó."),
    "TOO_MUCH": _lazy("Bạn đọc nay nợ ít hơn số đã chuyển."),
    "NOTHING_OWED": _lazy("Bạn đọc không còn nợ khoản nào."),
}


def refusal_sentence(refusal: Refused) -> str:
    """Why nothing was booked."""
    making = _MADE.get(refusal.code)
    return making(refusal.params) if making else str(_PLAIN.get(refusal.code, refusal.code))


def money(amount: int) -> str:
    """An amount with its currency."""
    return _("%(amount)s đồng") % {"amount": vn_number(amount)}


def kind_name(kind: str) -> str:
    """What a charge is for, in a word."""
    return str(ChargeKind(kind).label)


def because_sentences(facts: Mapping[str, Any]) -> list[str]:
    """Why a charge was made: the book, the days, the rule; short ones first."""
    lines = []
    if facts.get("title"):
        lines.append(_("“%(title)s”, số %(number)s.") % {"title": facts["title"], "number": facts.get("number", "")})
    if facts.get("what"):
        lines.append(str(facts["what"]))
    if facts.get("price"):
        name = facts.get("price_en") if get_language() == "en" else facts["price"]
        lines.append(_("Theo bảng giá: %(name)s.") % {"name": name or facts["price"]})
    if "charged" in facts:
        lines += _fine(facts)
    return lines


def _fine(facts: Mapping[str, Any]) -> list[str]:
    late = ngettext("Hạn trả %(due)s, quá %(late)s ngày.", "Hạn trả %(due)s, quá %(late)s ngày.", facts["late"]) % {
        "due": _day(facts["due"]),
        "late": vn_number(facts["late"]),
    }
    free = [
        ngettext("%(days)s ngày đóng cửa", "%(days)s ngày đóng cửa", facts["closed"]) % {"days": facts["closed"]}
        if facts["closed"]
        else "",
        ngettext("%(days)s ngày được bỏ qua", "%(days)s ngày được bỏ qua", facts["grace"]) % {"days": facts["grace"]}
        if facts["grace"]
        else "",
    ]
    lines = [late]
    if any(free):
        lines.append(_("Không tính: %(what)s.") % {"what": ", ".join(filter(None, free))})
    lines.append(
        ngettext("Tính %(days)s ngày × %(rate)s đồng.", "Tính %(days)s ngày × %(rate)s đồng.", facts["charged"])
        % {"days": vn_number(facts["charged"]), "rate": vn_number(facts["per_day"])}
    )
    if facts.get("capped"):
        lines.append(_("Dừng ở mức cao nhất của nội quy."))
    rule = facts.get("rule")
    if rule:
        lines.append(
            _("Nội quy mượn của %(place)s, áp dụng từ %(since)s.")
            % {"place": rule["place"], "since": _day(rule["valid_from"])}
        )
    return lines


def _day(text: object) -> str:
    return date.fromisoformat(str(text)).strftime("%d/%m/%Y")
