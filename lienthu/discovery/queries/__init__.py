"""Everything that others may read of discovery."""

from lienthu.discovery.queries.classes import ClassNumber, class_numbers
from lienthu.discovery.queries.finding import Found, Hit, corrections, export, find, similar, terms_of

__all__ = [
    "ClassNumber",
    "Found",
    "Hit",
    "class_numbers",
    "corrections",
    "export",
    "find",
    "similar",
    "terms_of",
]
