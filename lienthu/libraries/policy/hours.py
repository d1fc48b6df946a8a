"""Opening hours: when is a library open, and if not, why not and when again.

Order of precedence for one day: an exception written for that day; a public holiday (or the weekend day that is
worked in its place); the season of the year; the ordinary week. Times are local (Asia/Ho_Chi_Minh).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lienthu.libraries.policy.holidays import Holiday, makeup_days, public_holidays

HORIZON_DAYS = 370


@dataclass(frozen=True, order=True)
class Span:
    """Open from `opens` until just before `closes`, within one day."""

    opens: time
    closes: time


Week = tuple[tuple[Span, ...], ...]  # seven days, Monday first
CLOSED_WEEK: Week = ((),) * 7


@dataclass(frozen=True)
class SeasonPattern:
    """The week from (month, day) to (month, day) of every year, both included; it may pass New Year."""

    name: str
    start: tuple[int, int]
    end: tuple[int, int]
    week: Week

    def holds(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.start <= self.end:
            return self.start <= here <= self.end
        return here >= self.start or here <= self.end


@dataclass(frozen=True)
class DayException:
    """Days with hours of their own; no span means closed."""

    first: date
    last: date
    spans: tuple[Span, ...]
    reason: str


@dataclass(frozen=True)
class Timetable:
    """Everything that decides the hours of one place. `week` None: nobody has entered hours yet."""

    week: Week | None
    seasons: tuple[SeasonPattern, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    closed_on_holidays: bool = True


class Why(StrEnum):
    """What decided the hours of a day."""

    WEEK = "WEEK"
    SEASON = "SEASON"
    HOLIDAY = "HOLIDAY"
    MAKEUP = "MAKEUP"
    EXCEPTION = "EXCEPTION"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class DayPlan:
    """The hours of one day and what decided them. `note`: the exception's reason or the season's name."""

    day: date
    spans: tuple[Span, ...]
    why: Why
    note: str = ""
    holiday: Holiday | None = None
    makeup_for: date | None = None


@dataclass(frozen=True)
class Open:
    """Open now, until `until`."""

    until: time
    plan: DayPlan


@dataclass(frozen=True)
class Closed:
    """Not open now. `later` is the next span of the same day, if any."""

    plan: DayPlan
    later: Span | None = None


def plan_day(timetable: Timetable, day: date) -> DayPlan:
    """Return the hours of one day with their reason."""
    found = [e for e in timetable.exceptions if e.first <= day <= e.last]
    if found:
        spans = tuple(sorted({span for e in found for span in e.spans}))
        return DayPlan(day=day, spans=spans, why=Why.EXCEPTION, note=found[-1].reason)
    if timetable.week is None:
        return DayPlan(day=day, spans=(), why=Why.UNKNOWN)
    holiday = public_holidays(day.year).get(day)
    if holiday and timetable.closed_on_holidays:
        return DayPlan(day=day, spans=(), why=Why.HOLIDAY, holiday=holiday)
    ordinary = _pattern_day(timetable, day, weekday=day.weekday())
    worked_for = makeup_days(day.year).get(day)
    if worked_for and timetable.closed_on_holidays and not ordinary.spans:
        swapped = _pattern_day(timetable, day, weekday=worked_for.weekday())
        return DayPlan(day=day, spans=swapped.spans, why=Why.MAKEUP, makeup_for=worked_for)
    return ordinary


def _pattern_day(timetable: Timetable, day: date, *, weekday: int) -> DayPlan:
    for season in timetable.seasons:
        if season.holds(day):
            return DayPlan(day=day, spans=season.week[weekday], why=Why.SEASON, note=season.name)
    week = timetable.week or CLOSED_WEEK
    return DayPlan(day=day, spans=week[weekday], why=Why.WEEK)


def is_open(timetable: Timetable, at: datetime) -> Open | Closed:
    """Decide for one local moment."""
    plan = plan_day(timetable, at.date())
    clock = at.time().replace(tzinfo=None)
    for span in plan.spans:
        if span.opens <= clock < span.closes:
            return Open(until=span.closes, plan=plan)
    return Closed(plan=plan, later=next((span for span in plan.spans if span.opens > clock), None))


def next_opening(timetable: Timetable, after: datetime) -> datetime | None:
    """Return the next local moment, later than `after`, at which doors open; None if not within about a year."""
    for plan in _plans(timetable, after.date(), after.date() + timedelta(days=HORIZON_DAYS)):
        for span in plan.spans:
            moment = datetime.combine(plan.day, span.opens, tzinfo=after.tzinfo)
            if moment > after:
                return moment
    return None


def open_days(timetable: Timetable, first: date, last: date) -> tuple[DayPlan, ...]:
    """Return the days from `first` to `last`, both included, on which the place opens at all."""
    return tuple(plan for plan in _plans(timetable, first, last) if plan.spans)


def next_open_day(timetable: Timetable, day: date) -> date | None:
    """Return `day` or the first open day after it: where a due date moves to. None if not within about a year."""
    plans = _plans(timetable, day, day + timedelta(days=HORIZON_DAYS))
    return next((plan.day for plan in plans if plan.spans), None)


def _plans(timetable: Timetable, first: date, last: date) -> Iterator[DayPlan]:
    day = first
    while day <= last:
        yield plan_day(timetable, day)
        day += timedelta(days=1)
