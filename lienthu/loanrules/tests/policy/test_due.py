"""Due dates: cases restated from what peers test, as data of our own.

Sources of the behaviours: Koha t/db_dependent/Circulation/CalcDateDue.t (days mode, hard due dates), FOLIO
mod-circulation CheckOutCalculateDueDateTests (closed library strategies, fixed schedules, truncation), Evergreen
perlmods/t/27-calculate-due-dates.t. Việt Nam has no daylight saving time, so those cases fall away.
"""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.kernel import clock
from lienthu.loanrules.policy.due import HORIZON_DAYS, Day, due_on
from lienthu.loanrules.tests.policy.building import closed_on, terms

WEEKEND = (5, 6)
TET = tuple(date(2027, 2, day) for day in range(4, 13))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.VIETNAM)

# name, values of the rule, lent at, closed (days, weekdays), due on, days skipped, steps
CASES = [
    ("a loan of days ends when they have passed", {"loan_days": 14}, MONDAY, ((), ()), "2026-12-07", 0, ()),
    ("an open due date stays", {"loan_days": 4}, MONDAY, ((), WEEKEND), "2026-11-27", 0, ()),
    ("a closed due date moves to the next open day", {"loan_days": 5}, MONDAY, ((), WEEKEND), "2026-11-30", 2, ()),
    (
        "or to the one before",
        {"loan_days": 5, "closed_day": "PREVIOUS_OPEN"},
        MONDAY,
        ((), WEEKEND),
        "2026-11-27",
        1,
        (),
    ),
    ("or is kept", {"loan_days": 5, "closed_day": "KEEP"}, MONDAY, ((), WEEKEND), "2026-11-28", 0, ()),
    (
        "Tết and the weekends around it are passed over in one go",
        {"loan_days": 3},
        datetime(2027, 2, 1, 16, 0, tzinfo=clock.VIETNAM),
        (TET, WEEKEND),
        "2027-02-15",
        11,
        (),
    ),
    (
        "the open day before is never the day of the loan",
        {"loan_days": 2, "closed_day": "PREVIOUS_OPEN"},
        datetime(2026, 11, 27, 9, 0, tzinfo=clock.VIETNAM),
        ((), WEEKEND),
        "2026-11-30",
        1,
        ("NO_DAY_BEFORE",),
    ),
    (
        "a latest day cuts a longer loan",
        {"loan_days": 60, "fixed_due": date(2026, 12, 24)},
        MONDAY,
        ((), ()),
        "2026-12-24",
        0,
        ("FIXED",),
    ),
    (
        "a latest day leaves a shorter loan alone",
        {"loan_days": 14, "fixed_due": date(2026, 12, 24)},
        MONDAY,
        ((), ()),
        "2026-12-07",
        0,
        (),
    ),
    (
        "a latest day on a closed day goes back, not on",
        {"loan_days": 60, "fixed_due": date(2026, 12, 26)},
        MONDAY,
        ((), WEEKEND),
        "2026-12-25",
        1,
        ("FIXED", "BACK_FOR_FIXED"),
    ),
    (
        "a shorter loan that would move past the latest day goes back too",
        {"loan_days": 5, "fixed_due": date(2026, 11, 29)},
        MONDAY,
        ((), WEEKEND),
        "2026-11-27",
        1,
        ("BACK_FOR_FIXED",),
    ),
    (
        "an exact date lengthens a loan as well",
        {"loan_days": 5, "fixed_due": date(2027, 5, 31), "fixed_due_how": "EXACT"},
        MONDAY,
        ((), ()),
        "2027-05-31",
        0,
        ("FIXED",),
    ),
    (
        "an earliest day lengthens a shorter loan",
        {"loan_days": 5, "fixed_due": date(2026, 12, 24), "fixed_due_how": "NOT_BEFORE"},
        MONDAY,
        ((), ()),
        "2026-12-24",
        0,
        ("FIXED",),
    ),
    (
        "a fixed date that has passed decides nothing",
        {"loan_days": 5, "fixed_due": date(2026, 5, 31), "fixed_due_how": "EXACT"},
        MONDAY,
        ((), ()),
        "2026-11-28",
        0,
        ("FIXED_PASSED",),
    ),
    (
        "what is read in the library is due the same day",
        {"in_library_only": True, "loan_days": 30},
        MONDAY,
        ((), ()),
        "2026-11-23",
        0,
        ("IN_LIBRARY",),
    ),
    (
        "a library closed for good keeps the counted day",
        {"loan_days": 5},
        MONDAY,
        ((), tuple(range(7))),
        "2026-11-28",
        0,
        ("NO_OPEN_DAY",),
    ),
]


@pytest.mark.parametrize(("name", "values", "at", "closed", "on", "skipped", "how"), CASES, ids=[c[0] for c in CASES])
def test_due_dates(name, values, at, closed, on, skipped, how):
    due = due_on(terms=terms(**values), calendar=closed_on(*closed[0], weekdays=closed[1]), at=at)
    assert (due.on.isoformat(), len(due.skipped), due.how) == (on, skipped, how)


def test_a_renewal_counts_from_the_present_due_date_or_from_today():
    kept = {"loan_days": 14, "renewal_days": 7}
    present = date(2026, 11, 30)
    from_due = due_on(terms=terms(**kept), calendar=closed_on(), at=MONDAY, renewed_from=present)
    from_today = due_on(
        terms=terms(**kept, renewal_from="TODAY"), calendar=closed_on(), at=MONDAY, renewed_from=present
    )
    assert (from_due.on, from_today.on) == (date(2026, 12, 7), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("due_time", "closes", "at_hour", "days", "expected"),
    [
        ("END_OF_DAY", time(17), 9, 1, time(23, 59, 59)),
        ("CLOSING", time(17), 9, 1, time(17)),
        ("CLOSING", None, 9, 1, time(23, 59, 59)),
        ("CLOSING", time(17), 18, 0, time(23, 59, 59)),
    ],
)
def test_the_hour_is_the_end_of_the_day_or_closing_time_still_to_come(due_time, closes, at_hour, days, expected):
    at = MONDAY.replace(hour=at_hour)
    due = due_on(terms=terms(loan_days=days, due_time=due_time), calendar=closed_on(closes=closes), at=at)
    assert due.at.time() == expected
    assert due.at > at


VALUES = st.fixed_dictionaries(
    {
        "loan_days": st.integers(0, 60),
        "closed_day": st.sampled_from(["NEXT_OPEN", "PREVIOUS_OPEN", "KEEP"]),
        "fixed_due": st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 28)),
        "fixed_due_how": st.sampled_from(["EXACT", "NOT_AFTER", "NOT_BEFORE"]),
        "due_time": st.sampled_from(["END_OF_DAY", "CLOSING"]),
    }
)


@given(
    values=VALUES,
    shut=st.sets(st.dates(date(2026, 11, 1), date(2027, 4, 30)), max_size=80),
    weekdays=st.sets(st.integers(0, 6), max_size=6),
    renewed_from=st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 31)),
)
def test_it_is_never_due_on_a_closed_day_unless_the_rule_keeps_it(values, shut, weekdays, renewed_from):
    calendar = closed_on(*shut, weekdays=tuple(weekdays), closes=time(17))
    due = due_on(terms=terms(**values), calendar=calendar, at=MONDAY, renewed_from=renewed_from)
    assert calendar(due.on).is_open or values["closed_day"] == "KEEP" or "NO_OPEN_DAY" in due.how
    assert due.at > MONDAY
    assert due.on >= MONDAY.date()
    assert all(not calendar(day).is_open for day, _ in due.skipped)
    assert due.at.date() == due.on


def test_it_looks_about_a_year_ahead_and_no_farther():
    asked = []

    def calendar(day: date) -> Day:
        asked.append(day)
        return Day(False)

    due_on(terms=terms(loan_days=5), calendar=calendar, at=MONDAY)
    assert len(asked) <= HORIZON_DAYS + 2
