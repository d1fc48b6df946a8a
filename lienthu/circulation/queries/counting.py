"""What a reader has now, and the rules for it."""

from datetime import date, datetime

from django.db.models import Count, Min, Q

from lienthu.circulation.models import OPEN_HOLDS, Hold, Loan
from lienthu.circulation.policy import Counts, Ruled
from lienthu.kernel import clock
from lienthu.loanrules.queries import Due, Terms, due_of, terms_for

__all__ = ["Due", "Terms", "count_holds", "count_loans", "due_of", "ruled", "terms_for"]


def count_loans(*, patron_id: int, library_id: int, item_type: str, at: datetime, but: int = 0) -> Counts:
    """The open loans of a reader as limits count them, one loan left out."""
    row = (
        Loan.objects.filter(patron_id=patron_id, ended_at=None)
        .exclude(pk=but)
        .aggregate(
            loans=Count("pk", filter=Q(in_library=False)),
            loans_of_type=Count("pk", filter=Q(in_library=False, item_type=item_type)),
            loans_here=Count("pk", filter=Q(in_library=False, library_id=library_id)),
            oldest=Min("due_on", filter=Q(due_at__lt=at, claimed_at=None)),
        )
    )
    return Counts(row["loans"], row["loans_of_type"], row["loans_here"], oldest_overdue=row["oldest"])


def count_holds(*, patron_id: int) -> Counts:
    """The open requests of a reader."""
    return Counts(holds=Hold.objects.filter(patron_id=patron_id, state__in=OPEN_HOLDS).count())


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
