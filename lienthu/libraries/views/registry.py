"""The public registry: the list with its map, and a library's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthu.identity.access import actor_of, may
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.libraries import structured, wording
from lienthu.libraries.access import EDIT, may_see
from lienthu.libraries.forms import LibraryFilterForm
from lienthu.libraries.models import Library
from lienthu.libraries.queries import (
    OpenState,
    Resolved,
    find_libraries,
    local_now,
    open_state,
    province_of_name,
    resolve_code,
    timetables_of,
    units_on,
)
from lienthu.libraries.views.library_page import library_context
from lienthu.web.components import Boundary, Column, Empty, Link, MapPoint, PointMap, Row, Table
from lienthu.web.tags.shows import badge

PAGE = 20
_HALF = 0.012  # degrees
_SOURCE = "vietnamadminunits (MIT)"


@dataclass(frozen=True)
class Shown:
    """A library with its state at this moment; `state` is None where no hours are known."""

    library: Library
    state: OpenState | None
    sentence: str


def shown_libraries(libraries: Sequence[Library]) -> list[Shown]:
    """The libraries with their open state, in four queries however many there are."""
    now = local_now()
    tables = timetables_of(libraries)
    found = []
    for library in libraries:
        table = tables[library.pk]
        if table.week is None or library.status != Library.Status.ACTIVE:
            found.append(Shown(library=library, state=None, sentence=""))
            continue
        state = open_state(table, at=now)
        found.append(Shown(library, state, wording.state_now(state.now, state.next_opening)))
    return found


def _found(form: LibraryFilterForm, sort: str) -> list[Shown]:
    if "don_vi" in form.errors:
        return []
    wanted = form.wanted()
    order = {"name": ("name_sort", "code"), "kind": ("kind", "name_sort"), "code": ("code",)}
    columns = order.get(sort.lstrip("-"), order["name"])
    rows = find_libraries(wanted).order_by(*columns).select_related("unit__parent__parent")
    if sort.startswith("-"):
        rows = rows.reverse()
    shown = shown_libraries(list(rows))
    if form.cleaned_data.get("dang_mo"):
        shown = [one for one in shown if one.state is not None and one.state.is_open]
    return shown


@require_safe
def library_list(request: HttpRequest) -> HttpResponse:
    """Every library that the public may know of: found, sorted, on the map."""
    form = LibraryFilterForm(request.GET)
    form.is_valid()
    sort = request.GET.get("sort", "name")
    shown = _found(form, sort)
    number = page_number(request.GET.get("page"), last=max(1, -(-len(shown) // PAGE)))
    query = request.GET.urlencode()
    context = {
        "table": _table(form, shown, number=number, sort=sort, query=query),
        "map": _map([one.library for one in shown]),
        "total": len(shown),
        "demonstration": any(one.library.demonstration for one in shown),
        "crumbs": [(_("Trang chủ"), "/"), (_("Các thư viện"), "")],
    }
    return render(request, "libraries/list.html", context)


def _table(form: LibraryFilterForm, shown: list[Shown], *, number: int, sort: str, query: str) -> Table:
    page = shown[(number - 1) * PAGE : number * PAGE]
    suffix = f"?{query}" if query else ""
    return Table(
        caption=_("Các thư viện"),
        caption_hidden=True,
        columns=[
            Column("name", _("Thư viện"), sortable=True),
            Column("state", _("Lúc này")),
            Column("kind", _("Loại hình"), sortable=True, hidden_on_phone=True),
            Column("unit", _("Nơi đặt"), hidden_on_phone=True),
            Column("code", _("Mã"), kind="code", sortable=True, hidden_on_phone=True),
        ],
        rows=[_row(one) for one in page],
        total=len(shown),
        number=number,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[
            Link("CSV", reverse("libraries:list_csv") + suffix),
            Link("JSON", reverse("libraries:list_json") + suffix),
        ],
        empty=Empty(
            title=_("Chưa có thư viện nào trong danh bạ."),
            text=_("Khi một thư viện được đăng ký, thư viện đó hiện ở đây cùng giờ mở cửa và dịch vụ."),
        ),
    )


def _row(one: Shown) -> Row:
    library = one.library
    return Row(
        cells={
            "name": wording.name_of(library),
            "state": state_badge(one),
            "kind": Library.Kind(library.kind).label,
            "unit": wording.unit_path(library.unit),
            "code": library.code,
        },
        url=reverse("libraries:library", args=[library.code]) + ("" if library.status == "ACTIVE" else "?ho-so=1"),
    )


def state_badge(one: Shown) -> SafeString:
    """Open until when, closed until when, or what became of the library."""
    if one.library.status != Library.Status.ACTIVE:
        return badge("merged", str(Library.Status(one.library.status).label))
    if one.state is None:
        return badge("neutral", _("Chưa công bố giờ"))
    return badge("open" if one.state.is_open else "closed", one.sentence)


def _map(libraries: list[Library]) -> PointMap | None:
    points = [
        MapPoint(
            label=wording.name_of(library),
            latitude=library.latitude,
            longitude=library.longitude,
            url=reverse("libraries:library", args=[library.code]),
            note=wording.unit_path(library.unit),
        )
        for library in libraries
        if library.latitude is not None and library.longitude is not None and library.status == "ACTIVE"
    ]
    if not points:
        return None
    return PointMap(title=_("Thư viện trên bản đồ"), points=points, boundaries=_ground(), source=_SOURCE)


def _ground() -> list[Boundary]:
    """The communes of the province as small marks, so that the points have a ground to stand on.

    No outline of the province has a licence that lets us ship it; the centres of its communes have.
    """
    province = province_of_name(settings.PROVINCE, on=local_now().date())
    if province is None:
        return []
    communes = units_on(local_now().date()).filter(parent=province).exclude(latitude=None)
    return [Boundary(unit.full_name, [_mark(unit.longitude, unit.latitude)]) for unit in communes]


def _mark(longitude: float | None, latitude: float | None) -> list[tuple[float, float]]:
    """A square of about one kilometre around a point, standing on its corner."""
    x, y = longitude or 0.0, latitude or 0.0
    return [(x - _HALF, y), (x, y + _HALF), (x + _HALF, y), (x, y - _HALF)]


@require_safe
def list_csv(request: HttpRequest) -> HttpResponseBase:
    """The list as found, as a spreadsheet reads it (UTF-8 with byte order mark)."""
    rows = _export_rows(request)
    return csv_response("thu-vien", list(rows[0]) if rows else [], (list(row.values()) for row in rows))


@require_safe
def list_json(request: HttpRequest) -> HttpResponse:
    """The list as found, as JSON."""
    return JsonResponse({"items": _export_rows(request)}, json_dumps_params={"ensure_ascii": False})


def _export_rows(request: HttpRequest) -> list[dict[str, object]]:
    form = LibraryFilterForm(request.GET)
    form.is_valid()
    shown = _found(form, request.GET.get("sort", "name"))
    return [structured.library_row(one.library, is_open=one.state.is_open if one.state else None) for one in shown]


@require_safe
def library(request: HttpRequest, code: str) -> HttpResponse:
    """A library's own page; the code of one that was merged leads to the library that continues it."""
    resolved = resolve_code(code)
    if resolved is None or not may_see(actor_of(request), resolved.asked):
        raise Http404
    elsewhere = _redirect(request, code, resolved)
    if elsewhere is not None:
        return elsewhere
    one = resolved.asked
    url = request.build_absolute_uri(reverse("libraries:library", args=[one.code]))
    context = library_context(one, old_code=request.GET.get("ma-cu", ""))
    today = local_now().date()
    context["json_ld"] = structured.json_ld(
        one, url=url, timetable=context["timetable"], coming=[today + timedelta(days=n) for n in range(60)]
    )
    context["canonical"] = url
    context["may_edit"] = may(actor_of(request), EDIT, one.scope)
    return render(request, "libraries/library.html", context)


def _redirect(request: HttpRequest, code: str, resolved: Resolved) -> HttpResponse | None:
    """To the successor (saying which code was asked for), or to the code as it is written; None to stay."""
    if resolved.moved and "ho-so" not in request.GET and may_see(actor_of(request), resolved.library):
        query = urlencode({"ma-cu": resolved.asked.code})
        target = reverse("libraries:library", args=[resolved.library.code])
        return HttpResponsePermanentRedirect(f"{target}?{query}")
    if code != resolved.asked.code:
        return HttpResponsePermanentRedirect(reverse("libraries:library", args=[resolved.asked.code]))
    return None
