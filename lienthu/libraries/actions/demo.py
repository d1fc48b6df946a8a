"""The libraries of the demonstration province (data/demo_libraries.json): examples, not records of institutions."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.identity.actions import create_scope
from lienthu.libraries.access import ADD
from lienthu.libraries.actions.branches import BranchData, add_branch
from lienthu.libraries.actions.events import EventData, record_event
from lienthu.libraries.actions.hours import add_season, read_spans, set_holiday_rule, set_week
from lienthu.libraries.actions.registry import LibraryData, create_library, load_services, set_services
from lienthu.libraries.models import Branch, Library, Unit
from lienthu.libraries.policy.hours import Week
from lienthu.libraries.queries import REFORM_DAY, unit_of_code

_FILE = Path(__file__).resolve().parent.parent / "data" / "demo_libraries.json"


@dataclass(frozen=True)
class DemoLoaded:
    """How many libraries and service points were added; none on a second run."""

    libraries: int
    branches: int


def load_demo_libraries(*, actor: Actor) -> DemoLoaded:
    """Add the demonstration libraries that are not there yet, with hours, services, service points and history.

    Needs the units (load_units). All of it happens in one transaction. Raises Refused.
    """
    require(actor, ADD)
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    with writing(actor) as w:
        load_services(actor=actor)
        missing = [row for row in data["libraries"] if not Library.objects.filter(code=row["code"]).exists()]
        if not missing:
            w.nothing_changed()
            return DemoLoaded(libraries=0, branches=0)
        root = _root(actor, data["scope"])
        branches = 0
        for row in missing:
            library = _add(actor, row, root)
            _set_hours(actor, library, data["hours"][row["hours"]])
            set_services(actor=actor, library=library, offers=dict.fromkeys(row["services"], ""))
            for branch in row.get("branches", ()):
                _add_branch(actor, library, branch, data["hours"])
                branches += 1
        for row in missing:
            _add_events(actor, row)
    return DemoLoaded(libraries=len(missing), branches=branches)


def _root(actor: Actor, row: dict[str, str]) -> Any:
    """The province in the tree of permissions: that of an earlier run or of the demonstration accounts, else new."""
    known = Library.objects.select_related("scope__parent").exclude(scope__parent=None).first()
    if known is not None:
        return known.scope.parent
    return create_scope(actor=actor, kind="PROVINCE", code=row["code"], name=row["name"], parent=None)


def _add(actor: Actor, row: dict[str, Any], root: Any) -> Library:
    latitude, longitude = _coordinates(row)
    data = LibraryData(
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        kind=row["kind"],
        unit=_unit(row["unit"], day=REFORM_DAY),
        latitude=latitude,
        longitude=longitude,
        about=row.get("about", ""),
        collection_languages=tuple(row.get("collection_languages", ())),
    )
    return create_library(actor=actor, code=row["code"], data=data, under=root, demonstration=True)


def _add_branch(actor: Actor, library: Library, row: dict[str, Any], patterns: dict[str, Any]) -> Branch:
    latitude, longitude = _coordinates(row)
    data = BranchData(
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        kind=row["kind"],
        unit=_unit(row["unit"], day=REFORM_DAY),
        latitude=latitude,
        longitude=longitude,
    )
    branch = add_branch(actor=actor, library=library, code=row["code"], data=data)
    if "hours" in row:
        set_week(actor=actor, library=library, branch=branch, week=_week(patterns[row["hours"]]["week"]))
    return branch


def _add_events(actor: Actor, row: dict[str, Any]) -> None:
    library = Library.objects.select_related("scope").get(code=row["code"])
    for event in row.get("events", ()):
        found = {
            s.code: s for s in Library.objects.select_related("scope").filter(code__in=event.get("successors", ()))
        }
        data = EventData(
            kind=event["kind"],
            on=date.fromisoformat(event["date"]),
            note=event["note"],
            successors=tuple(found[code] for code in event.get("successors", ())),
        )
        record_event(actor=actor, library=library, data=data)


def _set_hours(actor: Actor, library: Library, pattern: dict[str, Any]) -> None:
    if "week" in pattern:
        set_week(actor=actor, library=library, week=_week(pattern["week"]))
    if pattern.get("holidays") == "open":
        set_holiday_rule(actor=actor, library=library, closed=False)
    for season in pattern.get("seasons", ()):
        add_season(
            actor=actor,
            library=library,
            name=season["name"],
            start=_month_day(season["from"]),
            end=_month_day(season["to"]),
            week=_week(season["week"]),
        )


def _week(days: dict[str, list[str]]) -> Week:
    """Read {"1-5": ["07:30-11:30"]}; 1 is Monday."""
    week: list[Any] = [() for _ in range(7)]
    for key, spans in days.items():
        first, _, last = key.partition("-")
        for day in range(int(first), int(last or first) + 1):
            week[day - 1] = read_spans(", ".join(spans))
    return tuple(week)


def _month_day(value: str) -> tuple[int, int]:
    month, day = value.split("-")
    return int(month), int(day)


def _unit(reference: str, *, day: date) -> Unit | None:
    """The unit of "02215" (since 1 July 2025) or "070@2025-06-30"."""
    code, _, on = reference.partition("@")
    return unit_of_code(code, on=date.fromisoformat(on) if on else day)


def _coordinates(row: dict[str, Any]) -> tuple[float | None, float | None]:
    """The centre of the unit, or of the old commune "near" in it: good enough to show where a demonstration is."""
    near = row.get("near")
    unit = _unit(near if near and "@" in near else f"{near}@2025-06-30", day=REFORM_DAY) if near else None
    unit = unit or _unit(row["unit"], day=REFORM_DAY)
    return (unit.latitude, unit.longitude) if unit else (None, None)
