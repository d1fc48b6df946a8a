"""What a library's page shows, prepared."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthu.libraries import wording
from lienthu.libraries.models import Branch, Library, LifecycleEvent
from lienthu.libraries.policy.hours import DayPlan, Timetable, Week
from lienthu.libraries.queries import (
    branch_timetables,
    branches_of,
    coming_days,
    figures_of,
    history_of,
    library_of_code,
    local_now,
    open_state,
    predecessors_of,
    successors_of,
    timetable_of,
)
from lienthu.web.components import Figure, MapPoint, PointMap, TimelineEntry


def library_context(library: Library, *, old_code: str = "") -> dict[str, Any]:
    """The page of one library. `old_code`: the code by which the reader came."""
    now = local_now()
    timetable = timetable_of(library)
    active = library.status == Library.Status.ACTIVE
    state = open_state(timetable, at=now) if active else None
    old = library_of_code(old_code) if old_code else None
    return {
        "library": library,
        "name": wording.name_of(library),
        "kind": Library.Kind(library.kind).label,
        "status": Library.Status(library.status).label,
        "active": active,
        "timetable": timetable,
        "state": state,
        "state_sentence": wording.state_now(state.now, state.next_opening) if state else "",
        "days": [day_row(plan, today=plan.day == now.date()) for plan in coming_days(timetable, first=now.date())],
        "seasons": [
            {
                "name": s.name,
                "from": f"{s.start[1]:02}/{s.start[0]:02}",
                "to": f"{s.end[1]:02}/{s.end[0]:02}",
                "week": week_rows(s.week),
            }
            for s in timetable.seasons
        ],
        "week": week_rows(timetable.week) if timetable.week else [],
        "facts": _facts(library),
        "services": [
            {"name": wording.service_name(offer), "note": offer.note}
            for offer in library.services.select_related("service").order_by("service__order", "service__code")
        ],
        "branches": _branches(library),
        "history": _history(library),
        "predecessors": [(e, e.library) for e in predecessors_of(library)],
        "successors": successors_of(library),
        "figures": [Figure(label=f.label, value=f.number, url=f.url) for f in figures_of(library)],
        "map": _map(library),
        "old": old if old and old.pk != library.pk else None,
        "crumbs": [
            (_("Trang chủ"), "/"),
            (_("Các thư viện"), reverse("libraries:list")),
            (wording.name_of(library), ""),
        ],
    }


def day_row(plan: DayPlan, *, today: bool = False) -> dict[str, Any]:
    return {
        "name": wording.weekday_name(plan.day.weekday()),
        "day": plan.day,
        "spans": wording.spans(plan.spans),
        "closed": not plan.spans,
        "reason": wording.reason(plan),
        "today": today,
    }


def week_rows(week: Week) -> list[tuple[str, str]]:
    """Days with the same hours one after the other share a line: "Thứ Hai – Thứ Sáu"."""
    rows: list[tuple[int, int, str]] = []
    for day, spans in enumerate(week):
        text = wording.spans(spans)
        if rows and rows[-1][2] == text:
            rows[-1] = (rows[-1][0], day, text)
        else:
            rows.append((day, day, text))
    return [
        (
            wording.weekday_name(first)
            if first == last
            else f"{wording.weekday_name(first)} – {wording.weekday_name(last)}",
            text,
        )
        for first, last, text in rows
    ]


def _facts(library: Library) -> list[tuple[str, Any]]:
    languages = [wording.language_name(code) for code in library.collection_languages]
    return [
        (_("Mã thư viện"), library.code),
        (_("Loại hình"), Library.Kind(library.kind).label),
        (_("Trực thuộc"), wording.name_of(library.parent) if library.parent else ""),
        (_("Địa chỉ"), library.address),
        (_("Nơi đặt"), wording.unit_path(library.unit)),
        (_("Tọa độ"), _coordinates(library)),
        (_("Điện thoại"), library.phone),
        (_("Thư điện tử"), library.email),
        (_("Kho riêng bằng tiếng"), ", ".join(languages)),
        (_("Thành lập"), wording.day(library.founded_date) if library.founded_date else ""),
        (_("Quyết định thành lập"), library.founding_decision),
    ]


def _coordinates(library: Library) -> SafeString | str:
    """A link that a telephone opens in its map."""
    if library.latitude is None or library.longitude is None:
        return ""
    place = f"{library.latitude:.4f},{library.longitude:.4f}"
    note = _("vị trí gần đúng") if library.demonstration else ""
    return format_html('<a href="geo:{}">{}</a> {}', place, place.replace(",", ", "), note)


def _branches(library: Library) -> list[dict[str, Any]]:
    tables: dict[int, Timetable] = branch_timetables(library)
    own = timetable_of(library).week
    rows = []
    for branch in branches_of(library):
        week = tables[branch.pk].week
        rows.append(
            {
                "name": wording.branch_name(branch),
                "kind": Branch.Kind(branch.kind).label,
                "place": branch.address or wording.unit_path(branch.unit),
                "phone": branch.phone,
                "week": week_rows(week) if week and week != own else [],
            }
        )
    return rows


def _history(library: Library) -> list[TimelineEntry]:
    return [
        TimelineEntry(at=event.date, title=event_title(event), text=_event_text(event))
        for event in reversed(history_of(library))
    ]


def event_title(event: LifecycleEvent) -> str:
    label = str(LifecycleEvent.Kind(event.kind).label)
    return f"{label} ({event.document_number})" if event.document_number else label


def _event_text(event: LifecycleEvent) -> str:
    parts = []
    if event.old_name:
        parts.append(_("Tên cũ: %(old)s. Tên mới: %(new)s.") % {"old": event.old_name, "new": event.new_name})
    names = ", ".join(wording.name_of(successor) for successor in event.successors.all())
    if names:
        parts.append(_("Thư viện kế thừa: %(names)s.") % {"names": names})
    return " ".join([*parts, event.note]).strip()


def _map(library: Library) -> PointMap | None:
    """Where the library and its service points are, when they are at more than one place."""
    if library.latitude is None or library.longitude is None:
        return None
    points = {
        (library.latitude, library.longitude): MapPoint(wording.name_of(library), library.latitude, library.longitude)
    }
    for branch in branches_of(library):
        if branch.latitude is None or branch.longitude is None:
            continue
        point = MapPoint(
            label=wording.branch_name(branch),
            latitude=branch.latitude,
            longitude=branch.longitude,
            note=str(Branch.Kind(branch.kind).label),
        )
        points.setdefault((branch.latitude, branch.longitude), point)
    return PointMap(title=_("Vị trí"), points=list(points.values())) if len(points) > 1 else None
