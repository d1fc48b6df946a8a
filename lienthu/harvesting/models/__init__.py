"""Tables of harvesting: sources, their runs, the pages as they came, and which record came under which identifier."""

from lienthu.harvesting.models.runs import Page, Run, RunKind, RunState
from lienthu.harvesting.models.sources import Entry, Numbering, Source

__all__ = ["Entry", "Numbering", "Page", "Run", "RunKind", "RunState", "Source"]
