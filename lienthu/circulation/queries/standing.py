"""How a reader stands at a desk before any copy is in hand: for machines that ask first."""

from dataclasses import dataclass, replace
from datetime import datetime

from lienthu.circulation.policy import Reason, decide_checkout
from lienthu.circulation.queries.counting import count_loans, local_day, ruled, terms_for
from lienthu.circulation.queries.readers import NoSuchReader, reader_now
from lienthu.circulation.wording import next_step, reason_sentence
from lienthu.fees.queries import balance

__all__ = ["NoSuchReader", "StandingAt", "next_step", "reason_sentence", "standing_at"]


@dataclass(frozen=True, slots=True)
class StandingAt:
    """Everything that stands against lending to a reader here, and how much the rules let them have."""

    reasons: tuple[Reason, ...]
    most_loans: int
    most_holds: int

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(reason.code for reason in self.reasons)


def standing_at(*, patron_id: int, library_id: int, branch_id: int | None, at: datetime) -> StandingAt:
    """Decide as a checkout would, about no copy in particular. Raises NoSuchReader."""
    day = local_day(at)
    reader = reader_now(patron_id=patron_id, library_id=library_id, on=day)
    terms = terms_for(library_id=library_id, branch_id=branch_id, category=reader.category, item_type="", on=day)
    counts = count_loans(patron_id=patron_id, library_id=library_id, item_type="", at=at)
    if terms.debt_limit.value:
        counts = replace(counts, owed=balance(patron_id).owed)
    reasons = decide_checkout(rules=ruled(terms), reader=reader.facts, counts=counts, refusal="", today=day)
    # whether a type may be lent is a question about a copy
    return StandingAt(
        reasons=tuple(reason for reason in reasons if reason.code not in ("NOT_LENDABLE", "TOO_MANY_OF_TYPE")),
        most_loans=terms.max_loans.value,
        most_holds=terms.max_holds.value,
    )
