"""Build lienthu/libraries/data/holidays.tsv, the public holidays of Viet Nam, from the PyPI package `holidays` (MIT).

    .venv/bin/python tools/build_holidays.py          (needs the dependency group "data")

The package loads the calendars of all countries, which every process of the product would keep in memory. See
lienthu/libraries/data/NOTICE. Renew the file with each release, and when the Government announces swapped days.
"""

import csv
import re
from datetime import date
from pathlib import Path

from holidays.countries import Vietnam

TARGET = Path(__file__).resolve().parent.parent / "lienthu" / "libraries" / "data" / "holidays.tsv"
COLUMNS = ("day", "worked_on", "name_vi", "name_en")
FIRST_YEAR, LAST_YEAR = 1979, 2100
_SWAPPED_FOR = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def rows(year: int) -> list[tuple[str, str, str, str]]:
    """The holidays of a year as rows of the file, in the order of their days."""
    english = Vietnam(years=year, language="en_US")
    return [
        (day.isoformat(), _worked_on(name), name, english.get(day, name))
        for day, name in sorted(Vietnam(years=year, language="vi").items())
    ]


def _worked_on(name: str) -> str:
    """The weekend day worked for a swapped day, which the package says only in the name."""
    match = _SWAPPED_FOR.search(name)
    return date(int(match[3]), int(match[2]), int(match[1])).isoformat() if match else ""


def main() -> None:
    """Write the file anew."""
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter="\t", lineterminator="\n")
        out.writerow(COLUMNS)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            out.writerows(rows(year))


if __name__ == "__main__":
    main()
