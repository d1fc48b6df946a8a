"""The deeds of loan rules: prepare a draft, publish it from a day, withdraw what has not begun."""

from lienthu.loanrules.actions.drafting import RuleData, discard_draft, drop_rule, put_rule, start_draft
from lienthu.loanrules.actions.publishing import publish, withdraw
from lienthu.loanrules.actions.refusals import NotPossible
from lienthu.loanrules.actions.starting import load_default_rules

__all__ = [
    "NotPossible",
    "RuleData",
    "discard_draft",
    "drop_rule",
    "load_default_rules",
    "publish",
    "put_rule",
    "start_draft",
    "withdraw",
]
