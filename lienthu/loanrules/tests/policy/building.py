"""Short ways to say rows and terms in tests of the policy."""

from datetime import date, time
from typing import Any

from lienthu.loanrules.policy.due import Calendar, Day
from lienthu.loanrules.policy.resolving import ANY, Row, RuleRef
from lienthu.loanrules.policy.terms import Terms, terms_from

DAY = date(2026, 11, 23)  # a Monday
WIDER = {
    "SECONDARY_PUPIL": ("SECONDARY_PUPIL", "CHILD", ANY),
    "CHILD": ("CHILD", ANY),
    "ADULT": ("ADULT", ANY),
    ANY: (ANY,),
}


def path_of(code: str) -> tuple[str, ...]:
    return WIDER.get(code, (code, ANY))


class Tables:
    """Numbers rows in the order in which they are written."""

    def __init__(self) -> None:
        self.count = 0

    def row(self, place: str, category: str, item_type: str, locks: str = "", note: str = "", **values: Any) -> Row:
        self.count += 1
        ref = RuleRef(self.count, 1, place, place.title(), category, item_type, DAY, note)
        return Row(ref, values, frozenset(locks.split()))


def terms(**values: Any) -> Terms:
    row = Tables().row("LIBRARY", ANY, ANY, **values)
    return terms_from([[row]], place="LIBRARY", category_path=(ANY,), item_type=ANY, on=DAY)


def closed_on(*days: date, weekdays: tuple[int, ...] = (), closes: time | None = None) -> Calendar:
    """A calendar closed on these days and weekdays (0 = Monday)."""

    def day_of(day: date) -> Day:
        if day in days:
            return Day(False, reason="EXCEPTION:x")
        if day.weekday() in weekdays:
            return Day(False, reason="WEEK")
        return Day(True, closes)

    return day_of
