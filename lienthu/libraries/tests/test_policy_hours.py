from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from lienthu.libraries import wording
from lienthu.libraries.policy.holidays import makeup_days, public_holidays
from lienthu.libraries.policy.hours import (
    Closed,
    DayException,
    Open,
    SeasonPattern,
    Span,
    Timetable,
    Why,
    is_open,
    next_open_day,
    next_opening,
    open_days,
    plan_day,
)

VN = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING, AFTERNOON = Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17))
WORKDAY = (MORNING, AFTERNOON)
OFFICE = Timetable(week=(WORKDAY,) * 5 + ((), ()))


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VN)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 16), "Nghỉ lễ Giao thừa Tết Nguyên Đán"),
        (date(2026, 2, 17), "Nghỉ lễ Tết Nguyên Đán"),
        (date(2026, 2, 20), "Nghỉ lễ Mùng bốn Tết Nguyên Đán"),
        (date(2027, 2, 5), "Nghỉ lễ Giao thừa Tết Nguyên Đán"),
        (date(2027, 2, 8), "Nghỉ lễ Mùng ba Tết Nguyên Đán"),
        (date(2027, 2, 10), "Nghỉ lễ Mùng năm Tết Nguyên Đán"),
        (date(2026, 9, 1), "Nghỉ lễ Quốc khánh"),
        (date(2026, 9, 2), "Nghỉ lễ Quốc khánh"),
        (date(2027, 9, 2), "Nghỉ lễ Quốc khánh"),
        (date(2026, 11, 24), "Nghỉ lễ Ngày Văn hóa Việt Nam"),
        (date(2026, 8, 31), "Nghỉ hoán đổi, làm bù ngày 22/08/2026"),
    ],
)
def test_a_public_holiday_is_closed_and_says_which(day: date, name: str) -> None:
    plan = plan_day(OFFICE, day)
    assert (plan.spans, plan.why) == ((), Why.HOLIDAY)
    assert wording.reason(plan) == name


def test_24_november_was_no_holiday_before_2026() -> None:
    assert date(2025, 11, 24) not in public_holidays(2025)
    assert plan_day(OFFICE, date(2025, 11, 24)).spans == WORKDAY


def test_the_saturday_worked_for_a_swapped_day_has_the_hours_of_that_day() -> None:
    assert makeup_days(2026) == {date(2026, 8, 22): date(2026, 8, 31)}
    plan = plan_day(OFFICE, date(2026, 8, 22))
    assert (plan.spans, plan.why, wording.reason(plan)) == (WORKDAY, Why.MAKEUP, "Làm bù cho ngày 31/08/2026")
    assert plan_day(OFFICE, date(2026, 8, 15)).spans == ()


def test_a_library_open_on_holidays_ignores_them_and_their_swaps() -> None:
    always = Timetable(week=OFFICE.week, closed_on_holidays=False)
    assert plan_day(always, date(2026, 9, 2)).spans == WORKDAY
    assert plan_day(always, date(2026, 8, 22)).spans == ()


def test_open_now_until_noon_and_closed_at_the_very_minute() -> None:
    now = is_open(OFFICE, at(2026, 11, 23, 11, 29))
    assert isinstance(now, Open)
    assert now.until == time(11, 30)
    closed = is_open(OFFICE, at(2026, 11, 23, 11, 30))
    assert isinstance(closed, Closed)
    assert closed.later == AFTERNOON
    assert isinstance(is_open(OFFICE, at(2026, 11, 23, 7, 30)), Open)


def test_the_next_opening_after_tet_is_the_first_working_day() -> None:
    # Friday afternoon before Tết 2026: Saturday and Sunday, then the holidays until Friday, then a weekend.
    assert next_opening(OFFICE, at(2026, 2, 13, 17, 0)) == at(2026, 2, 23, 7, 30)


def test_the_next_opening_is_later_today_when_there_is_one() -> None:
    assert next_opening(OFFICE, at(2026, 11, 23, 12, 0)) == at(2026, 11, 23, 13, 30)
    assert next_opening(OFFICE, at(2026, 11, 23, 7, 30)) == at(2026, 11, 23, 13, 30)


def test_nothing_opens_where_no_hours_are_known() -> None:
    unknown = Timetable(week=None)
    closed = is_open(unknown, at(2026, 11, 23, 9, 0))
    assert isinstance(closed, Closed)
    assert closed.plan.why is Why.UNKNOWN
    assert next_opening(unknown, at(2026, 11, 23, 9, 0)) is None


def test_a_season_may_pass_new_year() -> None:
    winter = SeasonPattern(name="Giờ đông", start=(11, 1), end=(2, 28), week=((AFTERNOON,),) * 7)
    table = Timetable(week=OFFICE.week, seasons=(winter,))
    assert plan_day(table, date(2026, 12, 30)).spans == (AFTERNOON,)
    assert plan_day(table, date(2027, 1, 14)).note == "Giờ đông"
    assert plan_day(table, date(2026, 10, 30)).spans == WORKDAY


def test_an_exception_beats_holiday_and_week() -> None:
    special = DayException(date(2026, 9, 2), date(2026, 9, 2), (MORNING,), "Trưng bày sách ngày Quốc khánh")
    closed = DayException(date(2026, 11, 23), date(2026, 11, 24), (), "Kiểm kê kho")
    table = Timetable(week=OFFICE.week, exceptions=(special, closed))
    assert plan_day(table, date(2026, 9, 2)).spans == (MORNING,)
    assert wording.reason(plan_day(table, date(2026, 11, 24))) == "Kiểm kê kho"
    assert next_opening(table, at(2026, 11, 23, 6, 0)) == at(2026, 11, 25, 7, 30)


def test_open_days_leave_out_weekends_and_holidays() -> None:
    days = [plan.day for plan in open_days(OFFICE, date(2026, 8, 28), date(2026, 9, 4))]
    assert days == [date(2026, 8, 28), date(2026, 9, 3), date(2026, 9, 4)]


def test_a_due_day_moves_to_the_next_open_day() -> None:
    assert next_open_day(OFFICE, date(2026, 2, 16)) == date(2026, 2, 23)
    assert next_open_day(OFFICE, date(2026, 11, 23)) == date(2026, 11, 23)
