"""Public holidays of Viet Nam: Tết, the swapped days, and 24/11 from 2026 on (``data/holidays.tsv``)."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent.parent / "data" / "holidays.tsv"
_NONE: dict[date, "Holiday"] = {}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off. `worked_on` is the weekend day that is worked instead, for a swapped day."""

    day: date
    name_vi: str
    name_en: str
    worked_on: date | None = None


def public_holidays(year: int) -> dict[date, Holiday]:
    """Return the public holidays of one year; empty outside of the years that the file knows."""
    return _by_year().get(year, _NONE)


def makeup_days(year: int) -> dict[date, date]:
    """Return the weekend days of `year` that are worked, each with the day off that it stands for."""
    return _makeup_by_year().get(year, {})


@cache
def _by_year() -> dict[int, dict[date, Holiday]]:
    found: dict[int, dict[date, Holiday]] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            day = date.fromisoformat(row["day"])
            worked_on = date.fromisoformat(row["worked_on"]) if row["worked_on"] else None
            holiday = Holiday(day=day, name_vi=row["name_vi"], name_en=row["name_en"], worked_on=worked_on)
            found.setdefault(day.year, {})[day] = holiday
    return found


@cache
def _makeup_by_year() -> dict[int, dict[date, date]]:
    found: dict[int, dict[date, date]] = {}
    for year in _by_year().values():
        for holiday in year.values():
            if holiday.worked_on is not None:
                found.setdefault(holiday.worked_on.year, {})[holiday.worked_on] = holiday.day
    return found
