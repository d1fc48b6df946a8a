"""Rules about readers and cards; pure."""

import re
from datetime import date

CARD_FORM = re.compile(r"[A-Z0-9][A-Z0-9./-]{2,39}")
_BANDS = ((5, "0-5"), (12, "6-12"), (17, "13-17"), (25, "18-25"), (59, "26-59"))
CHILD_AGE = 16
"""Under this age a guardian answers for a reader (Law on Children 102/2016, Article 1)."""
ADULT_AGE = 18
"""From this age a reader can answer for a child (Civil Code 91/2015/QH13, articles 20 and 49)."""
CONSENT_AGE = 7
"""From this age a child consents beside the guardian (Law 91/2025 on personal data)."""


def card_number(text: str) -> str:
    """The number as it is kept: capitals, no blanks."""
    return "".join(text.split()).upper()


def age_on(birth_date: date | None, day: date) -> int | None:
    """Full years on a day; None where the birth date is unknown or later."""
    if birth_date is None or birth_date > day:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def age_band(age: int | None) -> str:
    """The band in which statistics count an age."""
    if age is None:
        return "?"
    return next((band for last, band in _BANDS if age <= last), "60+")


def consenting(age: int | None) -> tuple[str, ...]:
    """Who has to agree for a reader of this age: SELF from 7 years on, GUARDIAN below 16; unknown is grown up."""
    if age is None or age >= CHILD_AGE:
        return ("SELF",)
    return ("SELF", "GUARDIAN") if age >= CONSENT_AGE else ("GUARDIAN",)
