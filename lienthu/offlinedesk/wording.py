"""Outcomes of events in words: what happened, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.circulation.queries.words import Reason, next_step, reason_sentence
from lienthu.libraries.queries import libraries
from lienthu.offlinedesk.models import Event, EventState

STATE_BADGES = {
    EventState.PENDING: "waiting",
    EventState.DONE: "done",
    EventState.NOTED: "warning",
    EventState.PAST: "neutral",
    EventState.REFUSED: "refused",
    EventState.ASKS: "refused",
}

# code -> (what happened and why, what to do)
_WORDS: dict[str, tuple[Promise, Promise | str]] = {
    "CARD_UNKNOWN": (
        _lazy("Không có thẻ nào mang số này trong mạng lưới, nên chưa ghi lượt mượn cho ai."),
        _lazy("Tìm bạn đọc theo tên rồi ghi mượn lại ở quầy."),
    ),
    "COPY_UNKNOWN": (
        _lazy("Không có bản tài liệu nào mang số này, hoặc nhiều thư viện cùng dùng số này."),
        _lazy("Xem lại số trên sách rồi ghi lại ở quầy."),
    ),
    "HAS_IT_ALREADY": (_lazy("Hệ thống đã ghi cho chính bạn đọc này mượn bản này."), ""),
    "COPY_BARRED": (
        _lazy("Bản này chỉ đọc tại chỗ, đang xử lý nghiệp vụ, hư hỏng hoặc đã thanh lọc, nên chưa ghi lượt mượn."),
        _lazy("Gọi bạn đọc mang sách lại, hoặc đổi tình trạng của bản này rồi ghi mượn ở quầy."),
    ),
    "MOVED_SINCE": (
        _lazy("Sau lúc đó bản này đã có việc khác được ghi ở nơi có mạng; việc mới hơn được giữ."),
        "",
    ),
    "KEPT_FOR_ANOTHER": (
        _lazy("Bản này đang để dành cho bạn đọc khác; sách đã ra khỏi quầy nên vẫn ghi mượn."),
        _lazy("Người đang chờ được đưa lại vào hàng; tìm bản khác cho họ."),
    ),
    "LENT_ELSEWHERE": (
        _lazy("Hệ thống còn ghi bản này cho bạn đọc khác mượn; đã ghi trả lượt đó rồi ghi mượn lại."),
        _lazy("Báo cho bạn đọc trước biết lượt mượn của họ đã kết thúc."),
    ),
    "FOUND_AGAIN": (
        _lazy("Bản này đang ghi là mất hoặc bạn đọc nói đã trả; nay đã thấy."),
        _lazy("Xem lại tiền bồi thường nếu đã thu."),
    ),
    "CARD_REPLACED": (
        _lazy("Thẻ đã đổi trong lúc máy mất mạng; lượt mượn ghi cho chính bạn đọc ấy."),
        _lazy("Thu lại thẻ cũ nếu bạn đọc còn giữ."),
    ),
    "CARD_LOST": (
        _lazy("Thẻ đã báo mất hoặc đã thu lại; sách đã ra khỏi quầy nên vẫn ghi mượn cho chủ thẻ."),
        _lazy("Hỏi chủ thẻ có đúng là họ mượn không; nếu không, ghi mất bản này."),
    ),
    "NOT_LENT_ANY_MORE": (_lazy("Bản này không còn ai mượn, nên không có gì để gia hạn."), ""),
    "HOLD_WAITING": (_lazy("Có bạn đọc đang chờ bản này."), _lazy("Lấy bản này để lên giá chờ.")),
    "SEND_ON": (_lazy("Bản này phải chuyển đi thư viện khác."), _lazy("Để bản này vào chỗ chờ chuyển.")),
    "WAS_NOT_LENT": (_lazy("Không có ai mượn bản này, nên không có gì để ghi trả."), ""),
    "CLOCK_FUTURE": (
        _lazy("Đồng hồ của máy chạy nhanh; việc này ghi theo lúc nhận."),
        _lazy("Đặt lại đồng hồ của máy."),
    ),
    "CLOCK_BEFORE": (
        _lazy("Đồng hồ của máy chạy chậm; việc này ghi theo việc liền trước nó."),
        _lazy("Đặt lại đồng hồ của máy."),
    ),
}
_AGAINST: dict[str, Promise] = {
    "HELD_FOR_ANOTHER": _lazy("Có bạn đọc khác đặt trước; sách đã ra khỏi quầy nên vẫn ghi mượn."),
    "BLOCKED": _lazy("Bạn đọc đang bị ngừng mượn; sách đã ra khỏi quầy nên vẫn ghi mượn."),
    "CARD_EXPIRED": _lazy("Thẻ đã hết hạn; sách đã ra khỏi quầy nên vẫn ghi mượn."),
    "GUARDIAN_MISSING": _lazy("Người giám hộ chưa đồng ý; sách đã ra khỏi quầy nên vẫn ghi mượn."),
    "OVERDUE": _lazy("Bạn đọc có tài liệu quá hạn; sách đã ra khỏi quầy nên vẫn ghi mượn."),
    "NOT_LENDABLE": _lazy("Nội quy không cho nhóm này mượn loại tài liệu này; sách đã ra khỏi quầy nên vẫn ghi mượn."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened and why, and what to do ("": nothing)."""

    text: str
    then: str = ""


def sentences(event: Event) -> list[Sentence]:
    """Everything to say about an event."""
    return [_sentence(str(code), params) for code, params in event.notices]


def _sentence(code: str, params: Mapping[str, Any]) -> Sentence:
    if code == "AGAINST_RULE":
        rule = str(params.get("code", ""))
        known = _AGAINST.get(rule, _lazy("Lượt mượn vượt quá mức của nội quy; sách đã ra khỏi quầy nên vẫn ghi mượn."))
        return Sentence(str(known), _("Nhắc bạn đọc khi họ đến lần sau."))
    if code == "REFUSED":
        reason = Reason(str(params.get("code", "")), params.get("params", {}))
        return Sentence(reason_sentence(reason), next_step(reason))
    if code == "DUE_EARLIER":
        text = _("Quầy hẹn trả ngày %(promised)s, nhưng hạn đúng là %(due)s.")
        days = {name: _day(params.get(name, "")) for name in ("promised", "due")}
        return Sentence(text % days, _("Báo cho bạn đọc hạn đúng."))
    if code == "SEND_ON":
        library = libraries().filter(pk=params.get("library") or 0).first()
        if library is not None:
            text = _("Bản này phải chuyển đến %(library)s.") % {"library": library.name_vi}
            return Sentence(text, str(_WORDS[code][1]))
    if code == "CARD_REPLACED" and params.get("number"):
        text = _("Thẻ đã đổi thành %(number)s; lượt mượn ghi cho chính bạn đọc ấy.") % {"number": params["number"]}
        return Sentence(text, str(_WORDS[code][1]))
    text, then = _WORDS.get(code, (code, ""))
    return Sentence(str(text), str(then))


def _day(text: object) -> str:
    try:
        return date.fromisoformat(str(text)).strftime("%d/%m/%Y")
    except ValueError:
        return str(text)
