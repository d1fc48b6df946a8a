"""Pure rules of sets that travel: how long a place may keep one, when its librarians are reminded."""

from calendar import monthrange
from datetime import date, timedelta

# Circular 05/2022/TT-BVHTTDL: a set stays at most six months at one place.
MOST_MONTHS = 6
MOST_COPIES = 500
SHORTEST_EXPLANATION = 3
REMIND_DAYS_BEFORE = (14, 3)
REMIND_EVERY_DAYS_LATE = 7
# A letter that surely did not arrive is tried again after so many seconds each; then it is given up.
LETTER_WAITS = (300, 1_800, 7_200, 21_600, 43_200, 86_400)


def latest_return(handed_over: date) -> date:
    """The last day on which a set handed over on this day may come back."""
    months = handed_over.month - 1 + MOST_MONTHS
    year, month = handed_over.year + months // 12, months % 12 + 1
    return date(year, month, min(handed_over.day, monthrange(year, month)[1]))


def reminder_of(*, due: date, today: date) -> date | None:
    """The day of the reminder that holds today: the same day is never told twice. None: it is too early."""
    if today > due:
        late = (today - due).days
        return due + timedelta(days=1 + (late - 1) // REMIND_EVERY_DAYS_LATE * REMIND_EVERY_DAYS_LATE)
    days = [due - timedelta(days=before) for before in REMIND_DAYS_BEFORE]
    return max((day for day in days if day <= today), default=None)


def next_letter(tries: int) -> timedelta | None:
    """How long a letter waits after this many tries; None: it is given up."""
    return timedelta(seconds=LETTER_WAITS[tries - 1]) if tries <= len(LETTER_WAITS) else None


def is_explained(text: str) -> bool:
    """Is this an explanation, not an empty field or a stroke?"""
    return sum(letter.isalnum() for letter in text) >= SHORTEST_EXPLANATION


__all__ = ["MOST_COPIES", "MOST_MONTHS", "is_explained", "latest_return", "next_letter", "reminder_of"]
