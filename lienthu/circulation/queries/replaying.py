"""Loans that were made, replayed under a draft of the rules. No reader is asked for: a loan forgets its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Q

from lienthu.circulation.models import Loan, LoanEnd
from lienthu.kernel import clock
from lienthu.loanrules.access import Edition
from lienthu.loanrules.queries import Comparison, LoanFact, joined, tried_on

MOST_LOANS = 10_000
DAYS = 31


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out: the comparison, the first day looked at, loans whose counts of that time are not known.

    `cut`: there were more loans than are replayed; the newest were taken.
    """

    comparison: Comparison
    since: date
    without_counts: int
    cut: bool


def replayed(draft: Edition) -> Replay:
    """The loans of the last 31 days at all places for which the draft would count."""
    since = clock.today() - timedelta(days=DAYS)
    path = draft.scope.path
    below = Q(library__scope__path__startswith=path) | Q(branch__scope__path__startswith=path)
    loans = Loan.objects.filter(below, started_at__date__gte=since, in_library=False)
    found = list(loans.exclude(ended_how=LoanEnd.UNDONE).order_by("-started_at")[: MOST_LOANS + 1])
    taken = found[:MOST_LOANS]
    return Replay(
        comparison=joined(_compared(draft, taken)),
        since=since,
        without_counts=sum(not loan.terms.get("out") for loan in taken),
        cut=len(found) > MOST_LOANS,
    )


def _compared(draft: Edition, loans: list[Loan]) -> Iterator[Comparison]:
    def place(loan: Loan) -> tuple[int, int]:
        return loan.library_id, loan.branch_id or 0

    for (library_id, branch_id), some in groupby(sorted(loans, key=place), key=place):
        yield tried_on(draft, map(_fact, some), library_id=library_id, branch_id=branch_id or None)


def _fact(loan: Loan) -> LoanFact:
    out = loan.terms.get("out", {})
    return LoanFact(
        key=str(loan.pk),
        category=loan.category,
        item_type=loan.item_type,
        lent=loan.started_at.astimezone(clock.VIETNAM),
        returned=loan.ended_at.astimezone(clock.VIETNAM).date() if loan.ended_at else None,
        out=out.get("all", 0),
        out_of_type=out.get("of_type", 0),
        out_here=out.get("here", 0),
        renewals=loan.renewals,
    )
