"""Loan rules in words: what a value is called, what it says, where it comes from, and why a loan is due when it is."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from lienthu.loanrules.policy.due import Due
from lienthu.loanrules.policy.resolving import ANY, RuleRef, Value
from lienthu.loanrules.policy.terms import Terms
from lienthu.loanrules.policy.values import AT_ANY_TIME, ATTRIBUTES, NO_LIMIT, Group, Kind, Plain
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.web.tags.filters import vn_number

GROUPS: dict[str, Promise] = {
    Group.LENDING: _lazy("Cho mượn"),
    Group.DUE: _lazy("Thời hạn"),
    Group.LIMITS: _lazy("Giới hạn số lượng"),
    Group.RENEWALS: _lazy("Gia hạn"),
    Group.HOLDS: _lazy("Đặt mượn"),
    Group.OVERDUE: _lazy("Quá hạn"),
}

LABELS: dict[str, Promise] = {
    "lendable": _lazy("Được mượn"),
    "in_library_only": _lazy("Chỉ đọc tại chỗ"),
    "loan_days": _lazy("Số ngày mượn"),
    "fixed_due": _lazy("Hạn trả vào ngày"),
    "fixed_due_how": _lazy("Ngày ấn định là"),
    "closed_day": _lazy("Hạn trả rơi vào ngày đóng cửa"),
    "due_time": _lazy("Trả trước lúc"),
    "max_loans": _lazy("Tổng số được mượn"),
    "max_loans_of_type": _lazy("Số được mượn của loại này"),
    "max_loans_here": _lazy("Số được mượn ở thư viện này"),
    "renewals": _lazy("Số lần gia hạn"),
    "renewal_days": _lazy("Số ngày mỗi lần gia hạn"),
    "renewal_from": _lazy("Gia hạn tính từ"),
    "renewal_opens_days": _lazy("Gia hạn được trước hạn trả"),
    "holds_allowed": _lazy("Được đặt mượn"),
    "max_holds": _lazy("Số đặt mượn cùng lúc"),
    "hold_shelf_days": _lazy("Giữ chờ bạn đọc đến lấy"),
    "fine_per_day": _lazy("Tiền phạt mỗi ngày"),
    "fine_cap": _lazy("Tiền phạt cao nhất"),
    "grace_days": _lazy("Số ngày không tính phạt"),
    "fine_on_closed_days": _lazy("Phạt cả ngày đóng cửa"),
    "overdue_blocks_after_days": _lazy("Quá hạn thì ngừng cho mượn"),
    "debt_limit": _lazy("Nợ quá mức này thì ngừng cho mượn"),
}

CHOICES: dict[tuple[str, str], Promise] = {
    ("fixed_due_how", "EXACT"): _lazy("đúng ngày phải trả"),
    ("fixed_due_how", "NOT_AFTER"): _lazy("ngày muộn nhất"),
    ("fixed_due_how", "NOT_BEFORE"): _lazy("ngày sớm nhất"),
    ("closed_day", "NEXT_OPEN"): _lazy("lùi sang ngày mở cửa kế tiếp"),
    ("closed_day", "PREVIOUS_OPEN"): _lazy("đưa về ngày mở cửa liền trước"),
    ("closed_day", "KEEP"): _lazy("giữ nguyên"),
    ("due_time", "END_OF_DAY"): _lazy("hết ngày"),
    ("due_time", "CLOSING"): _lazy("giờ đóng cửa"),
    ("renewal_from", "DUE"): _lazy("hạn trả đang có"),
    ("renewal_from", "TODAY"): _lazy("ngày gia hạn"),
}

_NO_MONEY: dict[str, Promise] = {
    "fine_per_day": _lazy("không phạt"),
    "fine_cap": _lazy("không giới hạn"),
    "debt_limit": _lazy("không ngừng"),
}


def value_text(name: str, value: Plain) -> str:
    """A value as the table shows it."""
    kind = ATTRIBUTES[name].kind
    if kind == Kind.YES_NO:
        return _("Có") if value else _("Không")
    if kind == Kind.CHOICE:
        return str(CHOICES.get((name, str(value)), value))
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if value is None:
        return _("không ấn định")
    return _number_text(name, int(value), kind)


def _number_text(name: str, number: int, kind: Kind) -> str:
    if kind == Kind.COUNT:
        return _("không giới hạn") if number >= NO_LIMIT else vn_number(number)
    if kind == Kind.MONEY:
        if number == 0:
            return str(_NO_MONEY[name])
        return _("%(amount)s đồng") % {"amount": vn_number(number)}
    if name == "overdue_blocks_after_days":
        return _("không ngừng") if number == 0 else _after(number)
    if name == "renewal_opens_days" and number >= AT_ANY_TIME:
        return _("lúc nào cũng được")
    return ngettext("%(shown)s ngày", "%(shown)s ngày", number) % {"shown": vn_number(number)}


def _after(number: int) -> str:
    return ngettext("sau %(shown)s ngày", "sau %(shown)s ngày", number) % {"shown": vn_number(number)}


def category_name(code: str) -> str:
    """A reader category for people; an unknown one by its code."""
    return _("Mọi bạn đọc") if code == ANY else category_names().get(code, code)


def item_type_name(code: str) -> str:
    """An item type for people; an unknown one by its code."""
    return _("Mọi loại tài liệu") if code == ANY else item_type_names().get(code, code)


def pair_name(category: str, item_type: str) -> str:
    """For whom and for what a row speaks."""
    return f"{category_name(category)} × {item_type_name(item_type)}"


def rule_text(rule: RuleRef | None) -> str:
    """Where a value comes from."""
    if rule is None:
        return _("mặc định của phần mềm")
    values = {
        "place": rule.place_name,
        "pair": pair_name(rule.category, rule.item_type),
        "day": rule.valid_from.strftime("%d/%m/%Y"),
    }
    if rule.valid_from == date.max:
        return _("%(place)s, dòng “%(pair)s”, bản thảo") % values
    return _("%(place)s, dòng “%(pair)s”, áp dụng từ %(day)s") % values


def explain(terms: Terms) -> list[str]:
    """Every value with the rule used, its source, the rules beaten and the lock, one sentence after the other."""
    return [explain_value(name, value) for name, value in terms.values().items()]


def explain_value(name: str, value: Value[Plain]) -> str:
    """The same for one value."""
    values = {"label": LABELS[name], "value": value_text(name, value.value), "rule": rule_text(value.rule)}
    sentences = [_("%(label)s: %(value)s (%(rule)s).") % values]
    if value.rule is not None and value.rule.note:
        sentences.append(_("Căn cứ: %(note)s.") % {"note": value.rule.note.rstrip(".")})
    if value.locked_by is not None:
        sentences.append(_("%(place)s đã khóa giá trị này.") % {"place": value.locked_by.place_name})
    if value.beaten:
        lost = "; ".join(beaten_text(name, rule, lost) for rule, lost in value.beaten)
        sentences.append(_("Không dùng: %(beaten)s.") % {"beaten": lost})
    return " ".join(sentences)


def beaten_text(name: str, rule: RuleRef, value: Plain) -> str:
    """A rule that was beaten, with what it says."""
    return f"{value_text(name, value)} ({rule_text(rule)})"


_STEPS: dict[str, Promise] = {
    "IN_LIBRARY": _lazy("Tài liệu đọc tại chỗ phải trả trong ngày."),
    "FIXED": _lazy("Ngày ấn định của nội quy quyết định hạn trả."),
    "FIXED_PASSED": _lazy("Ngày ấn định của nội quy đã qua nên không còn tác dụng."),
    "BACK_FOR_FIXED": _lazy("Ngày mở cửa kế tiếp muộn hơn ngày ấn định, nên lấy ngày mở cửa liền trước."),
    "NO_DAY_BEFORE": _lazy("Không có ngày mở cửa nào giữa hôm mượn và ngày đó, nên lấy ngày mở cửa kế tiếp."),
    "NO_OPEN_DAY": _lazy("Không thấy ngày mở cửa nào trong một năm tới, nên giữ nguyên ngày đã tính."),
}


def explain_due(due: Due) -> list[str]:
    """How a due date came about: the counted day, what decided otherwise, every day skipped with its reason."""
    sentences = []
    if due.counted is not None and due.counted != due.on:
        sentences.append(_("Tính ra ngày %(day)s.") % {"day": due.counted.strftime("%d/%m/%Y")})
    sentences += [str(_STEPS[step]) for step in due.how]
    if due.skipped:
        days = ", ".join(skipped_text(day, reason) for day, reason in due.skipped)
        sentences.append(_("Bỏ qua: %(days)s.") % {"days": days})
    return sentences


def skipped_text(day: date, reason: str) -> str:
    """A closed day with its reason: "28/11/2026 (nghỉ hằng tuần)"."""
    code, _colon, note = reason.partition(":")
    why = note or {"WEEK": _("nghỉ hằng tuần"), "SEASON": _("nghỉ theo mùa")}.get(code, _("đóng cửa"))
    return f"{day:%d/%m/%Y} ({why})"


def names_text(names: Iterable[str]) -> str:
    """Values by name, in one line."""
    return ", ".join(str(LABELS.get(name, name)) for name in names)
