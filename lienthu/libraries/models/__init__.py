from lienthu.libraries.models.hours import HoursException, OpeningSpan, Season
from lienthu.libraries.models.registry import (
    Branch,
    Library,
    LibraryService,
    LifecycleEvent,
    LifecycleSuccessor,
    Service,
)
from lienthu.libraries.models.units import Succession, Unit

__all__ = [
    "Branch",
    "HoursException",
    "Library",
    "LibraryService",
    "LifecycleEvent",
    "LifecycleSuccessor",
    "OpeningSpan",
    "Season",
    "Service",
    "Succession",
    "Unit",
]
