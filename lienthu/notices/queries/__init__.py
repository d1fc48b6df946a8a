"""Everything that others may read of notices."""

from lienthu.notices.policy import Timing, loan_kind
from lienthu.notices.queries.lists import (
    counts_by_state,
    devices_of,
    example_params,
    preferences_of,
    sample_params,
    unread_count,
)
from lienthu.notices.queries.texts import TextBook, TextInForce, Timetable, text_versions

__all__ = [
    "TextBook",
    "TextInForce",
    "Timetable",
    "Timing",
    "counts_by_state",
    "devices_of",
    "example_params",
    "loan_kind",
    "preferences_of",
    "sample_params",
    "text_versions",
    "unread_count",
]
