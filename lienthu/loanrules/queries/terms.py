"""The terms of a loan, cheap when asked again: kept in the process until a publication anywhere.

Warm, a question costs one short statement (which version of the rules holds?) and a look into a dictionary.
"""

from collections.abc import Sequence
from datetime import date

from lienthu.kernel.postgresql.planned import ask
from lienthu.loanrules.policy.resolving import ANY
from lienthu.loanrules.policy.terms import Terms, terms_from
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.places import Chain, chain_of
from lienthu.loanrules.queries.tables import Rows, tables_on

_MOST_TERMS = 20_000
_MOST_TABLES = 5_000


class RuleBook:
    """What this process knows under one version: tables by place and day, terms by question."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        self._tables: dict[tuple[int, date], Rows] = {}
        self._terms: dict[tuple[Chain, tuple[str, ...], str, date], Terms] = {}

    def terms(self, chain: Chain, *, path: tuple[str, ...], item_type: str, on: date) -> Terms:
        """What holds at the last place of the chain for a category (its path) and an item type ("": none special)."""
        key = (chain, path, item_type, on)
        terms = self._terms.get(key)
        if terms is None:
            tables = self.tables(chain, on=on)
            terms = terms_from(tables, place=chain[-1].code, category_path=path, item_type=item_type or ANY, on=on)
            if len(self._terms) >= _MOST_TERMS:
                self._terms.clear()
            self._terms[key] = terms
        return terms

    def tables(self, chain: Chain, *, on: date) -> Sequence[Rows]:
        """The published tables of these places on a day, the top first."""
        missing = [place for place in chain if (place.scope_id, on) not in self._tables]
        if missing:
            if len(self._tables) >= _MOST_TABLES:
                self._tables.clear()
                missing = list(chain)
            for scope_id, rows in tables_on(missing, on=on).items():
                self._tables[scope_id, on] = rows
        return [self._tables[place.scope_id, on] for place in chain]


_kept = [RuleBook(None)]


def rule_book() -> RuleBook:
    """The published rules as they are now: one statement when nothing was published since."""
    version = _version()
    book = _kept[0]
    # Without a version nothing is kept. A book is replaced whole, so that other threads never see half of one.
    if version is None or book.version != version:
        book = _kept[0] = RuleBook(version)
    return book


def terms_for(*, library_id: int, branch_id: int | None, category: str, item_type: str, on: date) -> Terms:
    """Return what holds at a library (or branch) for a reader category and an item type on a day.

    `item_type` "" asks for an item of no special type. Raises NoSuchPlace for an unknown library or branch.
    """
    chain = chain_of(library_id=library_id, branch_id=branch_id)
    return rule_book().terms(chain, path=category_path(category), item_type=item_type, on=on)


def _version() -> int | None:
    found = ask("SELECT number FROM loanrules_version WHERE id = 1")
    return found[0][0] if found else None
