"""Opening hours as stored, gathered into the timetables that policy/hours.py decides about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lienthu.kernel import clock
from lienthu.libraries.models import Branch, HoursException, Library, OpeningSpan, Season
from lienthu.libraries.policy.hours import (
    Closed,
    DayException,
    DayPlan,
    Open,
    SeasonPattern,
    Span,
    Timetable,
    Week,
    is_open,
    next_opening,
    plan_day,
)

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class OpenState:
    """Is a place open at this moment, and when does it open next (local time)?"""

    now: Open | Closed
    next_opening: datetime | None

    @property
    def is_open(self) -> bool:
        return isinstance(self.now, Open)


@dataclass(frozen=True)
class DefinedHours:
    """Hours as somebody entered them, for showing and editing: the ordinary week and the seasons."""

    week: Week | None
    seasons: tuple[SeasonPattern, ...]
    exceptions: tuple[HoursException, ...]


def local_now() -> datetime:
    """This moment on a clock in Việt Nam."""
    return clock.now().astimezone(LOCAL)


def timetable_of(library: Library, branch: Branch | None = None) -> Timetable:
    """Return the timetable of a library, or of one of its branches."""
    return _timetables([library])[library.pk, branch.pk if branch else None]


def timetables_of(libraries: Iterable[Library]) -> dict[int, Timetable]:
    """Return the timetables of many libraries in three queries, by library id."""
    found = list(libraries)
    tables = _timetables(found)
    return {library.pk: tables[library.pk, None] for library in found}


def branch_timetables(library: Library) -> dict[int, Timetable]:
    """Return the timetables of all branches of a library, by branch id."""
    tables = _timetables([library])
    return {branch.pk: tables[library.pk, branch.pk] for branch in library.branches.all()}


def open_state(timetable: Timetable, *, at: datetime | None = None) -> OpenState:
    """Decide for this moment (or `at`, a local time)."""
    moment = at or local_now()
    return OpenState(now=is_open(timetable, moment), next_opening=next_opening(timetable, moment))


def coming_days(timetable: Timetable, *, first: date, days: int = 7) -> tuple[DayPlan, ...]:
    """Return the plans of the days to come, for the table of a library's page."""
    return tuple(plan_day(timetable, first + timedelta(days=n)) for n in range(days))


def defined_hours(library: Library, branch: Branch | None = None) -> DefinedHours:
    """Return what has been entered for a library itself, or for the branch itself."""
    spans = [span for span in OpeningSpan.objects.filter(library=library) if span.branch_id == _pk(branch)]
    seasons = list(Season.objects.filter(library=library).order_by("from_month", "from_day"))
    exceptions = HoursException.objects.filter(library=library, branch=branch)
    return DefinedHours(
        week=_week([s for s in spans if s.season_id is None]),
        seasons=tuple(_season(season, spans) for season in seasons),
        exceptions=tuple(exceptions),
    )


class _Tables(dict[tuple[int, int | None], Timetable]):
    """Timetables by (library, branch); a branch without rows of its own has those of its library."""

    def __missing__(self, key: tuple[int, int | None]) -> Timetable:
        return self[key[0], None]


def _timetables(libraries: list[Library]) -> _Tables:
    ids = [library.pk for library in libraries]
    spans: dict[tuple[int, int | None], list[OpeningSpan]] = defaultdict(list)
    for span in OpeningSpan.objects.filter(library__in=ids):
        spans[span.library_id, span.branch_id].append(span)
    seasons: dict[int, list[Season]] = defaultdict(list)
    for season in Season.objects.filter(library__in=ids).order_by("from_month", "from_day"):
        seasons[season.library_id].append(season)
    exceptions: dict[tuple[int, int | None], list[HoursException]] = defaultdict(list)
    for exception in HoursException.objects.filter(library__in=ids):
        exceptions[exception.library_id, exception.branch_id].append(exception)
    tables = _Tables()
    for library in libraries:
        keys = {(library.pk, None)} | {k for k in (*spans, *exceptions) if k[0] == library.pk}
        for key in keys:
            apart = key[1] is not None and bool(spans.get(key))
            own = spans[key] if apart else spans.get((library.pk, None), [])
            # A season without spans closes the library; a branch with hours of its own has only seasons of its own.
            wanted = [s for s in seasons[library.pk] if not apart or any(o.season_id == s.pk for o in own)]
            tables[key] = Timetable(
                week=_week([s for s in own if s.season_id is None]),
                seasons=tuple(_season(s, own) for s in wanted),
                # What is written for the place itself comes first, then what holds for the whole library.
                exceptions=_exceptions(exceptions.get(key, []), exceptions.get((library.pk, None), []), key),
                closed_on_holidays=library.closed_on_holidays,
            )
    return tables


def _exceptions(
    own: list[HoursException], whole: list[HoursException], key: tuple[int, int | None]
) -> tuple[DayException, ...]:
    rows = own if key[1] is None else [*own, *(w for w in whole if not any(_overlap(w, o) for o in own))]
    return tuple(
        DayException(
            first=row.from_date,
            last=row.to_date,
            spans=(Span(row.opens, row.closes),) if row.opens and row.closes else (),
            reason=row.reason,
        )
        for row in rows
    )


def _overlap(one: HoursException, other: HoursException) -> bool:
    return one.from_date <= other.to_date and other.from_date <= one.to_date


def _season(season: Season, spans: list[OpeningSpan]) -> SeasonPattern:
    return SeasonPattern(
        name=season.name,
        start=(season.from_month, season.from_day),
        end=(season.to_month, season.to_day),
        week=_week([s for s in spans if s.season_id == season.pk]) or ((),) * 7,
    )


def _week(spans: list[OpeningSpan]) -> Week | None:
    """Seven days of spans; None when nothing was entered."""
    if not spans:
        return None
    return tuple(tuple(sorted(Span(s.opens, s.closes) for s in spans if s.weekday == day)) for day in range(7))


def _pk(branch: Branch | None) -> int | None:
    return None if branch is None else branch.pk
