"""A library for other programs: schema.org JSON-LD for search engines, plain values for CSV and JSON."""

import json
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lienthu.libraries import wording
from lienthu.libraries.models import Branch, Library
from lienthu.libraries.policy.hours import Timetable, Why, plan_day

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def json_ld(library: Library, *, url: str, timetable: Timetable, coming: list[date]) -> SafeString:
    """The library as schema.org `Library`, safe inside a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Library",
        "@id": url,
        "url": url,
        "identifier": {"@type": "PropertyValue", "propertyID": "ISIL", "value": library.code},
        "name": library.name_vi,
        "alternateName": library.name_en,
        "description": library.about,
        "address": _address(library),
        "geo": _geo(library),
        "telephone": library.phone,
        "email": library.email,
        "sameAs": library.website,
        "foundingDate": library.founded_date.isoformat() if library.founded_date else "",
        "openingHoursSpecification": [*_week(timetable), *_special(timetable, coming)],
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _address(library: Library) -> dict[str, str]:
    parts = {
        "streetAddress": library.address,
        "addressLocality": wording.unit_path(library.unit),
        "addressCountry": "VN",
    }
    return {"@type": "PostalAddress", **{key: value for key, value in parts.items() if value}}


def _geo(library: Library) -> dict[str, Any]:
    if library.latitude is None or library.longitude is None:
        return {}
    return {"@type": "GeoCoordinates", "latitude": library.latitude, "longitude": library.longitude}


def _week(timetable: Timetable) -> list[dict[str, str]]:
    return [
        _hours(opens=f"{span.opens:%H:%M}", closes=f"{span.closes:%H:%M}", dayOfWeek=f"https://schema.org/{_DAYS[day]}")
        for day, spans in enumerate(timetable.week or ())
        for span in spans
    ]


def _special(timetable: Timetable, coming: list[date]) -> list[dict[str, str]]:
    """Days ahead that differ from the week; a closed day opens and closes at 00:00, as schema.org has it."""
    found = []
    for day in coming:
        plan = plan_day(timetable, day)
        if plan.why not in (Why.HOLIDAY, Why.EXCEPTION, Why.MAKEUP):
            continue
        bounds = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        spans = [(f"{s.opens:%H:%M}", f"{s.closes:%H:%M}") for s in plan.spans] or [("00:00", "00:00")]
        found += [_hours(opens=opens, closes=closes, **bounds) for opens, closes in spans]
    return found


def _hours(**values: str) -> dict[str, str]:
    return {"@type": "OpeningHoursSpecification", **values}


def library_row(library: Library, *, is_open: bool | None) -> dict[str, Any]:
    """One line of the registry, for CSV and JSON. `open_now` is null where no hours are known."""
    return {
        "code": library.code,
        "name": library.name_vi,
        "name_en": library.name_en,
        "kind": library.kind,
        "status": library.status,
        "unit_code": library.unit.code if library.unit else "",
        "unit": wording.unit_path(library.unit),
        "address": library.address,
        "latitude": library.latitude,
        "longitude": library.longitude,
        "phone": library.phone,
        "email": library.email,
        "website": library.website,
        "open_now": is_open,
        "demonstration": library.demonstration,
    }


def branch_row(branch: Branch) -> dict[str, Any]:
    return {
        "code": branch.code,
        "kind": branch.kind,
        "name": branch.name_vi,
        "name_en": branch.name_en,
        "unit": wording.unit_path(branch.unit),
        "address": branch.address,
        "latitude": branch.latitude,
        "longitude": branch.longitude,
    }
