"""Rules of harvesting as pure functions: what follows what, when to wait, when to stop, from when to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Which state of a run may follow which; anything else is refused.
TRANSITIONS: dict[str, frozenset[str]] = {
    "QUEUED": frozenset({"COLLECTING", "WORKING", "STOPPED"}),
    "COLLECTING": frozenset({"WAITING", "IMPORTING", "STOPPED"}),
    "WAITING": frozenset({"COLLECTING", "IMPORTING", "STOPPED"}),
    "IMPORTING": frozenset({"DONE", "STOPPED"}),
    "WORKING": frozenset({"DONE", "STOPPED"}),
}
ACTIVE = frozenset({"COLLECTING", "WAITING", "IMPORTING", "WORKING"})
UNFINISHED = ACTIVE | {"QUEUED"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may ask of this machine and of the other one; sizes in bytes, times in seconds."""

    pages: int = 100_000
    records: int = 5_000_000
    hours: int = 72
    page_bytes: int = 32 << 20
    page_seconds: float = 120.0
    tries: int = 6
    broken_tries: int = 3
    longest_wait: float = 6 * 3600.0
    shortest_wait: float = 30.0
    empty_pages: int = 3
    stale_pages: int = 3
    restarts: int = 3


LIMITS = Limits()
# Servers show changes late and clocks differ: ask again for a little that was there already.
OVERLAP = {"YYYY-MM-DD": timedelta(days=1), "YYYY-MM-DDThh:mm:ssZ": timedelta(hours=2)}


def may_follow(*, current: str, wanted: str) -> bool:
    """Tell whether a run in state `current` may go to `wanted`."""
    return wanted in TRANSITIONS.get(current, frozenset())


def wait_seconds(*, tries: int, asked: float | None, limits: Limits = LIMITS) -> float:
    """How long to sleep before the next try (`tries` failed so far): what the server asks, else doubling."""
    own = limits.shortest_wait * 2 ** max(tries - 1, 0)
    return min(max(asked if asked is not None else own, 1.0), limits.longest_wait)


def synced_until(*, server_time: datetime | None, started: datetime) -> datetime:
    """The moment up to which a finished run is complete: the server's clock, but never later than ours."""
    return min(server_time, started) if server_time else started


def ask_from(*, synced: datetime | None, granularity: str, earliest: datetime | None) -> datetime | None:
    """From when an incremental run asks; None asks for everything."""
    if synced is None:
        return None
    since = synced - OVERLAP.get(granularity, timedelta(days=1))
    return None if earliest and since <= earliest else since


def restart_from(*, since: datetime | None, highest: datetime | None, ascending: bool) -> datetime | None:
    """From when to list again after a lost token: where the records came in order of time, from the last one on."""
    return highest if ascending and highest else since


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run knows when a page has come."""

    pages: int
    records: int
    hours: float
    page_records: int
    new_records: int
    token: str
    asked_with: str
    token_known: bool
    empty_pages: int
    stale_pages: int


def reason_to_stop(seen: Seen, limits: Limits = LIMITS) -> str:
    """Why this list must not be followed further; "" while it may. Only asked when there is a token."""
    checks: Mapping[str, bool] = {
        "token_loop": seen.token == seen.asked_with or seen.token_known,
        "empty_pages": seen.empty_pages >= limits.empty_pages,
        "nothing_new": seen.stale_pages >= limits.stale_pages,
        "too_many_pages": seen.pages >= limits.pages,
        "too_many_records": seen.records >= limits.records,
        "too_long": seen.hours >= limits.hours,
    }
    return next((code for code, met in checks.items() if met), "")


def lag_hours(*, synced: datetime | None, now: datetime, every_hours: int) -> float | None:
    """Hours by which a source is behind its schedule: 0 when on time, None when it never came."""
    if synced is None:
        return None
    return max((now - synced).total_seconds() / 3600 - every_hours, 0.0)


def is_due(*, last_try: datetime | None, every_hours: int, now: datetime) -> bool:
    """Whether the schedule asks for a run: counted from the beginning of the last one, whatever became of it."""
    return last_try is None or now - last_try >= timedelta(hours=every_hours)
