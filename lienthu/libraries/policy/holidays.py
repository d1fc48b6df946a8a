"""Public holidays of Viet Nam, from the package `holidays`: Tết, the swapped days, and 24/11 from 2026 on."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays.countries import Vietnam

_SWAPPED_FOR = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
FIRST_YEAR, LAST_YEAR = 1979, 2100


@dataclass(frozen=True)
class Holiday:
    """A day off. `worked_on` is the weekend day that is worked instead, for a swapped day."""

    day: date
    name_vi: str
    name_en: str
    worked_on: date | None = None


@lru_cache(maxsize=32)
def public_holidays(year: int) -> dict[date, Holiday]:
    """Return the public holidays of one year; empty outside of the years that the package knows."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    english = Vietnam(years=year, language="en_US")
    return {
        day: Holiday(day=day, name_vi=name, name_en=english.get(day, name), worked_on=_worked_on(name))
        for day, name in Vietnam(years=year, language="vi").items()
    }


@lru_cache(maxsize=32)
def makeup_days(year: int) -> dict[date, date]:
    """Return the weekend days of `year` that are worked, each with the day off that it stands for."""
    found: dict[date, date] = {}
    for around in (year - 1, year, year + 1):
        for holiday in public_holidays(around).values():
            if holiday.worked_on is not None and holiday.worked_on.year == year:
                found[holiday.worked_on] = holiday.day
    return found


def _worked_on(name: str) -> date | None:
    match = _SWAPPED_FOR.search(name)
    return date(int(match[3]), int(match[2]), int(match[1])) if match else None
