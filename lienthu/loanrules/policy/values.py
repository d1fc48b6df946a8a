"""What a rule may say: every value with its kind, its limits, and what holds where no rule says anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """How a value is written."""

    DAYS = "DAYS"
    COUNT = "COUNT"
    MONEY = "MONEY"  # whole đồng
    YES_NO = "YES_NO"
    DATE = "DATE"
    CHOICE = "CHOICE"


class Group(StrEnum):
    """The part of the table in which a value stands."""

    LENDING = "LENDING"
    DUE = "DUE"
    LIMITS = "LIMITS"
    RENEWALS = "RENEWALS"
    HOLDS = "HOLDS"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value that rules give. `default` holds where no rule gives it; `most` bounds numbers."""

    name: str
    group: Group
    kind: Kind
    default: bool | int | str | date | None
    most: int = 0
    choices: tuple[str, ...] = ()


Plain = bool | int | str | date | None

# The largest values, which people read as "no limit" and "at any time".
NO_LIMIT = 10_000
AT_ANY_TIME = 3650

_ALL = (
    Attribute("lendable", Group.LENDING, Kind.YES_NO, True),
    Attribute("in_library_only", Group.LENDING, Kind.YES_NO, False),
    Attribute("loan_days", Group.DUE, Kind.DAYS, 14, most=3650),
    Attribute("fixed_due", Group.DUE, Kind.DATE, None),
    Attribute("fixed_due_how", Group.DUE, Kind.CHOICE, "NOT_AFTER", choices=("EXACT", "NOT_AFTER", "NOT_BEFORE")),
    Attribute("closed_day", Group.DUE, Kind.CHOICE, "NEXT_OPEN", choices=("NEXT_OPEN", "PREVIOUS_OPEN", "KEEP")),
    Attribute("due_time", Group.DUE, Kind.CHOICE, "END_OF_DAY", choices=("END_OF_DAY", "CLOSING")),
    Attribute("max_loans", Group.LIMITS, Kind.COUNT, 5, most=NO_LIMIT),
    Attribute("max_loans_of_type", Group.LIMITS, Kind.COUNT, NO_LIMIT, most=NO_LIMIT),
    Attribute("max_loans_here", Group.LIMITS, Kind.COUNT, NO_LIMIT, most=NO_LIMIT),
    Attribute("renewals", Group.RENEWALS, Kind.COUNT, 1, most=1000),
    Attribute("renewal_days", Group.RENEWALS, Kind.DAYS, 14, most=3650),
    Attribute("renewal_from", Group.RENEWALS, Kind.CHOICE, "DUE", choices=("DUE", "TODAY")),
    Attribute("renewal_opens_days", Group.RENEWALS, Kind.DAYS, AT_ANY_TIME, most=AT_ANY_TIME),
    Attribute("holds_allowed", Group.HOLDS, Kind.YES_NO, True),
    Attribute("max_holds", Group.HOLDS, Kind.COUNT, 5, most=NO_LIMIT),
    Attribute("hold_shelf_days", Group.HOLDS, Kind.DAYS, 7, most=365),
    Attribute("fine_per_day", Group.OVERDUE, Kind.MONEY, 0, most=10_000_000),
    Attribute("fine_cap", Group.OVERDUE, Kind.MONEY, 0, most=1_000_000_000),
    Attribute("grace_days", Group.OVERDUE, Kind.DAYS, 0, most=365),
    Attribute("fine_on_closed_days", Group.OVERDUE, Kind.YES_NO, False),
    Attribute("overdue_blocks_after_days", Group.OVERDUE, Kind.DAYS, 1, most=3650),
    Attribute("debt_limit", Group.OVERDUE, Kind.MONEY, 0, most=1_000_000_000),
)

ATTRIBUTES: Mapping[str, Attribute] = {one.name: one for one in _ALL}


class Unusable(ValueError):
    """A value that no rule can hold. `code` is UNKNOWN, KIND, LIMITS or CHOICE."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name = name
        self.code = code


def read_value(name: str, raw: object) -> Plain:
    """Return the value that JSON `raw` means for this attribute. Raises Unusable."""
    attribute = ATTRIBUTES.get(name)
    if attribute is None:
        raise Unusable(name, "UNKNOWN")
    if attribute.kind == Kind.YES_NO:
        if not isinstance(raw, bool):
            raise Unusable(name, "KIND")
        return raw
    if attribute.kind == Kind.DATE:
        return _read_date(name, raw)
    if attribute.kind == Kind.CHOICE:
        if raw not in attribute.choices:
            raise Unusable(name, "CHOICE")
        return str(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Unusable(name, "KIND")
    if not 0 <= raw <= attribute.most:
        raise Unusable(name, "LIMITS")
    return raw


def _read_date(name: str, raw: object) -> date | None:
    """A rule may say on purpose that there is no fixed date: null."""
    if raw is None or isinstance(raw, date):
        return raw
    if not isinstance(raw, str):
        raise Unusable(name, "KIND")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise Unusable(name, "KIND") from None


def write_value(value: Plain) -> bool | int | str | None:
    """The value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
