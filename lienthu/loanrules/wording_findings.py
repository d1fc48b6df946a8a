"""What the lint found, and why a deed was not done, in sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.loanrules.actions import NotPossible
from lienthu.loanrules.policy.lint import Finding, Severity
from lienthu.loanrules.wording import LABELS, rule_text

SEVERITIES: dict[str, tuple[str, Promise]] = {
    Severity.ERROR: ("failed", _lazy("Mâu thuẫn")),
    Severity.WARNING: ("warning", _lazy("Cần chú ý")),
    Severity.INFO: ("info", _lazy("Thông tin")),
}

_FINDINGS: dict[str, Promise] = {
    "UNKNOWN_CATEGORY": _lazy("Không có nhóm bạn đọc nào mang mã này, nên dòng này không bao giờ dùng đến."),
    "UNKNOWN_ITEM_TYPE": _lazy("Không có loại tài liệu nào mang mã này, nên dòng này không bao giờ dùng đến."),
    "LOCKED_ABOVE": _lazy("“%(label)s” không có tác dụng: nơi bên trên đã khóa (%(other)s)."),
    "NEVER_WINS": _lazy("“%(label)s” không bao giờ dùng đến: luôn có dòng khác cụ thể hơn (%(other)s)."),
    "SAME_AS_WIDER": _lazy("“%(label)s” không đổi gì: dòng rộng hơn đã nói như vậy (%(other)s)."),
    "OWN_EXCEPTION": _lazy("“%(label)s” là ngoại lệ của chính giá trị mà nơi này khóa (%(other)s)."),
    "CROSSES": _lazy(
        "“%(label)s”: với bạn đọc này, dòng này thắng dòng nói riêng về loại tài liệu (%(other)s). "
        "Nếu muốn khác, hãy thêm dòng cho cả hai."
    ),
    "NOT_LENDABLE_READ_HERE": _lazy("Vừa không được mượn, vừa chỉ đọc tại chỗ: hãy chọn một."),
    "TYPE_OVER_TOTAL": _lazy("Số được mượn của loại này lớn hơn tổng số được mượn, nên không bao giờ đạt tới."),
    "HERE_OVER_TOTAL": _lazy("Số được mượn ở thư viện này lớn hơn tổng số được mượn, nên không bao giờ đạt tới."),
    "CAP_BELOW_DAY": _lazy("Tiền phạt cao nhất nhỏ hơn tiền phạt của một ngày."),
    "CAP_WITHOUT_FINE": _lazy("Có mức phạt cao nhất nhưng tiền phạt mỗi ngày bằng không."),
    "ZERO_DAYS": _lazy("Được mượn về nhưng số ngày mượn bằng không."),
    "RENEWAL_WITHOUT_DAYS": _lazy("Được gia hạn nhưng mỗi lần gia hạn không thêm ngày nào."),
    "HOLDS_WITHOUT_NUMBER": _lazy("Được đặt mượn nhưng số đặt mượn cùng lúc bằng không."),
    "FIXED_PAST": _lazy("Ngày ấn định đã qua nên không còn tác dụng."),
    "FINE_WITHOUT_SOURCE": _lazy(
        "Có thu tiền phạt nhưng ghi chú chưa nêu căn cứ. Mức thu do Hội đồng nhân dân tỉnh quyết định."
    ),
}


def finding_text(finding: Finding) -> str:
    """One thing that the lint found."""
    label = LABELS.get(finding.attribute, "")
    return str(_FINDINGS[finding.code]) % {"label": label, "other": rule_text(finding.other)}


_NOT_POSSIBLE: dict[str, Promise] = {
    "NO_DRAFT": _lazy("Bản thảo này không còn: đã công bố hoặc đã bỏ."),
    "CHANGED": _lazy("Người khác vừa sửa bản thảo này. Hãy xem lại rồi làm lại; chưa có gì bị ghi đè."),
    "TWICE": _lazy("Bản thảo đã có dòng cho nhóm bạn đọc và loại tài liệu này."),
    "NO_ROW": _lazy("Dòng này không còn trong bản thảo."),
    "EMPTY": _lazy("Hãy điền ít nhất một giá trị."),
    "CODE": _lazy("Mã chỉ gồm chữ hoa không dấu, chữ số và dấu _."),
    "LOCK": _lazy("Chỉ khóa được giá trị mà dòng này nêu ra."),
    "PAST": _lazy("Chỉ công bố được từ hôm nay trở đi: nội quy của những ngày đã qua không đổi."),
    "BEGUN": _lazy("Nội quy này đã được áp dụng nên không rút được. Hãy công bố một bản mới."),
    "SAME": _lazy("Bản thảo không khác nội quy đang áp dụng vào ngày đó."),
}


def not_possible(error: NotPossible) -> str:
    """Why a deed was not done."""
    if error.code == "VALUE":
        return _("“%(label)s” không nhận giá trị này.") % {"label": LABELS.get(str(error.values["name"]), "")}
    return str(_NOT_POSSIBLE[error.code])
