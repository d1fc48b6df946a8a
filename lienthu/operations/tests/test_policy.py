from datetime import UTC, datetime, time, timedelta

import pytest

from lienthu.kernel.clock import VIETNAM
from lienthu.operations.policy import (
    Retention,
    State,
    backup_is_due,
    kept,
    latest_due,
    read_retention,
    read_time,
    restore_test_is_due,
    state_of_backup,
    state_of_free_space,
    state_of_restore_test,
    worst,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=VIETNAM)
HALF_PAST_TWO = time(2, 30)


def days_ago(*numbers: int, hour: int = 2) -> list[datetime]:
    return [NOON.replace(hour=hour) - timedelta(days=number) for number in numbers]


def day_names(moments: set[datetime]) -> list[str]:
    return sorted(f"{at:%m-%d}" for at in moments)


@pytest.mark.parametrize(
    ("moments", "rule", "expected"),
    [
        ([], Retention(), []),
        (days_ago(0), Retention(), ["11-22"]),
        (days_ago(*range(10)), Retention(3, 0, 0), ["11-20", "11-21", "11-22"]),
        # Sundays 22, 15 and 8 November end the last three weeks
        (days_ago(*range(21)), Retention(1, 3, 0), ["11-08", "11-15", "11-22"]),
        (days_ago(*range(90)), Retention(1, 0, 3), ["09-30", "10-31", "11-22"]),
        (days_ago(*range(30)), Retention(2, 2, 1), ["11-15", "11-21", "11-22"]),
        # days without a backup do not count
        (days_ago(0, 100, 200, 300), Retention(3, 0, 0), ["05-06", "08-14", "11-22"]),
        # nothing is kept by the rule, but the newest one always is
        (days_ago(40, 50), Retention(0, 0, 1), ["10-13"]),
    ],
)
def test_retention_keeps_the_newest_of_each_of_the_last_days_weeks_and_months(moments, rule, expected):
    assert day_names(kept(moments, rule)) == expected


def test_of_several_backups_on_one_day_the_newest_stays():
    morning, evening = NOON.replace(hour=8), NOON.replace(hour=20)
    assert kept([morning, evening], Retention(7, 4, 12)) == {evening}


def test_a_year_of_daily_backups_leaves_seven_days_three_older_weeks_and_eleven_older_months():
    left = kept(days_ago(*range(365)), Retention(7, 4, 12))
    assert len(left) == 7 + 3 + 11
    assert max(left) == days_ago(0)[0]


def test_a_day_is_a_day_in_vietnam():
    before, after = datetime(2026, 11, 21, 16, 59, tzinfo=UTC), datetime(2026, 11, 21, 17, 1, tzinfo=UTC)
    local = {one.astimezone(VIETNAM) for one in (before, after)}
    assert kept(local, Retention(7, 0, 0)) == local


@pytest.mark.parametrize("text", ["7,4", "7,4,12,1", "a,b,c", "", "-1,4,12", "0,0,0"])
def test_a_retention_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError):
        read_retention(text)


def test_retention_and_time_are_read_as_they_are_written():
    assert read_retention("7, 4,12") == Retention(7, 4, 12)
    assert read_time("02:30") == HALF_PAST_TWO
    for text in ("25:00", "02.30", "", "2:99"):
        with pytest.raises(ValueError):
            read_time(text)


def test_the_last_due_moment_is_today_or_yesterday():
    assert latest_due(NOON, HALF_PAST_TWO) == NOON.replace(hour=2, minute=30)
    assert latest_due(NOON, time(23, 0)) == NOON.replace(hour=23) - timedelta(days=1)


YEAR_AGO = NOON - timedelta(days=365)
TONIGHT = NOON.replace(hour=2, minute=31)
YESTERDAY = TONIGHT - timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "success", "attempt", "due"),
    [
        (YEAR_AGO, YESTERDAY, YESTERDAY, True),
        (YEAR_AGO, TONIGHT, TONIGHT, False),
        # a machine that was off for days makes it up at once
        (YEAR_AGO, NOON - timedelta(days=9), NOON - timedelta(days=9), True),
        (YEAR_AGO, None, None, True),
        # a failure is tried again after an hour
        (YEAR_AGO, YESTERDAY, NOON - timedelta(minutes=59), False),
        (YEAR_AGO, YESTERDAY, NOON - timedelta(minutes=61), True),
        # an installation of this morning waits for its first night
        (NOON - timedelta(hours=3), None, None, False),
        # a backup that somebody ordered this morning will do
        (YEAR_AGO, NOON - timedelta(hours=1), YESTERDAY, False),
    ],
)
def test_the_daily_backup_is_due_when_its_hour_has_passed_without_one(since, success, attempt, due):
    assert backup_is_due(now=NOON, at=HALF_PAST_TWO, since=since, last_success=success, last_attempt=attempt) is due


@pytest.mark.parametrize(
    ("success_days", "attempt_days", "have_backup", "due"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (6, 6, True, False),
        (7, 7, True, True),
        (9, 0.5, True, False),
        (9, 1, True, True),
    ],
)
def test_a_restore_test_is_due_each_week_and_after_a_failure_each_day(success_days, attempt_days, have_backup, due):
    def ago(days: float | None) -> datetime | None:
        return None if days is None else NOON - timedelta(days=days)

    found = restore_test_is_due(
        now=NOON, last_success=ago(success_days), last_attempt=ago(attempt_days), have_backup=have_backup
    )
    assert found is due


def test_states_of_age_space_and_all_together():
    day = timedelta(days=1)
    assert [state_of_backup(age, installed=99 * day) for age in (day, 3 * day, 8 * day, None)] == [
        State.OK,
        State.WARNING,
        State.WRONG,
        State.WRONG,
    ]
    assert state_of_backup(None, installed=day) == State.WARNING
    assert [state_of_restore_test(age, installed=99 * day) for age in (8 * day, 20 * day, 40 * day, None)] == [
        State.OK,
        State.WARNING,
        State.WRONG,
        State.WRONG,
    ]
    assert state_of_restore_test(None, installed=day) == State.WARNING
    gigabyte = 1 << 30
    assert [state_of_free_space(free, 100 * gigabyte) for free in (50 * gigabyte, 4 * gigabyte, gigabyte // 4)] == [
        State.OK,
        State.WARNING,
        State.WRONG,
    ]
    assert worst([State.OK, State.UNKNOWN]) == State.UNKNOWN
    assert worst([State.WARNING, State.OK, State.WRONG]) == State.WRONG
    assert worst([]) == State.OK
