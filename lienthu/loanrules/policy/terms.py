"""The terms of one loan: every value with where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthu.loanrules.policy.resolving import Row, Value, resolve
from lienthu.loanrules.policy.values import ATTRIBUTES, Plain, write_value


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at a place for a reader category and an item type on a day.

    Days are calendar days, money is whole đồng; `fine_cap` 0 means no cap, `overdue_blocks_after_days` 0 and
    `debt_limit` 0 mean never.
    """

    place: str
    category: str
    item_type: str
    on: date
    lendable: Value[bool]
    in_library_only: Value[bool]
    loan_days: Value[int]
    fixed_due: Value[date | None]
    fixed_due_how: Value[str]
    closed_day: Value[str]
    due_time: Value[str]
    max_loans: Value[int]
    max_loans_of_type: Value[int]
    max_loans_here: Value[int]
    renewals: Value[int]
    renewal_days: Value[int]
    renewal_from: Value[str]
    renewal_opens_days: Value[int]
    holds_allowed: Value[bool]
    max_holds: Value[int]
    hold_shelf_days: Value[int]
    fine_per_day: Value[int]
    fine_cap: Value[int]
    grace_days: Value[int]
    fine_on_closed_days: Value[bool]
    overdue_blocks_after_days: Value[int]
    debt_limit: Value[int]

    def values(self) -> dict[str, Value[Plain]]:
        """Every value by name, in the order of the table."""
        return {name: getattr(self, name) for name in ATTRIBUTES}

    def as_json(self) -> dict[str, Any]:
        """What a loan keeps of them: the values and the rows that gave them. Rows never change, so the rest follows."""
        return {
            "place": self.place,
            "category": self.category,
            "item_type": self.item_type,
            "on": self.on.isoformat(),
            "values": {name: _kept(value) for name, value in self.values().items()},
        }


def _kept(value: Value[Plain]) -> dict[str, Any]:
    kept: dict[str, Any] = {"value": write_value(value.value)}
    if value.rule is not None:
        kept["rule"] = value.rule.as_json()
    if value.locked_by is not None:
        kept["locked_by"] = value.locked_by.as_json()
    return kept


def terms_from(
    levels: Sequence[Sequence[Row]], *, place: str, category_path: Sequence[str], item_type: str, on: date
) -> Terms:
    """Resolve everything for one question; `levels` from the top down. Total: whatever is asked, there is an answer."""
    found: Mapping[str, Any] = resolve(levels, category_path=category_path, item_type=item_type)
    return Terms(place=place, category=category_path[0], item_type=item_type, on=on, **found)
