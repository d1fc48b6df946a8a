"""By which ways a notice goes out, when, and when to try again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lienthu.notices.policy.kinds import Kind

CHANNELS = ("EMAIL", "SMS", "PUSH")
_LOUD = ("SMS", "PUSH")
# Copies scanned one after the other at a desk become one message.
GATHER = timedelta(minutes=10)
_WAITS = (60, 300, 1_800, 7_200, 21_600, 43_200)
MOST_TRIES = len(_WAITS) + 1
_LAST_REMINDER_DAYS = 60


@dataclass(frozen=True, slots=True)
class Timing:
    """When a library writes to its readers. Days before (due, pick-up, card) and after (overdue)."""

    quiet_from: time = time(21, 0)
    quiet_until: time = time(7, 0)
    digest_at: time = time(8, 0)
    due_soon: int = 2
    overdue_1: int = 1
    overdue_2: int = 7
    overdue_3: int = 21
    expiring: int = 1
    card: int = 30


@dataclass(frozen=True, slots=True)
class Reach:
    """How a reader can be reached: channel -> there is an address (or a device)."""

    addresses: Mapping[str, bool]
    open_channels: Mapping[str, bool]
    chosen: Mapping[str, bool]
    consented: bool = True
    gone: bool = False


def route(reach: Reach) -> dict[str, str]:
    """For each channel "" (it is used) or why it is not; "DESK" is there when somebody has to call or write.

    A reader's own choice comes first. Without one, SMS (which costs the library money) is only for those whom neither
    e-mail nor a device reaches.
    """
    if reach.gone:
        return dict.fromkeys(CHANNELS, "READER_GONE")
    found: dict[str, str] = {}
    for channel in ("EMAIL", "PUSH", "SMS"):
        free_way = any(found.get(one) == "" for one in ("EMAIL", "PUSH"))
        found[channel] = _against(reach, channel, free_way=free_way)
    wanted_none = all(reach.chosen.get(channel) is False for channel in CHANNELS)
    if reach.consented and not wanted_none and "" not in found.values():
        found["DESK"] = ""
    return found


def _against(reach: Reach, channel: str, *, free_way: bool) -> str:
    if not reach.consented:
        return "NO_CONSENT"
    chosen = reach.chosen.get(channel)
    if chosen is False:
        return "TURNED_OFF"
    if not reach.addresses.get(channel):
        return "NO_ADDRESS"
    if not reach.open_channels.get(channel):
        return "SWITCHED_OFF"
    if channel == "SMS" and chosen is None and free_way:
        return "OTHER_WAY"
    return ""


def due_moment(kind: Kind, channel: str, *, now: datetime, timing: Timing) -> datetime:
    """When a notice made now may go out; `now` in local time."""
    if kind.prompt:
        moment = now + GATHER
    else:
        moment = datetime.combine(now.date(), timing.digest_at, tzinfo=now.tzinfo)
        if moment < now:
            moment += timedelta(days=1)
    return after_quiet(moment, timing) if channel in _LOUD else moment


def after_quiet(moment: datetime, timing: Timing) -> datetime:
    """The same moment, or the end of the quiet hours it lies in; `moment` in local time."""
    start, end, here = timing.quiet_from, timing.quiet_until, moment.time()
    if start == end:
        return moment
    over_midnight = start > end
    quiet = (here >= start or here < end) if over_midnight else start <= here < end
    if not quiet:
        return moment
    day = moment.date() + timedelta(days=1) if over_midnight and here >= start else moment.date()
    return datetime.combine(day, end, tzinfo=moment.tzinfo)


def next_try(tries: int, *, asked: float | None) -> timedelta | None:
    """How long to wait after this many tries; None: give up. `asked`: seconds that the other side asked for."""
    if tries > len(_WAITS):
        return None
    wait = _WAITS[tries - 1]
    return timedelta(seconds=min(max(wait, asked or 0.0), 86_400))


def loan_kind(due_on: date, today: date, timing: Timing) -> str | None:
    """What is to be told about an open loan on a day: nothing, that it is due soon, or which reminder."""
    late = (today - due_on).days
    if late <= 0:
        return "DUE_SOON" if -late <= timing.due_soon else None
    if late > timing.overdue_3 + _LAST_REMINDER_DAYS:
        return None
    for kind, days in (
        ("OVERDUE_3", timing.overdue_3),
        ("OVERDUE_2", timing.overdue_2),
        ("OVERDUE_1", timing.overdue_1),
    ):
        if late >= days:
            return kind
    return None
