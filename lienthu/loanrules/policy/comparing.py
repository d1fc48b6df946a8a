"""Two sets of rules side by side: which rows differ, and what would have become of loans that were made."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lienthu.loanrules.policy.due import Calendar, due_on
from lienthu.loanrules.policy.fines import overdue_fine
from lienthu.loanrules.policy.resolving import Row
from lienthu.loanrules.policy.terms import Terms
from lienthu.loanrules.policy.values import ATTRIBUTES, Plain


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was added, dropped or changed: value by value as (name, was, becomes); None: not given."""

    category: str
    item_type: str
    kind: str  # ADDED, DROPPED, CHANGED
    values: tuple[tuple[str, Plain, Plain], ...] = ()
    locked: tuple[str, ...] = ()
    unlocked: tuple[str, ...] = ()
    note: tuple[str, str] | None = None


def differing_rows(before: Sequence[Row], after: Sequence[Row]) -> tuple[RowChange, ...]:
    """Return what differs between two tables of the same place, in the order of category and item type."""
    old = {(row.ref.category, row.ref.item_type): row for row in before}
    new = {(row.ref.category, row.ref.item_type): row for row in after}
    changes = (_row_change(key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()))
    return tuple(change for change in changes if change is not None)


def _row_change(key: tuple[str, str], old: Row | None, new: Row | None) -> RowChange | None:
    was, becomes = (dict(row.values) if row else {} for row in (old, new))
    locks_was, locks_now = (row.locks if row else frozenset() for row in (old, new))
    values = tuple(
        (name, was.get(name), becomes.get(name))
        for name in ATTRIBUTES
        if (name in was, was.get(name)) != (name in becomes, becomes.get(name))
    )
    notes = (old.ref.note if old else "", new.ref.note if new else "")
    note = notes if notes[0] != notes[1] else None
    locked, unlocked = tuple(sorted(locks_now - locks_was)), tuple(sorted(locks_was - locks_now))
    if not (values or note or locked or unlocked):
        return None
    kind = "ADDED" if old is None else "DROPPED" if new is None else "CHANGED"
    return RowChange(*key, kind, values, locked, unlocked, note)


@dataclass(frozen=True, slots=True)
class LoanFact:
    """A loan that was made, without its reader: when (local time), to which category, what, how many were out then.

    `returned` None: still out; it is then counted up to the day of the comparison. `renewals`: how often it was
    renewed; rules that allow fewer are applied as far as they go.
    """

    key: str
    category: str
    item_type: str
    lent: datetime
    returned: date | None
    out: int = 0
    out_of_type: int = 0
    out_here: int = 0
    renewals: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of rules makes of a loan: the reasons against it, or its due date and its fine (đồng)."""

    refused: tuple[str, ...]
    due: date | None = None
    fine: int = 0


@dataclass(frozen=True, slots=True)
class LoanChange:
    """A loan that would have come out differently."""

    fact: LoanFact
    was: Outcome
    becomes: Outcome

    def kinds(self) -> tuple[str, ...]:
        """NOW_REFUSED, NOW_ALLOWED, EARLIER, LATER, DEARER, CHEAPER: as many as hold."""
        found = []
        if bool(self.was.refused) != bool(self.becomes.refused):
            found.append("NOW_REFUSED" if self.becomes.refused else "NOW_ALLOWED")
        if self.was.due and self.becomes.due and self.was.due != self.becomes.due:
            found.append("LATER" if self.becomes.due > self.was.due else "EARLIER")
        if self.was.fine != self.becomes.fine:
            found.append("DEARER" if self.becomes.fine > self.was.fine else "CHEAPER")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many loans were looked at, which would differ, how many in which way, and all fines together (đồng)."""

    looked_at: int
    changes: tuple[LoanChange, ...]
    counts: dict[str, int]
    fines_was: int
    fines_becomes: int


def joined(comparisons: Iterable[Comparison]) -> Comparison:
    """Comparisons of several places as one."""
    looked_at = was = becomes = 0
    changes: list[LoanChange] = []
    counts = Counter[str]()
    for one in comparisons:
        looked_at, was, becomes = looked_at + one.looked_at, was + one.fines_was, becomes + one.fines_becomes
        changes += one.changes
        counts.update(one.counts)
    return Comparison(looked_at, tuple(changes), dict(counts), was, becomes)


TermsOf = Callable[[LoanFact], Terms]


def compare(
    facts: Iterable[LoanFact], *, before: TermsOf, after: TermsOf, calendar: Calendar, today: date
) -> Comparison:
    """Replay loans under two sets of rules."""
    changes, counts = [], Counter[str]()
    looked_at = fines_was = fines_becomes = 0
    for fact in facts:
        looked_at += 1
        was, becomes = (outcome(fact, terms_of(fact), calendar=calendar, today=today) for terms_of in (before, after))
        fines_was += was.fine
        fines_becomes += becomes.fine
        if was != becomes:
            change = LoanChange(fact, was, becomes)
            changes.append(change)
            counts.update(change.kinds())
    return Comparison(looked_at, tuple(changes), dict(counts), fines_was, fines_becomes)


def outcome(fact: LoanFact, terms: Terms, *, calendar: Calendar, today: date) -> Outcome:
    """What these terms make of one loan."""
    refused = lending_refusals(terms, out=fact.out, out_of_type=fact.out_of_type, out_here=fact.out_here)
    if refused:
        return Outcome(refused)
    due = due_on(terms=terms, calendar=calendar, at=fact.lent)
    for _ in range(min(fact.renewals, terms.renewals.value)):
        due = due_on(terms=terms, calendar=calendar, at=due.at, renewed_from=due.on)
    fine = overdue_fine(terms=terms, calendar=calendar, due=due.on, returned=fact.returned or today)
    return Outcome((), due.on, fine.amount)


def lending_refusals(terms: Terms, *, out: int, out_of_type: int, out_here: int) -> tuple[str, ...]:
    """Why rules alone refuse one more loan to a reader who has so many out: all reasons at once.

    NOT_LENDABLE, MAX_LOANS, MAX_LOANS_OF_TYPE, MAX_LOANS_HERE. What is read in the library counts like a loan.
    """
    reasons = []
    if not terms.lendable.value:
        reasons.append("NOT_LENDABLE")
    limits = (
        ("MAX_LOANS", out, terms.max_loans.value),
        ("MAX_LOANS_OF_TYPE", out_of_type, terms.max_loans_of_type.value),
        ("MAX_LOANS_HERE", out_here, terms.max_loans_here.value),
    )
    reasons += [code for code, has, limit in limits if has >= limit]
    return tuple(reasons)
