"""What is wrong, useless or contradictory in a table of rules: found before readers find it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lienthu.loanrules.policy.resolving import ANY, Row, RuleRef, Value, resolve
from lienthu.loanrules.policy.values import Plain

OTHER = "OTHER"  # stands for every item type that no row names


class Severity(StrEnum):
    """How bad: a contradiction, a row without effect, something to know."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    INFO = "INFO"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one row. `other` is the row it collides with; `attribute` the value that is meant.

    Errors: NOT_LENDABLE_READ_HERE, CAP_BELOW_DAY, ZERO_DAYS, RENEWAL_WITHOUT_DAYS, HOLDS_WITHOUT_NUMBER.
    Warnings: UNKNOWN_CATEGORY, UNKNOWN_ITEM_TYPE, LOCKED_ABOVE, NEVER_WINS, FIXED_PAST, FINE_WITHOUT_SOURCE,
    CAP_WITHOUT_FINE, TYPE_OVER_TOTAL, HERE_OVER_TOTAL. To know: SAME_AS_WIDER, OWN_EXCEPTION, CROSSES.
    """

    code: str
    severity: Severity
    row: RuleRef
    attribute: str = ""
    other: RuleRef | None = None


@dataclass(frozen=True)
class Known:
    """The codes that exist, and the way from a category to wider ones. None: not known, so nothing is unknown."""

    path_of: Callable[[str], tuple[str, ...]]
    categories: frozenset[str] | None = None
    item_types: frozenset[str] | None = None


Resolved = Mapping[tuple[str, str], dict[str, Value[Plain]]]


def lint(levels: Sequence[Sequence[Row]], *, known: Known, today: date) -> tuple[Finding, ...]:
    """Look through the last of `levels` (the tables from the top down), the worst findings first."""
    own = levels[-1]
    resolved = _everything(levels, known)
    found = [
        *_unknown(own, known),
        *_without_effect(own, resolved, known),
        *_contradictions(own, resolved, today),
        *_exceptions(own, known),
        *_crossings(own, known),
    ]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (list(Severity).index(one.severity), one.row.row_id)))


def _everything(levels: Sequence[Sequence[Row]], known: Known) -> Resolved:
    """Every question that the tables answer differently, with its answer."""
    rows = [row for rows in levels for row in rows]
    categories = {row.ref.category for row in rows} | (known.categories or frozenset()) | {ANY}
    types = ({row.ref.item_type for row in rows} | {OTHER}) - {ANY}
    return {
        (category, kind): resolve(levels, category_path=known.path_of(category), item_type=kind)
        for category in sorted(categories)
        for kind in sorted(types)
    }


def _unknown(own: Iterable[Row], known: Known) -> Iterable[Finding]:
    for row in own:
        if known.categories is not None and row.ref.category not in known.categories | {ANY}:
            yield Finding("UNKNOWN_CATEGORY", Severity.WARNING, row.ref)
        if known.item_types is not None and row.ref.item_type not in known.item_types | {ANY}:
            yield Finding("UNKNOWN_ITEM_TYPE", Severity.WARNING, row.ref)


def _without_effect(own: Iterable[Row], resolved: Resolved, known: Known) -> Iterable[Finding]:
    """Values that never hold: locked above, or always beaten; and values that change nothing."""
    for row in own:
        answers = [
            values
            for (category, kind), values in resolved.items()
            if row.ref.category in known.path_of(category) and row.ref.item_type in (kind, ANY)
        ]
        for name in row.values:
            values = [answer[name] for answer in answers]
            won = [value for value in values if value.rule is row.ref]
            if not won:
                lock = next((value.locked_by for value in values if value.locked_by is not None), None)
                above = lock is not None and lock.place != row.ref.place
                code = "LOCKED_ABOVE" if above else "NEVER_WINS"
                other = lock if above else next((value.rule for value in values), None)
                yield Finding(code, Severity.WARNING, row.ref, name, other)
            elif all(_next_says_the_same(value) for value in won) and name not in row.locks:
                yield Finding("SAME_AS_WIDER", Severity.INFO, row.ref, name, won[0].beaten[0][0])


def _next_says_the_same(value: Value[Plain]) -> bool:
    return bool(value.beaten) and value.beaten[0][1] == value.value


def _contradictions(own: Sequence[Row], resolved: Resolved, today: date) -> Iterable[Finding]:
    """Values that cannot hold together. The row that is told is one of this table that gives one of them."""
    by_id = {row.ref.row_id: row for row in own}
    for values in resolved.values():
        plain = {name: value.value for name, value in values.items()}
        for code, severity, names in _broken(plain, today):
            givers = [(name, values[name].rule) for name in names]
            if code in _BETWEEN_RULES and any(rule is None for _, rule in givers):
                continue
            for name, rule in givers:
                if rule is not None and rule.row_id in by_id:
                    others = [other for _, other in givers if other is not None and other != rule]
                    yield Finding(code, severity, rule, name, others[0] if others else None)
                    break
    for row in own:
        fine = row.values.get("fine_per_day")
        if isinstance(fine, int) and fine > 0 and not row.ref.note:
            yield Finding("FINE_WITHOUT_SOURCE", Severity.WARNING, row.ref, "fine_per_day")


# A limit that nobody wrote down contradicts nothing.
_BETWEEN_RULES = ("TYPE_OVER_TOTAL", "HERE_OVER_TOTAL")

Broken = tuple[str, Severity, tuple[str, ...]]


def _broken(plain: dict[str, Plain], today: date) -> Iterable[Broken]:
    number = {name: value for name, value in plain.items() if isinstance(value, int)}
    fixed = plain["fixed_due"]
    tests: tuple[tuple[bool, str, Severity, tuple[str, ...]], ...] = (
        (
            not plain["lendable"] and bool(plain["in_library_only"]),
            "NOT_LENDABLE_READ_HERE",
            Severity.ERROR,
            ("lendable", "in_library_only"),
        ),
        (
            number["max_loans_of_type"] > number["max_loans"],
            "TYPE_OVER_TOTAL",
            Severity.WARNING,
            ("max_loans_of_type", "max_loans"),
        ),
        (
            number["max_loans_here"] > number["max_loans"],
            "HERE_OVER_TOTAL",
            Severity.WARNING,
            ("max_loans_here", "max_loans"),
        ),
        (
            0 < number["fine_cap"] < number["fine_per_day"],
            "CAP_BELOW_DAY",
            Severity.ERROR,
            ("fine_cap", "fine_per_day"),
        ),
        (
            number["fine_cap"] > 0 and number["fine_per_day"] == 0,
            "CAP_WITHOUT_FINE",
            Severity.WARNING,
            ("fine_cap", "fine_per_day"),
        ),
        (
            bool(plain["lendable"]) and not plain["in_library_only"] and number["loan_days"] == 0 and fixed is None,
            "ZERO_DAYS",
            Severity.ERROR,
            ("loan_days",),
        ),
        (
            number["renewals"] > 0 and number["renewal_days"] == 0,
            "RENEWAL_WITHOUT_DAYS",
            Severity.ERROR,
            ("renewal_days", "renewals"),
        ),
        (
            bool(plain["holds_allowed"]) and number["max_holds"] == 0,
            "HOLDS_WITHOUT_NUMBER",
            Severity.ERROR,
            ("max_holds", "holds_allowed"),
        ),
        (isinstance(fixed, date) and fixed < today, "FIXED_PAST", Severity.WARNING, ("fixed_due",)),
    )
    return ((code, severity, names) for broken, code, severity, names in tests if broken)


def _exceptions(own: Sequence[Row], known: Known) -> Iterable[Finding]:
    """A place may make exceptions to its own lock; it should know that it does."""
    for row in own:
        for lock in own:
            narrower = lock.ref.category in known.path_of(row.ref.category) and lock.ref.item_type in (
                row.ref.item_type,
                ANY,
            )
            if row is lock or not narrower:
                continue
            for name in sorted(lock.locks & set(row.values)):
                if name not in row.locks and row.values[name] != lock.values[name]:
                    yield Finding("OWN_EXCEPTION", Severity.INFO, row.ref, name, lock.ref)


def _crossings(own: Sequence[Row], known: Known) -> Iterable[Finding]:
    """Two rows that both fit and say different things, one narrower in the reader, the other in the item.

    The narrower reader wins; who wants it otherwise writes the row for both.
    """
    rows = {(row.ref.category, row.ref.item_type): row for row in own}
    for row in own:
        for other in own:
            wider = other.ref.category in known.path_of(row.ref.category)[1:]
            if row.ref.item_type != ANY or other.ref.item_type == ANY or not wider:
                continue
            both = rows.get((row.ref.category, other.ref.item_type))
            for name in row.values:
                decided = both is not None and name in both.values
                if name in other.values and other.values[name] != row.values[name] and not decided:
                    yield Finding("CROSSES", Severity.INFO, row.ref, name, other.ref)
