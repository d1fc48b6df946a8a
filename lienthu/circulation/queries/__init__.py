"""Everything that others may read of circulation."""

from lienthu.circulation.queries.lists import (
    HoldLine,
    LoanLine,
    hold_shelf,
    holds_of,
    off_the_shelf,
    open_loans,
    overdue,
    past_loans,
    queue_places,
    transits,
    waiting_count,
)

__all__ = [
    "HoldLine",
    "LoanLine",
    "hold_shelf",
    "holds_of",
    "off_the_shelf",
    "open_loans",
    "overdue",
    "past_loans",
    "queue_places",
    "transits",
    "waiting_count",
]
