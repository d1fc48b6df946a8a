"""When an event really happened: the device's wrong clock put right by what it said when it sent the log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lienthu.offlinedesk.policy.log import Line, Sent

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A moment by the server's clock; `doubt` is "", FUTURE (it was put back to now) or BEFORE (put forward)."""

    at: datetime
    doubt: str = ""


def corrected(line: Line, *, received: datetime, sent: Sent | None, floor: datetime) -> Corrected:
    """Never later than `received`, never earlier than `floor`: the device's event before, or its enrolment.

    On the page that also sent the log, elapsed time counts: of the clock and of the monotonic one the longer, since a
    sleeping machine stops the one, and a person may set the other back. Otherwise the clock counts, moved by the
    difference known now, else by that known when the event was noted.
    """
    at = moment(line.at)
    now = moment(sent.now) if sent else None
    if sent is not None and now is not None and line.run == sent.run:
        by_clock = (now - at) if at else timedelta(0)
        elapsed = max(by_clock, _milliseconds(sent.mono - line.mono), timedelta(0))
        return _bounded(received - elapsed, received, floor)
    if at is None:
        return Corrected(max(floor, min(received, floor)), "BEFORE")
    tries = [received - now] if now is not None else []
    if line.offset is not None:
        tries.append(_milliseconds(line.offset))
    found = [_bounded(_plus(at, one), received, floor) for one in tries or [timedelta(0)]]
    return next((one for one in found if not one.doubt), found[0])


def moment(text: str) -> datetime | None:
    """A moment as devices write it; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo and 1 < found.year < 9999 else None


def _plus(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if by > timedelta(0) else datetime.min.replace(tzinfo=UTC)


def _milliseconds(number: float) -> timedelta:
    if number != number:  # not a number
        return timedelta(0)
    return timedelta(milliseconds=max(-1e13, min(1e13, number)))


def _bounded(at: datetime, received: datetime, floor: datetime) -> Corrected:
    if at > received:
        return Corrected(max(received, floor), "FUTURE" if at > received + TOLERANCE else "")
    if at < floor:
        return Corrected(floor, "BEFORE" if at < floor - TOLERANCE else "")
    return Corrected(at)
