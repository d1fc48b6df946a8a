"""Every write of libraries and administrative units."""

from lienthu.identity.actions import NotPossible
from lienthu.libraries.actions.branches import BranchData, add_branch, close_branch, edit_branch
from lienthu.libraries.actions.demo import load_demo_libraries
from lienthu.libraries.actions.events import EventData, record_event
from lienthu.libraries.actions.hours import (
    add_exception,
    add_season,
    remove_exception,
    remove_season,
    set_holiday_rule,
    set_week,
)
from lienthu.libraries.actions.registry import LibraryData, create_library, edit_library, load_services, set_services
from lienthu.libraries.actions.units import UnitsLoaded, load_units

__all__ = [
    "BranchData",
    "EventData",
    "LibraryData",
    "NotPossible",
    "UnitsLoaded",
    "add_branch",
    "add_exception",
    "add_season",
    "close_branch",
    "create_library",
    "edit_branch",
    "edit_library",
    "load_demo_libraries",
    "load_services",
    "load_units",
    "record_event",
    "remove_exception",
    "remove_season",
    "set_holiday_rule",
    "set_services",
    "set_week",
]
