"""What the rules decide, in words for people. The rules themselves (policy/) know no language."""

from datetime import date, datetime, time

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthu.libraries.models import Branch, Library, LibraryService, Service, Unit
from lienthu.libraries.policy.codes import MAX_LENGTH, CodeFault
from lienthu.libraries.policy.hours import Closed, DayPlan, Open, Span, Why
from lienthu.libraries.policy.lifecycle import Fault
from lienthu.libraries.policy.rollup import Obstacle, Rule

# ISO 639-3: the languages of the peoples of the province and its neighbours, in which collections are kept apart.
COLLECTION_LANGUAGES = (
    "tyz",
    "nut",
    "ium",
    "hmn",
    "mlc",
    "pha",
    "lbt",
    "nuo",
    "pcc",
    "lzh",
    "fra",
    "eng",
    "zho",
    "rus",
)


def is_english() -> bool:
    """Does the reader read English?"""
    return (get_language() or "vi").startswith("en")


def name_of(thing: Library | Service) -> str:
    """The name in the reader's language; Vietnamese where there is no other."""
    return thing.name_en if is_english() and thing.name_en else thing.name_vi


def branch_name(branch: Branch) -> str:
    return branch.name_en if is_english() and branch.name_en else branch.name_vi


def service_name(offer: LibraryService) -> str:
    return name_of(offer.service)


def language_name(code: str) -> str:
    """The name of the language of a collection."""
    names = {
        "tyz": _("Tày"),
        "nut": _("Nùng"),
        "ium": _("Dao"),
        "hmn": _("Mông"),
        "mlc": _("Cao Lan"),
        "pha": _("Pà Thẻn"),
        "lbt": _("La Chí"),
        "nuo": _("Lô Lô"),
        "pcc": _("Giáy"),
        "lzh": _("Hán Nôm"),
        "fra": _("Pháp"),
        "eng": _("Anh"),
        "zho": _("Trung Quốc"),
        "rus": _("Nga"),
    }
    return names.get(code, code)


def unit_path(unit: Unit | None) -> str:
    """The unit with those above it: "Xã Tân Trào, Tỉnh Tuyên Quang"."""
    names = []
    while unit is not None:
        names.append(unit.full_name)
        unit = unit.parent
    return ", ".join(names)


def code_fault(fault: CodeFault) -> str:
    return {
        CodeFault.EMPTY: _("Hãy nhập mã thư viện."),
        CodeFault.PREFIX: _("Mã phải bắt đầu bằng VN- (chữ hoa)."),
        CodeFault.TOO_LONG: _("Mã dài nhất %(count)d ký tự.") % {"count": MAX_LENGTH},
        CodeFault.CHARACTER: _("Mã chỉ gồm chữ cái La-tinh không dấu, chữ số và các dấu - / :"),
        CodeFault.EDGE: _("Sau VN- phải là chữ cái hoặc chữ số, và mã không kết thúc bằng dấu."),
        CodeFault.DOUBLE_SEPARATOR: _("Hai dấu - / : không đứng liền nhau."),
    }[fault]


def event_fault(fault: Fault) -> str:
    return {
        Fault.NOT_POSSIBLE_NOW: _("Thư viện đang ở trạng thái không thể có sự kiện này."),
        Fault.SUCCESSOR_REQUIRED: _("Hãy chọn thư viện kế thừa: mã cũ phải dẫn đến một nơi."),
        Fault.SUCCESSOR_NOT_ALLOWED: _("Sự kiện này không có thư viện kế thừa."),
        Fault.SUCCESSOR_IS_ITSELF: _("Thư viện không thể kế thừa chính nó."),
        Fault.SUCCESSOR_LEADS_BACK: _("Thư viện kế thừa đã chọn lại dẫn về chính thư viện này."),
        Fault.BEFORE_LAST_EVENT: _("Ngày này sớm hơn sự kiện gần nhất đã ghi."),
        Fault.IN_THE_FUTURE: _("Chỉ ghi nhận sự kiện đã có hiệu lực, không ghi ngày trong tương lai."),
        Fault.NAME_REQUIRED: _("Hãy nhập tên mới."),
    }[fault]


def obstacle(value: Obstacle) -> str:
    return {
        Obstacle.UNKNOWN_UNIT: _("Không có đơn vị nào mang mã này vào ngày đó."),
        Obstacle.TOO_COARSE: _("Số liệu ở cấp cao hơn, không chia xuống được nếu không đoán."),
        Obstacle.NO_SUCCESSOR: _("Nguồn dữ liệu không ghi đơn vị kế tiếp."),
    }[value]


def division_rule(value: Rule) -> str:
    return {
        Rule.MEASURED_SHARES: _("Chia theo tỷ lệ đã đo; tổng được giữ nguyên."),
        Rule.WHOLE_TO_MAIN: _(
            "Chưa đo tỷ lệ từng phần nên tính trọn cho đơn vị nhận chính; không đơn vị nào tính hai lần."
        ),
    }[value]


def weekday_name(weekday: int) -> str:
    """Monday is 0."""
    return [
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    ][weekday]


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def clock_time(value: time) -> str:
    return value.strftime("%H:%M")


def spans(values: tuple[Span, ...]) -> str:
    """ "07:30–11:30, 13:30–17:00"; a word when closed."""
    if not values:
        return _("Đóng cửa")
    return ", ".join(f"{clock_time(s.opens)}–{clock_time(s.closes)}" for s in values)


def reason(plan: DayPlan) -> str:
    """Why the hours of this day are what they are; empty for an ordinary day."""
    if plan.why is Why.HOLIDAY and plan.holiday is not None:
        holiday = plan.holiday
        if holiday.worked_on is not None:
            return _("Nghỉ hoán đổi, làm bù ngày %(day)s") % {"day": day(holiday.worked_on)}
        name = holiday.name_en if is_english() else holiday.name_vi
        return _("Nghỉ lễ %(name)s") % {"name": name}
    if plan.why is Why.MAKEUP and plan.makeup_for is not None:
        return _("Làm bù cho ngày %(day)s") % {"day": day(plan.makeup_for)}
    if plan.why is Why.UNKNOWN:
        return _("Thư viện chưa công bố giờ mở cửa")
    return plan.note if plan.why in (Why.EXCEPTION, Why.SEASON) else ""


def state_now(now: Open | Closed, next_opening: datetime | None) -> str:
    """One sentence: open until when, or closed, why, and open again when."""
    if isinstance(now, Open):
        return _("Đang mở cửa đến %(time)s") % {"time": clock_time(now.until)}
    if now.plan.why is Why.UNKNOWN:
        return reason(now.plan)
    why = reason(now.plan) if not now.plan.spans else ""
    closed = _("Đang đóng cửa (%(reason)s)") % {"reason": why} if why else _("Đang đóng cửa")
    if next_opening is None:
        return closed
    return _("%(closed)s, mở lại lúc %(when)s") % {
        "closed": closed,
        "when": moment(next_opening, today=now.plan.day),
    }


def moment(value: datetime, *, today: date) -> str:
    """A moment soon to come: "13:30 hôm nay", "07:30 thứ Hai 23/11/2026"."""
    if value.date() == today:
        return _("%(time)s hôm nay") % {"time": clock_time(value.time())}
    if (value.date() - today).days == 1:
        return _("%(time)s ngày mai") % {"time": clock_time(value.time())}
    weekday = weekday_name(value.weekday())
    weekday = weekday if is_english() else weekday[0].lower() + weekday[1:]
    return _("%(time)s %(weekday)s %(day)s") % {
        "time": clock_time(value.time()),
        "weekday": weekday,
        "day": day(value.date()),
    }
