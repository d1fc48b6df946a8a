"""What others may read of loan rules: the terms of a loan, when it is due, and why."""

from lienthu.loanrules.policy.comparing import Comparison, LoanChange, LoanFact, Outcome, joined
from lienthu.loanrules.policy.due import Calendar, Day, Due
from lienthu.loanrules.policy.resolving import ANY, RuleRef, Value
from lienthu.loanrules.policy.terms import Terms
from lienthu.loanrules.queries.due import calendar_of, due_of
from lienthu.loanrules.queries.fines import costs_when_late, fine_of, kept_rule
from lienthu.loanrules.queries.places import NoSuchPlace, Place, chain_of
from lienthu.loanrules.queries.terms import terms_for
from lienthu.loanrules.queries.trying import tried_on

__all__ = [
    "ANY",
    "Calendar",
    "Comparison",
    "Day",
    "Due",
    "LoanChange",
    "LoanFact",
    "NoSuchPlace",
    "Outcome",
    "Place",
    "RuleRef",
    "Terms",
    "Value",
    "calendar_of",
    "chain_of",
    "costs_when_late",
    "due_of",
    "fine_of",
    "joined",
    "kept_rule",
    "terms_for",
    "tried_on",
]
