"""Pure rules: which backups are kept, when the next one and the next restore test are due, how old is too old."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

RETRY_AFTER = timedelta(hours=1)
TEST_EVERY = timedelta(days=7)
TEST_RETRY_AFTER = timedelta(days=1)


class State(StrEnum):
    """How something stands. UNKNOWN: it could not be asked."""

    OK = "OK"
    WARNING = "WARNING"
    WRONG = "WRONG"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Retention:
    """How many days, weeks and months keep their newest backup."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def read_retention(text: str) -> Retention:
    """Read "7,4,12". Raises ValueError for anything else, and for a retention that would keep nothing."""
    numbers = [int(part) for part in text.split(",")]
    if len(numbers) != 3 or min(numbers) < 0 or not any(numbers):
        raise ValueError(text)
    return Retention(*numbers)


def read_time(text: str) -> time:
    """Read "02:30". Raises ValueError."""
    hour, _colon, minute = text.partition(":")
    return time(int(hour), int(minute))


def kept(moments: Iterable[datetime], rule: Retention) -> set[datetime]:
    """Those of the local moments whose backups are kept; the newest one always is.

    Of each of the last `daily` days that have a backup the newest one stays, likewise of weeks (Monday to Sunday)
    and months. Days without a backup do not count, so nothing is lost while a machine stands still.
    """
    newest_first = sorted(set(moments), reverse=True)
    periods: list[tuple[int, Callable[[datetime], tuple[int, ...]]]] = [
        (rule.daily, lambda at: (at.year, at.month, at.day)),
        (rule.weekly, lambda at: at.isocalendar()[:2]),
        (rule.monthly, lambda at: (at.year, at.month)),
    ]
    keep = set(newest_first[:1])
    for number, period_of in periods:
        seen: dict[tuple[int, ...], datetime] = {}
        for at in newest_first:
            seen.setdefault(period_of(at), at)
        keep |= set(list(seen.values())[:number])
    return keep


def latest_due(now: datetime, at: time) -> datetime:
    """The last moment, now or before, at which the clock showed `at`; `now` is a local moment."""
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def backup_is_due(
    *, now: datetime, at: time, since: datetime, last_success: datetime | None, last_attempt: datetime | None
) -> bool:
    """Is it time for the daily backup? A machine that was off at that time makes it up as soon as it runs.

    `since` is when the installation began: it waits for its first night. A failure is tried again after an hour.
    """
    due = latest_due(now, at)
    if due < since or (last_success is not None and last_success >= due):
        return False
    return last_attempt is None or last_attempt < due or now - last_attempt >= RETRY_AFTER


def restore_test_is_due(
    *, now: datetime, last_success: datetime | None, last_attempt: datetime | None, have_backup: bool
) -> bool:
    """Is it time to prove again that a backup can be restored? Once a week; after a failure once a day."""
    if not have_backup or (last_success is not None and now - last_success < TEST_EVERY):
        return False
    return last_attempt is None or now - last_attempt >= TEST_RETRY_AFTER


def state_of_backup(age: timedelta | None, *, installed: timedelta) -> State:
    """How the age of the last good backup stands; an installation of today has none yet."""
    if age is None:
        return State.WARNING if installed < timedelta(days=2) else State.WRONG
    if age > timedelta(days=7):
        return State.WRONG
    return State.WARNING if age > timedelta(days=2) else State.OK


def state_of_restore_test(age: timedelta | None, *, installed: timedelta) -> State:
    """How the age of the last good restore test stands."""
    if age is None:
        return State.WARNING if installed < timedelta(days=14) else State.WRONG
    if age > timedelta(days=31):
        return State.WRONG
    return State.WARNING if age > timedelta(days=9) else State.OK


def state_of_free_space(free: int, total: int) -> State:
    """How much room a disk must have, in bytes."""
    if free < 512 << 20:
        return State.WRONG
    return State.WARNING if free < 2 << 30 or free < total // 20 else State.OK


def worst(states: Iterable[State]) -> State:
    """The state that stands for all."""
    order = [State.OK, State.UNKNOWN, State.WARNING, State.WRONG]
    return max(states, key=order.index, default=State.OK)
