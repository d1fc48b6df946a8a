"""Opening days of the desks, kept in the process for some seconds: a queue at a desk asks for the same ones."""

import time

from lienthu.loanrules.queries import Calendar, calendar_of

_SECONDS = 20.0
_MOST = 1_000
_kept: dict[tuple[int, int | None], tuple[float, Calendar]] = {}


def calendar_at(*, library_id: int, branch_id: int | None) -> Calendar:
    """The calendar of a library or branch; changed hours are noticed within seconds. Raises NoSuchPlace."""
    key, now = (library_id, branch_id), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and kept[0] > now:
        return kept[1]
    if len(_kept) >= _MOST:
        _kept.clear()
    calendar = calendar_of(library_id=library_id, branch_id=branch_id)
    _kept[key] = (now + _SECONDS, calendar)
    return calendar
