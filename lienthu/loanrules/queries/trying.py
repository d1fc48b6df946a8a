"""A draft tried on loans that were made: what holds today, and what would hold if the draft did."""

from collections.abc import Iterable

from lienthu.kernel import clock
from lienthu.loanrules.models import Edition
from lienthu.loanrules.policy.comparing import Comparison, LoanFact, compare
from lienthu.loanrules.policy.resolving import ANY
from lienthu.loanrules.policy.terms import Terms, terms_from
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.due import calendar_of
from lienthu.loanrules.queries.places import chain_of, chain_of_scope
from lienthu.loanrules.queries.tables import Rows, rows_of
from lienthu.loanrules.queries.terms import rule_book


def tried_on(draft: Edition, facts: Iterable[LoanFact], *, library_id: int, branch_id: int | None = None) -> Comparison:
    """Replay loans of one library (or branch) below the place of the draft, under the rules of today and under it.

    Writes nothing. Raises NoSuchPlace.
    """
    today = clock.today()
    chain = chain_of(library_id=library_id, branch_id=branch_id)
    present = list(rule_book().tables(chain, on=today))
    own = rows_of(draft, place=chain_of_scope(draft.scope)[-1])
    drafted = [own if place.scope_id == draft.scope_id else rows for place, rows in zip(chain, present, strict=True)]
    return compare(
        facts,
        before=_Answers(present, chain[-1].code),
        after=_Answers(drafted, chain[-1].code),
        calendar=calendar_of(library_id=library_id, branch_id=branch_id),
        today=today,
    )


class _Answers:
    """Terms by category and item type, each worked out once."""

    def __init__(self, tables: list[Rows], place: str) -> None:
        self._tables, self._place, self._on = tables, place, clock.today()
        self._known: dict[tuple[str, str], Terms] = {}

    def __call__(self, fact: LoanFact) -> Terms:
        key = (fact.category, fact.item_type)
        if key not in self._known:
            self._known[key] = terms_from(
                self._tables,
                place=self._place,
                category_path=category_path(fact.category),
                item_type=fact.item_type or ANY,
                on=self._on,
            )
        return self._known[key]
