"""JSON of the registry and of administrative units: /api/v1/libraries, /api/v1/units."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from ninja import Query, Router, Schema

from lienthu.identity.access import actor_of
from lienthu.kernel import clock
from lienthu.libraries import structured, wording
from lienthu.libraries.access import may_see
from lienthu.libraries.models import Library, Unit
from lienthu.libraries.queries import (
    Change,
    LibraryFilter,
    became,
    branches_of,
    coming_days,
    find_libraries,
    formed_from,
    history_of,
    local_now,
    open_state,
    resolve_code,
    successors_of,
    timetable_of,
    timetables_of,
    unit_bearers,
    unit_of_code,
    units_on,
)

router = Router(tags=["libraries"])


class LibraryRow(Schema):
    """One library of the registry. `open_now` is null where no hours are known."""

    code: str
    name: str
    name_en: str
    kind: str
    status: str
    unit_code: str
    unit: str
    address: str
    latitude: float | None
    longitude: float | None
    phone: str
    email: str
    website: str
    open_now: bool | None
    demonstration: bool


class LibraryList(Schema):
    total: int
    page: int
    size: int
    items: list[LibraryRow]


class ServiceRow(Schema):
    code: str
    name: str
    note: str


class BranchRow(Schema):
    code: str
    kind: str
    name: str
    name_en: str
    unit: str
    address: str
    latitude: float | None
    longitude: float | None


class SpanRow(Schema):
    opens: str
    closes: str


class DayRow(Schema):
    """One of the coming days; `reason` says why it differs from the ordinary week."""

    date: date
    spans: list[SpanRow]
    reason: str


class EventRow(Schema):
    kind: str
    date: date
    document_number: str
    note: str
    successors: list[str]


class LibraryDetail(LibraryRow):
    about: str
    collection_languages: list[str]
    founded_date: date | None
    next_opening: datetime | None
    hours: list[DayRow]
    services: list[ServiceRow]
    branches: list[BranchRow]
    history: list[EventRow]
    successors: list[str]


class LibraryQuery(Schema):
    """`unit` is a code of any time; `closed` includes merged and dissolved libraries."""

    name: str = ""
    kind: str = ""
    unit: str = ""
    service: str = ""
    language: str = ""
    open: bool | None = None
    closed: bool = False
    page: Annotated[int, Query(ge=1)] = 1
    size: Annotated[int, Query(ge=1, le=200)] = 50


@router.get("/libraries", response=LibraryList, summary="Libraries of the public registry")
def list_libraries(request: HttpRequest, query: Query[LibraryQuery]) -> dict[str, Any]:
    unit = None
    if query.unit:
        bearers = unit_bearers(query.unit)
        if not bearers:
            return {"total": 0, "page": query.page, "size": query.size, "items": []}
        unit = unit_of_code(query.unit, on=clock.today()) or bearers[0]
    wanted = LibraryFilter(
        name=query.name,
        kind=query.kind,
        unit=unit,
        service=query.service,
        language=query.language,
        with_closed=query.closed,
    )
    rows = list(find_libraries(wanted).select_related("unit__parent__parent"))
    now, tables = local_now(), timetables_of(rows)
    states = {
        row.pk: None if tables[row.pk].week is None else open_state(tables[row.pk], at=now).is_open for row in rows
    }
    if query.open is not None:
        rows = [row for row in rows if states[row.pk] is query.open]
    page = rows[(query.page - 1) * query.size : query.page * query.size]
    items = [structured.library_row(row, is_open=states[row.pk]) for row in page]
    return {"total": len(rows), "page": query.page, "size": query.size, "items": items}


@router.get("/libraries/{path:code}", response=LibraryDetail, summary="One library; an old code leads to its successor")
def one_library(request: HttpRequest, code: str, record: bool = False) -> dict[str, Any] | HttpResponse:
    """`record=true` answers the closed library itself instead of redirecting."""
    resolved = resolve_code(code)
    if resolved is None or not may_see(actor_of(request), resolved.asked):
        raise Http404
    if resolved.moved and not record:
        target = request.path.removesuffix(code) + resolved.library.code
        return HttpResponsePermanentRedirect(target)
    return _detail(resolved.asked)


def _detail(library: Library) -> dict[str, Any]:
    table, now = timetable_of(library), local_now()
    active = library.status == Library.Status.ACTIVE
    state = open_state(table, at=now) if active and table.week is not None else None
    return {
        **structured.library_row(library, is_open=state.is_open if state else None),
        "about": library.about,
        "collection_languages": library.collection_languages,
        "founded_date": library.founded_date,
        "next_opening": state.next_opening if state else None,
        "hours": [
            {
                "date": plan.day,
                "spans": [{"opens": f"{s.opens:%H:%M}", "closes": f"{s.closes:%H:%M}"} for s in plan.spans],
                "reason": wording.reason(plan),
            }
            for plan in (coming_days(table, first=now.date(), days=14) if state else ())
        ],
        "services": [
            {"code": offer.service.code, "name": wording.service_name(offer), "note": offer.note}
            for offer in library.services.select_related("service").order_by("service__order")
        ],
        "branches": [structured.branch_row(branch) for branch in branches_of(library)],
        "history": [
            {
                "kind": event.kind,
                "date": event.date,
                "document_number": event.document_number,
                "note": event.note,
                "successors": [one.code for one in event.successors.all()],
            }
            for event in history_of(library)
        ],
        "successors": [one.code for one in successors_of(library)],
    }


class UnitRow(Schema):
    """One administrative unit; `valid_to` is its last day."""

    code: str
    level: Literal["PROVINCE", "DISTRICT", "COMMUNE"]
    kind: str
    name: str
    full_name: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    latitude: float | None
    longitude: float | None
    area_km2: float | None


class ChangeRow(Schema):
    """`share` is null where nobody has measured which part went where."""

    code: str
    full_name: str
    event: str
    date: date
    partial: bool
    main: bool
    share: float | None
    communes: list[str]


class UnitDetail(UnitRow):
    became: list[ChangeRow]
    formed_from: list[ChangeRow]


class UnitList(Schema):
    on: date
    items: list[UnitRow]


@router.get(
    "/units", response=UnitList, summary="Administrative units of a day, below a parent (provinces without one)"
)
def list_units(request: HttpRequest, on: date | None = None, parent: str = "") -> dict[str, Any]:
    day = on or clock.today()
    above = unit_of_code(parent, on=day) if parent else None
    if parent and above is None:
        raise Http404
    units = units_on(day).filter(parent=above).select_related("parent")
    return {"on": day, "items": [_unit_row(unit) for unit in units]}


@router.get("/units/{code}", response=UnitDetail, summary="One unit with what became of it")
def one_unit(request: HttpRequest, code: str, on: date | None = None) -> dict[str, Any]:
    bearers = unit_bearers(code)
    unit = unit_of_code(code, on=on or clock.today()) or next(iter(bearers), None)
    if unit is None:
        raise Http404
    return {
        **_unit_row(unit),
        "became": [_change_row(change) for change in became(unit)],
        "formed_from": [_change_row(change) for change in formed_from(unit)],
    }


def _unit_row(unit: Unit) -> dict[str, Any]:
    names = (
        "code",
        "level",
        "kind",
        "name",
        "full_name",
        "valid_from",
        "valid_to",
        "latitude",
        "longitude",
        "area_km2",
    )
    return {name: getattr(unit, name) for name in names} | {"parent": unit.parent.code if unit.parent else ""}


def _change_row(change: Change) -> dict[str, Any]:
    return {
        "code": change.unit.code,
        "full_name": change.unit.full_name,
        "event": change.event,
        "date": change.date,
        "partial": change.partial,
        "main": change.main,
        "share": None if change.share is None else float(change.share),
        "communes": [commune.code for commune in change.communes],
    }
