"""What a loan costs under the terms that it keeps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lienthu.loanrules.policy.due import Calendar
from lienthu.loanrules.policy.fines import Fine, Tariff, overdue_fine
from lienthu.loanrules.policy.values import ATTRIBUTES


def costs_when_late(kept: Mapping[str, Any]) -> bool:
    """Do these kept terms (`Terms.as_json`) ask anything for a day late?"""
    return bool(_value(kept, "fine_per_day"))


def fine_of(*, kept: Mapping[str, Any], calendar: Calendar, due: date, returned: date) -> Fine:
    """The fine for a loan with these kept terms that came back on `returned`."""
    tariff = Tariff(
        per_day=int(_value(kept, "fine_per_day")),
        cap=int(_value(kept, "fine_cap")),
        grace_days=int(_value(kept, "grace_days")),
        on_closed_days=bool(_value(kept, "fine_on_closed_days")),
    )
    return overdue_fine(terms=tariff, calendar=calendar, due=due, returned=returned)


def kept_rule(kept: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The row that gave a kept value; None: the product's own default."""
    rule: Mapping[str, Any] | None = kept.get("values", {}).get(name, {}).get("rule")
    return rule


def _value(kept: Mapping[str, Any], name: str) -> Any:
    return kept.get("values", {}).get(name, {}).get("value", ATTRIBUTES[name].default)
