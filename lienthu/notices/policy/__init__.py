"""Rules about notices; pure."""

from lienthu.notices.policy.kinds import FIELDS, KINDS, TOPICS, Kind, Texts
from lienthu.notices.policy.rendering import Fault, Rendered, digest, faults, render
from lienthu.notices.policy.routing import (
    CHANNELS,
    MOST_TRIES,
    Reach,
    Timing,
    after_quiet,
    due_moment,
    loan_kind,
    next_try,
    route,
)

__all__ = [
    "CHANNELS",
    "FIELDS",
    "KINDS",
    "MOST_TRIES",
    "TOPICS",
    "Fault",
    "Kind",
    "Reach",
    "Rendered",
    "Texts",
    "Timing",
    "after_quiet",
    "digest",
    "due_moment",
    "faults",
    "loan_kind",
    "next_try",
    "render",
    "route",
]
