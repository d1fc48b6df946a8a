"""What the tests of this module share: a small network and a quick way to put rules into force."""

from datetime import date
from typing import Any

from lienthu.identity.models import Scope
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import SYSTEM, library, person, root_scope
from lienthu.loanrules.actions import RuleData, publish, put_rule, start_draft
from lienthu.loanrules.models import Edition
from lienthu.loanrules.queries import terms

Line = tuple[str, str, dict[str, Any]]


def rules(scope: Scope, *lines: Line, locks: str = "", valid_from: date | None = None) -> Edition:
    """Publish a table that consists of these lines: (category, item type, values)."""
    draft = start_draft(actor=SYSTEM, scope=scope)
    draft.rules.all().delete()
    for category, item_type, values in lines:
        held = frozenset(locks.split()) & frozenset(values)
        data = RuleData(category=category, item_type=item_type, values=values, locks=held)
        put_rule(actor=SYSTEM, draft=draft, data=data)
    return publish(actor=SYSTEM, draft=draft, valid_from=valid_from or clock.today())


def forget_rules() -> None:
    """Let this process forget the published rules: a version that a test took back may be given again."""
    terms._kept[0] = terms.RuleBook(None)


__all__ = ["SYSTEM", "forget_rules", "library", "person", "root_scope", "rules"]
