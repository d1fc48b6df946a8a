"""Words for people: states, reasons, placeholders, what is wrong with a text."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.notices.models import Delivery, KindName, Reason, State, Topic
from lienthu.notices.policy import Fault

_BADGES = {
    State.WAITING: "pending",
    State.SENDING: "running",
    State.SENT: "done",
    State.UNCERTAIN: "warning",
    State.FAILED: "failed",
    State.SKIPPED: "withdrawn",
}
PLACEHOLDERS: dict[str, Promise] = {
    "ban_doc": _lazy("tên bạn đọc"),
    "thu_vien": _lazy("tên thư viện"),
    "tai_lieu": _lazy("nhan đề tài liệu"),
    "han_tra": _lazy("hạn trả"),
    "den_ngay": _lazy("ngày cuối"),
    "so_ngay": _lazy("số ngày quá hạn"),
    "so_the": _lazy("số thẻ"),
}
LEVELS: dict[str, Promise] = {
    "LIBRARY": _lazy("Mẫu riêng của thư viện"),
    "PROVINCE": _lazy("Mẫu chung của tỉnh"),
    "PRODUCT": _lazy("Mẫu có sẵn"),
}


def state_badge(one: Delivery) -> tuple[str, str]:
    """State of a delivery."""
    return _BADGES[State(one.state)], str(State(one.state).label)


def why(one: Delivery) -> str:
    """Why it was not sent, or is not known to have been; with the code of the other side."""
    if not one.reason:
        return ""
    said = str(Reason(one.reason).label)
    return f"{said} ({one.detail})" if one.detail else said


def kind_label(kind: str) -> str:
    return str(KindName(kind).label)


def topic_label(topic: str) -> str:
    return str(Topic(topic).label)


def fault_sentence(fault: Fault) -> str:
    """What is wrong with a text, and what to do."""
    if fault.code == "UNKNOWN":
        return _("Loại thông báo này không có chỗ điền {%(name)s}.") % {"name": fault.value}
    if fault.code == "BRACE":
        return _("Có dấu ngoặc nhọn lẻ hoặc chỗ điền viết sai; hãy viết như {tai_lieu}.")
    if fault.code == "MISSING":
        return _("Cần có chỗ điền {%(name)s} để bạn đọc biết việc gì.") % {"name": fault.value}
    if fault.code == "LONG":
        return _("Dài quá %(most)s chữ.") % {"most": fault.value}
    return _("Cần có nội dung.")
