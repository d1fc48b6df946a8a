"""Loan rules as a reader reads them: whole sentences, and of an exception only what is different."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.loanrules.policy.resolving import Value
from lienthu.loanrules.policy.values import NO_LIMIT, Plain
from lienthu.web.tags.filters import vn_number

Values = Mapping[str, Value[Plain]]


def sentences(values: Values, *, beside: Values | None = None) -> list[str]:
    """What these values mean for a reader; with `beside` only the sentences that say another thing than there."""
    plain = {name: value.value for name, value in values.items()}
    if beside is None:
        return [said for _names, say in _SAYINGS if (said := say(plain))]
    other = {name: value.value for name, value in beside.items()}
    if not _goes_home(plain) and not _goes_home(other):
        changed = [] if _lending(plain) == _lending(other) else [_lending(plain)]
        return changed
    return [
        said for names, say in _SAYINGS if any(plain[name] != other[name] for name in names) and (said := say(plain))
    ]


def _goes_home(v: Mapping[str, Any]) -> bool:
    return bool(v["lendable"]) and not v["in_library_only"]


def _lending(v: Mapping[str, Any]) -> str:
    if not v["lendable"]:
        return _("Không cho mượn.")
    if v["in_library_only"]:
        return _("Chỉ đọc tại chỗ, trả trong ngày.")
    days = ngettext("%(shown)s ngày", "%(shown)s ngày", v["loan_days"]) % {"shown": vn_number(v["loan_days"])}
    if not isinstance(v["fixed_due"], date):
        return _("Được mượn về %(days)s.") % {"days": days}
    said = {"days": days, "day": v["fixed_due"].strftime("%d/%m/%Y")}
    if v["fixed_due_how"] == "EXACT":
        return _("Được mượn về, trả vào ngày %(day)s.") % said
    if v["fixed_due_how"] == "NOT_AFTER":
        return _("Được mượn về %(days)s, muộn nhất đến ngày %(day)s.") % said
    return _("Được mượn về %(days)s, ít nhất đến ngày %(day)s.") % said


def _limits(v: Mapping[str, Any]) -> str:
    if not _goes_home(v):
        return ""
    said = []
    if v["max_loans"] < NO_LIMIT:
        said.append(_("nhiều nhất %(count)s tài liệu một lúc") % {"count": vn_number(v["max_loans"])})
    if v["max_loans_of_type"] < NO_LIMIT:
        said.append(_("trong đó loại này nhiều nhất %(count)s") % {"count": vn_number(v["max_loans_of_type"])})
    if v["max_loans_here"] < NO_LIMIT:
        said.append(_("ở thư viện này nhiều nhất %(count)s") % {"count": vn_number(v["max_loans_here"])})
    if not said:
        return _("Số tài liệu mượn một lúc không giới hạn.")
    return _("Mượn %(limits)s.") % {"limits": ", ".join(said)}


def _renewals(v: Mapping[str, Any]) -> str:
    if not _goes_home(v):
        return ""
    if not v["renewals"]:
        return _("Không gia hạn.")
    times = ngettext("%(shown)s lần", "%(shown)s lần", v["renewals"]) % {"shown": vn_number(v["renewals"])}
    days = ngettext("%(shown)s ngày", "%(shown)s ngày", v["renewal_days"]) % {"shown": vn_number(v["renewal_days"])}
    return _("Gia hạn được %(times)s, mỗi lần %(days)s, khi không có bạn đọc khác đang chờ.") % {
        "times": times,
        "days": days,
    }


def _holds(v: Mapping[str, Any]) -> str:
    if not v["lendable"]:
        return ""
    if not v["holds_allowed"] or not v["max_holds"]:
        return _("Không đặt mượn trước.")
    said = {"count": vn_number(v["max_holds"]), "days": vn_number(v["hold_shelf_days"])}
    if v["max_holds"] >= NO_LIMIT:
        return _("Đặt mượn trước được; sách về thì giữ chờ bạn %(days)s ngày.") % said
    return _("Đặt mượn trước nhiều nhất %(count)s tài liệu; sách về thì giữ chờ bạn %(days)s ngày.") % said


def _closed_days(v: Mapping[str, Any]) -> str:
    if not _goes_home(v):
        return ""
    return {
        "NEXT_OPEN": _("Hạn trả rơi vào ngày đóng cửa thì lùi sang ngày mở cửa kế tiếp."),
        "PREVIOUS_OPEN": _("Hạn trả rơi vào ngày đóng cửa thì đưa về ngày mở cửa liền trước."),
    }.get(str(v["closed_day"]), "")


def _fines(v: Mapping[str, Any]) -> str:
    if not v["fine_per_day"]:
        return _("Trả muộn không bị phạt tiền.")
    said = _("Trả muộn: %(amount)s đồng mỗi ngày") % {"amount": vn_number(v["fine_per_day"])}
    if v["grace_days"]:
        said += _(", không tính %(days)s ngày đầu") % {"days": vn_number(v["grace_days"])}
    if v["fine_cap"]:
        said += _(", nhiều nhất %(amount)s đồng") % {"amount": vn_number(v["fine_cap"])}
    return said + "."


def _stops(v: Mapping[str, Any]) -> str:
    after = v["overdue_blocks_after_days"]
    if not after:
        return ""
    return _("Quá hạn từ %(days)s ngày thì tạm ngừng cho mượn đến khi trả.") % {"days": vn_number(after)}


# The values that each sentence is made of.
_LENDING = ("lendable", "in_library_only", "loan_days", "fixed_due", "fixed_due_how")
_SAYINGS: tuple[tuple[tuple[str, ...], Callable[[Mapping[str, Any]], str]], ...] = (
    (_LENDING, _lending),
    (("max_loans", "max_loans_of_type", "max_loans_here"), _limits),
    (("renewals", "renewal_days"), _renewals),
    (("holds_allowed", "max_holds", "hold_shelf_days"), _holds),
    (("closed_day",), _closed_days),
    (("fine_per_day", "fine_cap", "grace_days"), _fines),
    (("overdue_blocks_after_days",), _stops),
)
