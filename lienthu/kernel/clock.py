"""The one clock of the product: moments in UTC, days as Vietnam counts them. Tests can stop it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_stopped_at: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped_at[-1] if _stopped_at else datetime.now(UTC)


def today() -> date:
    """The present day in Vietnam; from 17:00 UTC on it is already the next one."""
    return now().astimezone(VIETNAM).date()


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock for the whole process, all threads, until the block ends; for tests. Blocks may be nested.

    Raises ValueError for a moment without time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    moment = at.astimezone(UTC)
    _stopped_at.append(moment)
    try:
        yield moment
    finally:
        _stopped_at.pop()
