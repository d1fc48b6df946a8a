"""When a loan is due: length or fixed date, then what to do when the library is closed that day. Local time throughout.

The cases are those that peers test: a due date on closed days moves to the next or the previous open day, never before
the day of the loan; a fixed date may be exact, the latest or the earliest day (Koha CalcDateDue: hard due dates);
moving past a latest day goes back instead (FOLIO CheckOutCalculateDueDate: truncation to a schedule).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lienthu.loanrules.policy.terms import Terms

HORIZON_DAYS = 370
END_OF_DAY = time(23, 59, 59)
LAST_DAY = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar. `closes` None: open at hours nobody has entered; `reason` says why it is closed."""

    is_open: bool
    closes: time | None = None
    reason: str = ""


Calendar = Callable[[date], Day]


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due and how that came about.

    `counted` is the day before closed days were thought of; `skipped` the closed days stepped over, each with a code
    (HOLIDAY:name, EXCEPTION:reason, SEASON:name, WEEK); `how` the steps that differ from plain counting:
    IN_LIBRARY, FIXED, FIXED_PASSED, BACK_FOR_FIXED, NO_DAY_BEFORE, NO_OPEN_DAY.
    """

    at: datetime
    on: date
    skipped: tuple[tuple[date, str], ...] = ()
    counted: date | None = None
    how: tuple[str, ...] = ()


def due_on(*, terms: Terms, calendar: Calendar, at: datetime, renewed_from: date | None = None) -> Due:
    """Return when what is lent at the local moment `at` is due; `renewed_from`: the present due date of a renewal."""
    start = at.date()
    if terms.in_library_only.value:
        return Due(_moment(calendar, start, at, to_closing=True), start, counted=start, how=("IN_LIBRARY",))
    counted = _plus(start, terms.loan_days.value)
    if renewed_from is not None:
        base = renewed_from if terms.renewal_from.value == "DUE" else start
        counted = _plus(base, terms.renewal_days.value)
    counted, how = _fixed(terms, counted, start)
    on, skipped, moved = _open_day(terms, calendar, counted, start)
    closing = terms.due_time.value == "CLOSING"
    return Due(_moment(calendar, on, at, to_closing=closing), on, skipped, counted, (*how, *moved))


def _plus(day: date, days: int) -> date:
    """The sum, or LAST_DAY where there is no such day any more."""
    return min(day, LAST_DAY - timedelta(days=days)) + timedelta(days=days)


def _fixed(terms: Terms, counted: date, start: date) -> tuple[date, tuple[str, ...]]:
    """Let the fixed date decide where there is one; one that has passed decides nothing."""
    fixed, how = terms.fixed_due.value, terms.fixed_due_how.value
    if fixed is None:
        return counted, ()
    if how == "NOT_BEFORE":
        return (fixed, ("FIXED",)) if fixed > counted else (counted, ())
    if fixed < start:
        return counted, ("FIXED_PASSED",)
    if how == "NOT_AFTER" and counted <= fixed:
        return counted, ()
    return fixed, ("FIXED",)


Found = tuple[date, tuple[tuple[date, str], ...], tuple[str, ...]]


def _open_day(terms: Terms, calendar: Calendar, counted: date, start: date) -> Found:
    """Move off closed days as the rule says."""
    strategy = terms.closed_day.value
    if strategy == "KEEP" or calendar(counted).is_open:
        return counted, (), ()
    notes: tuple[str, ...] = ()
    if strategy == "PREVIOUS_OPEN":
        before = _first_open(calendar, _days_back(counted, after=start))
        if before is not None:
            return before[0], before[1], ()
        notes = ("NO_DAY_BEFORE",)
    ahead = _first_open(calendar, _days_ahead(counted))
    latest = terms.fixed_due.value if terms.fixed_due_how.value == "NOT_AFTER" else None
    if latest is not None and latest >= start and (ahead is None or ahead[0] > latest) and not notes:
        before = _first_open(calendar, _days_back(counted, after=start))
        if before is not None:
            return before[0], before[1], ("BACK_FOR_FIXED",)
    if ahead is None:
        return counted, (), (*notes, "NO_OPEN_DAY")
    return ahead[0], ahead[1], notes


def _days_ahead(day: date) -> Iterator[date]:
    for number in range(HORIZON_DAYS):
        if day.toordinal() + number > date.max.toordinal():
            return
        yield day + timedelta(days=number)


def _days_back(day: date, *, after: date) -> Iterator[date]:
    for number in range(HORIZON_DAYS):
        earlier = day - timedelta(days=number)
        if earlier <= after:
            return
        yield earlier


def _first_open(calendar: Calendar, days: Iterator[date]) -> tuple[date, tuple[tuple[date, str], ...]] | None:
    skipped: list[tuple[date, str]] = []
    for day in days:
        found = calendar(day)
        if found.is_open:
            return day, tuple(skipped)
        skipped.append((day, found.reason))
    return None


def _moment(calendar: Calendar, on: date, at: datetime, *, to_closing: bool) -> datetime:
    """The last moment in time on the due day: closing time where the rule says so and it is still to come."""
    closes = calendar(on).closes if to_closing else None
    moment = datetime.combine(on, closes or END_OF_DAY, tzinfo=at.tzinfo)
    return moment if moment > at else datetime.combine(on, END_OF_DAY, tzinfo=at.tzinfo)
