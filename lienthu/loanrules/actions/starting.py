"""The table that a province begins with, as data with its sources."""

import tomllib
from pathlib import Path

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.loanrules.actions.drafting import RuleData, put_rule, start_draft
from lienthu.loanrules.actions.publishing import publish
from lienthu.loanrules.models import Edition

DATA = Path(__file__).resolve().parent.parent / "data"


def load_default_rules(*, actor: Actor, scope: Scope, table: str = "province") -> bool:
    """Publish the beginning table at a place that never had rules; False where there are some, or a draft.

    Raises Refused.
    """
    if Edition.objects.filter(scope=scope).exists():
        return False
    rows = tomllib.loads((DATA / f"{table}.toml").read_text(encoding="utf-8"))["row"]
    with writing(actor):
        draft = start_draft(actor=actor, scope=scope)
        for row in rows:
            data = RuleData(
                category=row["category"],
                item_type=row["item_type"],
                values=row["values"],
                locks=frozenset(row.get("locks", ())),
                note=row["note"],
            )
            put_rule(actor=actor, draft=draft, data=data)
        publish(actor=actor, draft=draft, valid_from=clock.today(), reason="Nội quy khởi đầu.")
    return True
