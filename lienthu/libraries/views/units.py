"""Administrative units: the tree of any day, and what became of each unit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthu.kernel import clock
from lienthu.libraries import wording
from lienthu.libraries.models import Succession, Unit
from lienthu.libraries.queries import (
    REFORM_DAY,
    Change,
    LibraryFilter,
    became,
    find_libraries,
    formed_from,
    province_of_name,
    tree,
    unit_bearers,
    unit_of_code,
    units_by_name,
    units_on,
)

_MAX_FOUND = 50


@dataclass(frozen=True)
class TreeRow:
    """A unit of the tree as the page shows it."""

    unit: Unit
    url: str
    children: tuple["TreeRow", ...]


def unit_url(unit: Unit, *, today: date) -> str:
    """The address of a unit; one that is no longer valid needs a day, because its code may be borne by another now."""
    url = reverse("libraries:unit", args=[unit.code])
    if unit.valid_to is not None and unit.valid_to < today:
        return f"{url}?{urlencode({'ngay': unit.valid_to.isoformat()})}"
    return url


def read_day(request: HttpRequest) -> date:
    """The day asked for; today when there is none that can be read."""
    try:
        return date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return clock.today()


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The provinces of a day, one of them with everything below it; a search by name."""
    on, name = read_day(request), request.GET.get("ten", "").strip()
    provinces = list(units_on(on).filter(level=Unit.Level.PROVINCE))
    chosen = _chosen_province(request.GET.get("tinh", ""), provinces, on=on)
    found = units_by_name(name, on=on)[:_MAX_FOUND] if name else ()
    today = clock.today()
    context = {
        "on": on,
        "today": today,
        "reform": REFORM_DAY,
        "name": name,
        "found": [(unit, unit_url(unit, today=today), wording.unit_path(unit.parent)) for unit in found],
        "provinces": provinces,
        "chosen": chosen,
        "tree": _rows(chosen, on=on, today=today) if chosen else (),
        "counts": _counts(chosen, on=on) if chosen else [],
        "crumbs": [(_("Trang chủ"), "/"), (_("Đơn vị hành chính"), "")],
    }
    return render(request, "libraries/units.html", context)


def _chosen_province(code: str, provinces: list[Unit], *, on: date) -> Unit | None:
    own = province_of_name(settings.PROVINCE, on=on)
    return next((unit for unit in provinces if unit.code == code), own or (provinces[0] if provinces else None))


def _rows(province: Unit, *, on: date, today: date) -> tuple[TreeRow, ...]:
    def row(node: Any) -> TreeRow:
        return TreeRow(
            unit=node.unit, url=unit_url(node.unit, today=today), children=tuple(row(child) for child in node.children)
        )

    return tuple(row(node) for node in tree(on=on, root=province))


def _counts(province: Unit, *, on: date) -> list[tuple[str, int]]:
    """How many units of each kind the province had, as "117 Xã"."""
    below = units_on(on).filter(parent=province) | units_on(on).filter(parent__parent=province)
    counts: dict[str, int] = {}
    for kind in below.values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return [(str(Unit.Kind(kind).label), counts[kind]) for kind in Unit.Kind.values if kind in counts]


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: since when, until when, what it was formed from, what became of it, the libraries in it."""
    bearers = unit_bearers(code)
    if not bearers:
        raise Http404
    on, today = read_day(request), clock.today()
    one = unit_of_code(code, on=on) or bearers[0]
    libraries = find_libraries(LibraryFilter(unit=one, with_closed=True))
    context = {
        "unit": one,
        "kind": Unit.Kind(one.kind).label,
        "path": wording.unit_path(one.parent),
        "parents": _parents(one, today=today),
        "others": [(other, unit_url(other, today=today)) for other in bearers if other.pk != one.pk],
        "became": _changes(became(one), today=today),
        "formed_from": _changes(formed_from(one), today=today),
        "children": _rows(one, on=one.valid_to or max(on, one.valid_from or on), today=today),
        "libraries": [
            (wording.name_of(row), reverse("libraries:library", args=[row.code]), row.get_status_display())
            for row in libraries
        ],
        "facts": _facts(one),
        "ended": one.valid_to is not None and one.valid_to < today,
        "crumbs": [(_("Trang chủ"), "/"), (_("Đơn vị hành chính"), reverse("libraries:units")), (one.full_name, "")],
    }
    return render(request, "libraries/unit.html", context)


def _parents(one: Unit, *, today: date) -> list[tuple[Unit, str]]:
    found, parent = [], one.parent
    while parent is not None:
        found.append((parent, unit_url(parent, today=today)))
        parent = parent.parent
    return found


def _changes(changes: tuple[Change, ...], *, today: date) -> list[dict[str, Any]]:
    rows = []
    for change in changes:
        share = _("%(percent)s%%") % {"percent": f"{change.share * 100:.1f}"} if change.share is not None else ""
        rows.append(
            {
                "unit": change.unit,
                "url": unit_url(change.unit, today=today),
                "path": wording.unit_path(change.unit.parent),
                "event": Succession.Event(change.event).label,
                "date": change.date,
                "partial": change.partial,
                "main": change.main and change.partial,
                "share": share,
                "legal_basis": change.legal_basis,
                "communes": ", ".join(commune.full_name for commune in change.communes),
            }
        )
    return rows


def _facts(one: Unit) -> list[tuple[str, Any]]:
    since = wording.day(one.valid_from) if one.valid_from else _("trước 01/07/2025, nguồn không ghi ngày")
    return [
        (_("Mã"), one.code),
        (_("Cấp"), Unit.Level(one.level).label),
        (_("Có từ"), since),
        (_("Đến hết ngày"), wording.day(one.valid_to) if one.valid_to else ""),
        (_("Diện tích"), _("%(area)s km²") % {"area": _number(one.area_km2)} if one.area_km2 else ""),
    ]


def _number(value: float) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text if wording.is_english() else text.translate(str.maketrans(",.", ".,"))
