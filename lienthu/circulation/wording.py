"""Refusals and results of circulation in words: what, why, by which rule, and what to do next."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from lienthu.circulation.policy import Reason
from lienthu.circulation.policy.targeting import Score
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.web.tags.filters import vn_number

_PLAIN: dict[str, Promise] = {
    "NO_SUCH_COPY": _lazy("Không còn bản tài liệu này trong mục lục."),
    "NO_SUCH_READER": _lazy("Không tìm thấy bạn đọc này."),
    "NO_SUCH_LIBRARY": _lazy("Không tìm thấy thư viện này."),
    "KEY_USED": _lazy("Yêu cầu này đã được dùng cho việc khác; hãy tải lại trang."),
    "HELD_FOR_ANOTHER": _lazy("Bạn đọc khác đang chờ tài liệu này."),
    "ALREADY_BORROWED": _lazy("Bạn đọc đang mượn chính tài liệu này."),
    "ON_LOAN_TO_ANOTHER": _lazy("Bản này đang ghi cho bạn đọc khác mượn."),
    "RETURN_FIRST": _lazy("Bản này chưa được ghi trả."),
    "REFERENCE_ONLY": _lazy("Bản này chỉ đọc tại chỗ."),
    "IN_PROCESS": _lazy("Bản này đang được xử lý nghiệp vụ."),
    "DAMAGED": _lazy("Bản này đã ghi là hư hỏng."),
    "LOST": _lazy("Bản này đã ghi là mất."),
    "MISSING": _lazy("Bản này đã ghi là không thấy trên giá."),
    "WITHDRAWN": _lazy("Bản này đã thanh lọc."),
    "NOT_IN_TRANSIT": _lazy("Bản này không được gửi đến đây."),
    "ALREADY_IN_TRANSIT": _lazy("Bản này đang trên đường chuyển."),
    "NOT_SENDABLE": _lazy("Tình trạng của bản này không cho gửi đi."),
    "SENT_TO_ITSELF": _lazy("Nơi nhận trùng với nơi gửi."),
    "NOT_ON_LOAN": _lazy("Bản này không có ai mượn."),
    "NOT_YOUR_LOAN": _lazy("Lượt mượn này đã kết thúc."),
    "CLAIMED": _lazy("Bạn đọc nói đã trả bản này; thư viện đang tìm."),
    "ALREADY_HELD": _lazy("Bạn đọc đã đặt mượn tài liệu này."),
    "ALREADY_SERVED": _lazy("Tài liệu đã dành cho lượt đặt mượn này."),
    "NO_HOLD": _lazy("Lượt đặt mượn này không còn."),
    "NO_COPY": _lazy("Không có bản nào để cho mượn."),
    "NOBODY_WAITS": _lazy("Không có ai chờ tài liệu này."),
    "ANOTHER_IS_FREE": _lazy("Còn bản khác trên giá cho người đang chờ."),
    "GROUP_EMPTY": _lazy("Chưa có thẻ nào trong danh sách, hoặc số bản bằng không."),
    "ALREADY_SO": _lazy("Bản này đã ghi như vậy rồi."),
    "NOT_MISSING": _lazy("Bản này không ghi là mất hay thất lạc."),
    "BELONGS_ELSEWHERE": _lazy("Bản này thuộc thư viện khác."),
    "GUARDIAN_MISSING": _lazy("Bạn đọc dưới 16 tuổi chưa có người giám hộ đồng ý."),
    "NOT_LENDABLE": _lazy("Loại tài liệu này không cho nhóm của bạn đọc mượn."),
    "HOLDS_NOT_ALLOWED": _lazy("Nhóm của bạn đọc không được đặt mượn loại tài liệu này."),
    "NOTHING_TO_UNDO": _lazy("Không có bước nào để hoàn tác."),
    "CHANGED_SINCE": _lazy("Sau bước đó bản này đã có việc khác, nên không hoàn tác được nữa."),
    "CARD_LOST": _lazy("Thẻ này đã báo mất."),
    "CARD_PENDING": _lazy("Thẻ này chưa được xác nhận tại quầy."),
    "UNKNOWN": _lazy("Không có thẻ, số đăng ký cá biệt hay nhan đề nào như vậy."),
}

# What a desk writes down of a copy that it scans, in the order of how often it does.
MARK_NAMES: dict[str, Promise] = {
    "USE_HERE": _lazy("Đọc tại chỗ"),
    "MARK_DAMAGED": _lazy("Hư hỏng"),
    "MARK_FOUND": _lazy("Đã tìm thấy, đã sửa xong"),
    "CLAIM_RETURNED": _lazy("Bạn đọc nói đã trả"),
    "MARK_MISSING": _lazy("Không thấy trên giá"),
    "MARK_LOST": _lazy("Mất"),
}

_NEXT: dict[str, Promise] = {
    "HELD_FOR_ANOTHER": _lazy("Ghi trả bản này để biết phải để đâu hoặc gửi đi đâu."),
    "ALREADY_BORROWED": _lazy("Muốn giữ thêm thì gia hạn; muốn trả thì chuyển sang chế độ trả."),
    "ON_LOAN_TO_ANOTHER": _lazy("Ghi trả bản này trước rồi ghi mượn lại."),
    "RETURN_FIRST": _lazy("Ghi trả bản này trước rồi ghi mượn lại."),
    "REFERENCE_ONLY": _lazy("Ghi một lượt đọc tại chỗ."),
    "CARD_EXPIRED": _lazy("Gia hạn thẻ ở trang bạn đọc."),
    "GUARDIAN_MISSING": _lazy("Ghi sự đồng ý của người giám hộ ở trang bạn đọc."),
    "TOO_MANY": _lazy("Trả bớt một tài liệu rồi mượn tiếp."),
    "TOO_MANY_OF_TYPE": _lazy("Trả bớt một tài liệu cùng loại rồi mượn tiếp."),
    "TOO_MANY_HERE": _lazy("Trả bớt một tài liệu của thư viện này rồi mượn tiếp."),
    "OVERDUE": _lazy("Trả hoặc gia hạn tài liệu quá hạn trước."),
    "OWES_TOO_MUCH": _lazy("Thu tiền ở trang thu tiền, hoặc miễn có lý do."),
    "NOT_IN_CUSTODY": _lazy("Nếu bản ở ngay quầy này, hãy ghi trả bản trước."),
    "BELONGS_ELSEWHERE": _lazy("Đưa bản này cho cán bộ để gửi về thư viện chủ."),
    "TOO_MANY_HOLDS": _lazy("Hủy bớt một lượt đặt mượn."),
    "UNKNOWN": _lazy("Quét lại, hoặc gõ vài từ của nhan đề hay tên bạn đọc."),
}


def reason_sentence(reason: Reason) -> str:
    """One reason as a sentence."""
    making = _MADE.get(reason.code)
    if making is not None:
        return making(reason.params)
    return str(_PLAIN.get(reason.code, reason.code))


def next_step(reason: Reason) -> str:
    """What to do about it, in a sentence; "" when nothing can be done here."""
    return str(_NEXT.get(reason.code, ""))


def target_sentence(score: Score) -> str:
    """Why this copy is asked for, in the figures that were compared."""
    if not score.handover:
        return _("Bản này ở ngay nơi bạn đọc nhận.")
    way = _("chưa biết đường đi, tính %(km)s km") if not score.known else _("cách %(km)s km")
    parts = [way % {"km": vn_number(round(score.distance))}]
    parts.append(_("chuyển giữa hai thư viện tính thêm %(km)s") % {"km": vn_number(round(score.handover))})
    if score.fairness:
        parts.append(
            _("thư viện này mới gửi đi %(copies)s bản trong 30 ngày, tính thêm chừng ấy")
            % {"copies": vn_number(round(score.fairness))}
        )
    return _("Ít tốn nhất trong các bản còn trên giá: %(parts)s.") % {"parts": "; ".join(parts)}


def rule_sentence(rule: Mapping[str, Any] | None) -> str:
    """Where the value of a refusal comes from."""
    if not rule:
        return _("Nội quy chưa nói gì về việc này: đây là mức mặc định của phần mềm.")
    every = _("mọi nhóm bạn đọc") if rule["category"] == "ANY" else category_names().get(rule["category"])
    kind = _("mọi loại tài liệu") if rule["item_type"] == "ANY" else item_type_names().get(rule["item_type"])
    return _("Nội quy của %(place)s, áp dụng từ %(since)s, dòng “%(category)s × %(type)s”.") % {
        "place": rule.get("place_name") or rule["place"],
        "since": _day(rule["valid_from"]),
        "category": every or rule["category"],
        "type": kind or rule["item_type"],
    }


def _day(text: object) -> str:
    return date.fromisoformat(str(text)).strftime("%d/%m/%Y")


def _blocked(params: Mapping[str, Any]) -> str:
    reason = params.get("reason") or str(_BLOCKS.get(str(params.get("block")), params.get("block", "")))
    if params.get("until"):
        return _("Bạn đọc bị ngừng mượn đến %(until)s: %(reason)s.") % {
            "until": _day(params["until"]),
            "reason": reason,
        }
    return _("Bạn đọc bị ngừng mượn: %(reason)s.") % {"reason": reason}


_BLOCKS = {
    "NO_CARD": _lazy("không có thẻ còn dùng"),
    "CARD_NOT_HONOURED": _lazy("thư viện này chưa nhận thẻ của thư viện khác"),
}


def _not_in_custody(params: Mapping[str, Any]) -> str:
    if not params.get("library"):
        return _("Bản này không ở thư viện gửi.")
    return _("Bản này đang do %(library)s giữ; chỉ nơi đang giữ mới gửi đi được.") % {"library": params["library"]}


_MADE: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "CARD_EXPIRED": lambda p: _("Thẻ hết hạn ngày %(on)s.") % {"on": _day(p["on"])},
    "CARD_REPLACED": lambda p: _("Thẻ này đã thay bằng thẻ %(number)s.") % {"number": p.get("number", "")},
    "BLOCKED": _blocked,
    "NOT_IN_CUSTODY": _not_in_custody,
    "TOO_MANY": lambda p: (
        ngettext(
            "Được mượn nhiều nhất %(most)s tài liệu, đang mượn %(have)s.",
            "Được mượn nhiều nhất %(most)s tài liệu, đang mượn %(have)s.",
            p["most"],
        )
        % p
    ),
    "TOO_MANY_OF_TYPE": lambda p: (
        ngettext(
            "Được mượn nhiều nhất %(most)s tài liệu loại này, đang mượn %(have)s.",
            "Được mượn nhiều nhất %(most)s tài liệu loại này, đang mượn %(have)s.",
            p["most"],
        )
        % p
    ),
    "TOO_MANY_HERE": lambda p: (
        ngettext(
            "Được mượn nhiều nhất %(most)s tài liệu ở thư viện này, đang mượn %(have)s.",
            "Được mượn nhiều nhất %(most)s tài liệu ở thư viện này, đang mượn %(have)s.",
            p["most"],
        )
        % p
    ),
    "TOO_MANY_RENEWALS": lambda p: (
        ngettext(
            "Được gia hạn nhiều nhất %(most)s lần, đã gia hạn %(have)s.",
            "Được gia hạn nhiều nhất %(most)s lần, đã gia hạn %(have)s.",
            p["most"],
        )
        % p
    ),
    "TOO_MANY_HOLDS": lambda p: (
        ngettext(
            "Được đặt mượn cùng lúc nhiều nhất %(most)s tài liệu, đang đặt %(have)s.",
            "Được đặt mượn cùng lúc nhiều nhất %(most)s tài liệu, đang đặt %(have)s.",
            p["most"],
        )
        % p
    ),
    "DUE_SOON": lambda p: _("Bản này vốn phải trả ngày %(due)s, đòi lại không sớm hơn được.") % {"due": _day(p["due"])},
    "NO_CARD_WITH_NUMBER": lambda p: _("Không có thẻ số %(number)s.") % {"number": p.get("number", "")},
    "TOO_SOON": lambda p: _("Chưa đến lúc gia hạn: từ ngày %(day)s mới gia hạn được.") % {"day": _day(p["from"])},
    "NOTHING_GAINED": lambda p: _("Gia hạn lúc này không lùi được hạn trả %(due)s.") % {"due": _day(p["due"])},
    "OWES_TOO_MUCH": lambda p: (
        _("Bạn đọc còn nợ %(owed)s đồng, quá mức %(most)s đồng.")
        % {"owed": vn_number(p["owed"]), "most": vn_number(p["most"])}
    ),
    "OVERDUE": lambda p: (
        ngettext(
            "Có tài liệu quá hạn %(days)s ngày.",
            "Có tài liệu quá hạn %(days)s ngày.",
            p["days"],
        )
        % p
    ),
}
