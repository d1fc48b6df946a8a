"""What a reader has now, and the rules for it."""

from dataclasses import replace
from datetime import date, datetime

from lienthu.circulation.models import OPEN_HOLDS, Hold
from lienthu.circulation.policy import Counts, Ruled
from lienthu.fees.queries import balance
from lienthu.kernel import clock
from lienthu.kernel.postgresql.planned import ask
from lienthu.loanrules.queries import Due, Terms, due_of, terms_for

__all__ = ["Due", "Terms", "count_holds", "count_loans", "due_of", "ruled", "terms_for", "with_debt"]


_LOANS = """
SELECT count(*) FILTER (WHERE NOT in_library), count(*) FILTER (WHERE NOT in_library AND item_type = %(type)s),
    count(*) FILTER (WHERE NOT in_library AND library_id = %(library)s),
    min(due_on) FILTER (WHERE due_at < %(at)s AND claimed_at IS NULL)
FROM circulation_loan WHERE patron_id = %(patron)s AND ended_at IS NULL AND id <> %(but)s
"""


def count_loans(*, patron_id: int, library_id: int, item_type: str, at: datetime, but: int = 0) -> Counts:
    """The open loans of a reader as limits count them, one loan left out."""
    values = {"patron": patron_id, "library": library_id, "type": item_type, "at": at, "but": but}
    ((loans, of_type, here, oldest),) = ask(_LOANS, values)
    return Counts(loans, of_type, here, oldest_overdue=oldest)


def count_holds(*, patron_id: int) -> Counts:
    """The open requests of a reader."""
    return Counts(holds=Hold.objects.filter(patron_id=patron_id, state__in=OPEN_HOLDS).count())


def with_debt(counts: Counts, terms: Terms, patron_id: int) -> Counts:
    """The same with what the reader owes, which counts only where a rule limits it."""
    return replace(counts, owed=balance(patron_id).owed) if terms.debt_limit.value else counts


def ruled(terms: Terms) -> dict[str, Ruled]:
    """The values of the terms with the rows they come from, as decisions and pages carry them."""
    found = {}
    for name, value in terms.values().items():
        rule = None
        if value.rule is not None:
            rule = value.rule.as_json() | {"place_name": value.rule.place_name, "note": value.rule.note}
        found[name] = Ruled(value.value, rule)
    return found


def local_day(at: datetime) -> date:
    """The day in Việt Nam."""
    return at.astimezone(clock.VIETNAM).date()
