"""When a loan is due at a library: the rules over its opening hours."""

from datetime import date, datetime

from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.libraries.queries import branches, coming_days, libraries, timetable_of
from lienthu.loanrules.policy.due import Calendar, Day, Due, due_on
from lienthu.loanrules.policy.terms import Terms
from lienthu.loanrules.queries.places import NoSuchPlace


def due_of(
    *,
    terms: Terms,
    library_id: int,
    branch_id: int | None,
    at: datetime,
    renewed_from: date | None = None,
    calendar: Calendar | None = None,
) -> Due:
    """Return when what is lent (or renewed from its present due date) at this moment is due, and the days skipped.

    The hours are those of the place of lending. Raises NoSuchPlace.
    """
    calendar = calendar or calendar_of(library_id=library_id, branch_id=branch_id)
    return due_on(terms=terms, calendar=calendar, at=at.astimezone(clock.VIETNAM), renewed_from=renewed_from)


def calendar_of(*, library_id: int, branch_id: int | None) -> Calendar:
    """Return the calendar of a place; days are worked out as they are asked for. Raises NoSuchPlace."""
    library = libraries().filter(pk=library_id).first()
    branch = branches().filter(pk=branch_id, library_id=library_id).first() if branch_id is not None else None
    if library is None or (branch_id is not None and branch is None):
        raise NoSuchPlace(library_id, branch_id)
    timetable = timetable_of(library, branch)
    known: dict[date, Day] = {}

    def day_of(day: date) -> Day:
        if day not in known:
            (plan,) = coming_days(timetable, first=day, days=1)
            # Where nobody has entered hours, no day is known to be closed.
            is_open = bool(plan.spans) or plan.why == "UNKNOWN"
            closes = max(span.closes for span in plan.spans) if plan.spans else None
            note = plan.holiday.name_vi if plan.holiday else plan.note
            known[day] = Day(is_open, closes, f"{plan.why}:{note}" if note else str(plan.why))
        return known[day]

    return day_of


def calendar_at(scope: Scope) -> Calendar:
    """Return the calendar of a library or branch by its scope; a place without doors of its own is never closed."""
    branch = branches().filter(scope=scope).first()
    if branch is not None:
        return calendar_of(library_id=branch.library_id, branch_id=branch.pk)
    library = libraries().filter(scope=scope).first()
    if library is not None:
        return calendar_of(library_id=library.pk, branch_id=None)
    return lambda day: Day(True)
