"""Rules of the catalogue as pure functions: imports, the union record, works."""

from lienthu.catalogue.policy.imports import (
    MAX_CONTROL_NUMBER,
    TRANSITIONS,
    Decision,
    Existing,
    Outcome,
    decide_record,
    differences,
    may_follow,
)
from lienthu.catalogue.policy.union import (
    FIELD_TAGS,
    LOCKABLE,
    UNITED,
    Composed,
    Lock,
    Part,
    best_first,
    compose,
    full_title,
    quality,
    same_words,
)
from lienthu.catalogue.policy.works import WorkKey, work_key

__all__ = [
    "FIELD_TAGS",
    "LOCKABLE",
    "MAX_CONTROL_NUMBER",
    "TRANSITIONS",
    "UNITED",
    "Composed",
    "Decision",
    "Existing",
    "Lock",
    "Outcome",
    "Part",
    "WorkKey",
    "best_first",
    "compose",
    "decide_record",
    "differences",
    "full_title",
    "may_follow",
    "quality",
    "same_words",
    "work_key",
]
