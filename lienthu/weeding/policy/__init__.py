"""Pure rules of weeding, as Circular 02/2020/TT-BVHTTDL gives them."""

from datetime import date, timedelta
from enum import StrEnum

CIRCULAR = "02/2020/TT-BVHTTDL"
# A list is public for fifteen days; what is withdrawn is at most a tenth of what is held.
PUBLIC_DAYS = 15
MOST_PERCENT = 10
# Every three years in a library of at most 300,000 units, every five years in a larger one.
SMALL_LIBRARY_UNITS = 300_000
YEARS_SMALL, YEARS_LARGE = 3, 5
# The dossier is kept for at least five years.
DOSSIER_YEARS = 5
FEWEST_IN_COUNCIL = 2
MOST_PIECES = 50_000


class Reason(StrEnum):
    """Why a copy is proposed: its state, its age, too many of one title, nobody borrows it, missing in the last rounds
    of stock-taking, or named one by one."""

    STATUS = "STATUS"
    YEAR = "YEAR"
    SURPLUS = "SURPLUS"
    UNUSED = "UNUSED"
    ROUNDS = "ROUNDS"
    NAMED = "NAMED"


def over_share(*, pieces: int, held: int) -> bool:
    """Is this more than a tenth of the copies held? Copies in the list count as held."""
    return pieces * 100 > held * MOST_PERCENT


def most_pieces(held: int) -> int:
    """How many copies may go at once."""
    return held * MOST_PERCENT // 100


def years_between(held: int) -> int:
    """How many years lie between two weedings of a library that holds so many copies."""
    return YEARS_SMALL if held <= SMALL_LIBRARY_UNITS else YEARS_LARGE


def years_after(day: date, years: int) -> date:
    """The same day some years later; the last of February after a 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_before(day: date, years: int) -> date:
    """The same day some years ago."""
    return years_after(day, -years)


def public_until(published: date) -> date:
    """The first day on which a list published on this day may be decided."""
    return published + timedelta(days=PUBLIC_DAYS)


__all__ = [
    "CIRCULAR",
    "DOSSIER_YEARS",
    "FEWEST_IN_COUNCIL",
    "MOST_PERCENT",
    "MOST_PIECES",
    "PUBLIC_DAYS",
    "Reason",
    "most_pieces",
    "over_share",
    "public_until",
    "years_after",
    "years_before",
    "years_between",
]
