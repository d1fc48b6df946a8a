"""Stock-taking in words."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.stocktaking.actions.refusals import Refused
from lienthu.stocktaking.models import State
from lienthu.stocktaking.policy import Group, Outcome
from lienthu.stocktaking.queries import Line
from lienthu.web.tags.filters import vn_number

BADGES: dict[object, str] = {
    State.COUNTING: "running",
    State.CLOSING: "running",
    State.CLOSED: "done",
    State.RETURNING: "running",
    State.RETURNED: "withdrawn",
    State.DISCARDED: "neutral",
}

GROUPS: dict[Group, Promise] = {
    Group.MATCH: _lazy("Khớp"),
    Group.SURPLUS: _lazy("Thừa"),
    Group.WRONG_PLACE: _lazy("Sai kho"),
    Group.MISSING: _lazy("Thiếu"),
}

GROUP_BADGES: dict[Group, str] = {
    Group.MATCH: "available",
    Group.SURPLUS: "warning",
    Group.WRONG_PLACE: "pending",
    Group.MISSING: "refused",
}

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.FOUND: _lazy("Có trên giá"),
    Outcome.FOUND_AGAIN: _lazy("Đã ghi mất hoặc thất lạc, nay thấy lại"),
    Outcome.ON_LOAN: _lazy("Bạn đọc đang mượn"),
    Outcome.ELSEWHERE: _lazy("Đang chuyển, chờ bạn đọc lấy hoặc đang xử lý"),
    Outcome.MOVED_SINCE: _lazy("Vừa qua quầy sau khi bắt đầu kiểm kê"),
    Outcome.LOAN_BUT_HERE: _lazy("Ghi là đang cho mượn nhưng có trên giá"),
    Outcome.STATE_DIFFERS: _lazy("Ghi là đang chuyển, chờ lấy hoặc đã trả, nhưng có trên giá"),
    Outcome.MISPLACED: _lazy("Của thư viện nhưng không thuộc phần đang kiểm"),
    Outcome.WRONG_SHELF: _lazy("Để khác điểm phục vụ hoặc giá ghi trong mục lục"),
    Outcome.OTHER_LIBRARY: _lazy("Của thư viện khác"),
    Outcome.WITHDRAWN_HERE: _lazy("Đã thanh lọc mà còn trên giá"),
    Outcome.UNKNOWN: _lazy("Không có bản nào mang số này"),
    Outcome.MISSING: _lazy("Không thấy trên giá"),
    Outcome.STILL_MISSING: _lazy("Đã ghi mất hoặc thất lạc, vẫn không thấy"),
}

ADVICE: dict[Outcome, Promise] = {
    Outcome.LOAN_BUT_HERE: _lazy("Ghi trả ở quầy lưu thông."),
    Outcome.STATE_DIFFERS: _lazy("Ghi trả ở quầy lưu thông."),
    Outcome.MISPLACED: _lazy("Đưa về đúng kho."),
    Outcome.WRONG_SHELF: _lazy("Đưa về đúng chỗ, hoặc sửa chỗ của bản trong mục lục."),
    Outcome.OTHER_LIBRARY: _lazy("Ghi trả ở quầy để gửi về thư viện chủ."),
    Outcome.WITHDRAWN_HERE: _lazy("Lấy khỏi giá, hoặc khôi phục bản trong mục lục."),
    Outcome.UNKNOWN: _lazy("Xem lại nhãn; nếu là bản chưa biên mục thì biên mục."),
}

_REFUSALS: dict[str, Callable[[Refused], str]] = {
    "OTHER_STATE": lambda one: (
        _("Đợt kiểm kê đang ở tình trạng “%(state)s”, nên không làm được việc này.")
        % {"state": State(str(one.params["state"])).label}
    ),
    "OTHER_BRANCH": lambda one: _("Điểm phục vụ này thuộc thư viện khác."),
    "NOTHING_TO_COUNT": lambda one: _("Không có bản nào mang số đăng ký cá biệt ở nơi này. Hãy xem lại kho, giá."),
    "TOO_MUCH": lambda one: (
        _("Một đợt kiểm nhiều nhất %(most)s bản. Hãy chia theo điểm phục vụ hoặc kho.")
        % {"most": vn_number(int(str(one.params["most"])))}
    ),
    "TOO_MANY_NUMBERS": lambda one: (
        _("Mỗi lần gửi nhiều nhất %(most)s số. Hãy chia danh sách.") % {"most": vn_number(int(str(one.params["most"])))}
    ),
    "NUMBER_TOO_LONG": lambda one: (
        _("Một số dài hơn %(most)s ký tự. Mỗi dòng chỉ ghi một số đăng ký cá biệt.") % {"most": one.params["most"]}
    ),
    "NOT_SCANNED": lambda one: _("Số %(number)s chưa được quét trong đợt này.") % {"number": one.params["number"]},
    "NOT_EXPECTED": lambda one: _("Bản này không thuộc phần đang kiểm."),
}


def refusal_sentence(refused: Refused) -> str:
    """Why, and what to do."""
    return _REFUSALS[refused.code](refused)


def misplaced_sentence(line: Line) -> str:
    """Where a copy stood and where it belongs; "" for one that stood right."""
    if line.outcome != Outcome.WRONG_SHELF:
        return ""
    found = ", ".join(filter(None, (line.scanned_branch, line.scanned_place)))
    right = ", ".join(filter(None, (line.branch, line.shelf)))
    return _("Để ở %(found)s; chỗ đúng: %(right)s") % {"found": found, "right": right}
