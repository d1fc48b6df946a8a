"""What an overdue loan costs under its terms, and whether it blocks its reader. Money is whole đồng."""

from dataclasses import dataclass
from datetime import date, timedelta

from lienthu.loanrules.policy.due import Calendar
from lienthu.loanrules.policy.terms import Terms

_LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a day late costs: đồng for each day, the most (0: no cap), free days first, are closed days charged?"""

    per_day: int
    cap: int
    grace_days: int
    on_closed_days: bool


def tariff_of(terms: Terms) -> Tariff:
    """The tariff that these terms give."""
    return Tariff(
        terms.fine_per_day.value, terms.fine_cap.value, terms.grace_days.value, terms.fine_on_closed_days.value
    )


@dataclass(frozen=True, slots=True)
class Fine:
    """The amount and how it came about: days late, of them closed (not charged), in grace, charged; was it capped?"""

    amount: int
    days_late: int = 0
    days_closed: int = 0
    days_in_grace: int = 0
    days_charged: int = 0
    capped: bool = False


def overdue_fine(*, terms: Terms | Tariff, calendar: Calendar, due: date, returned: date) -> Fine:
    """Return the fine for what came back on `returned` (or is still out on that day).

    Closed days are not charged unless the rule says so (Evergreen: overdues over closed dates); the first
    `grace_days` of the chargeable days are free and stay free (Koha CalcFine, grace not included).
    Days beyond ten years are not looked at.
    """
    tariff = tariff_of(terms) if isinstance(terms, Terms) else terms
    late = max(0, min((returned - due).days, _LONGEST_DAYS))
    days = (due + timedelta(days=number) for number in range(1, late + 1))
    closed = 0 if tariff.on_closed_days else sum(1 for day in days if not calendar(day).is_open)
    in_grace = min(late - closed, tariff.grace_days)
    charged = late - closed - in_grace
    amount = charged * tariff.per_day
    cap = tariff.cap
    capped = 0 < cap < amount
    return Fine(cap if capped else amount, late, closed, in_grace, charged, capped)


def blocks(*, terms: Terms, due: date, today: date) -> bool:
    """Does what is still out block its reader from borrowing? Days late are calendar days; 0 in the rule: never."""
    after = terms.overdue_blocks_after_days.value
    return after > 0 and (today - due).days >= after
