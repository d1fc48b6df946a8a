"""Suggestions for author marks and class numbers, each with its reason. Pure Python and data: no Django, no tables.

A suggestion is never written by itself. `reason.code` and `reason.params` become a sentence in
`cataloguing.wording_suggestions`; data and their sources: `data/SOURCE.md`.
"""

from lienthu.cataloguing.suggestions.classes import class_numbers
from lienthu.cataloguing.suggestions.marks import author_marks
from lienthu.cataloguing.suggestions.values import Reason, Suggestion

__all__ = ["Reason", "Suggestion", "author_marks", "class_numbers"]
