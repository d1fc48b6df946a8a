"""Texts of notices and the hours at which they go out."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.notices.access import EDIT, READ
from lienthu.notices.actions import drop_hours, publish_text, set_hours, withdraw_text
from lienthu.notices.forms import HoursForm, TextForm
from lienthu.notices.policy import KINDS, Rendered, Texts
from lienthu.notices.policy import render as rendered
from lienthu.notices.queries import TextBook, TextInForce, Timetable, example_params, sample_params, text_versions
from lienthu.notices.views.frame import Place, crumbs_of, place_of, places_of, tabs_of
from lienthu.notices.wording import LEVELS, PLACEHOLDERS, kind_label, topic_label
from lienthu.web.components import Column, Row, Table


@requires(READ)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """All kinds, with the text that holds at one place."""
    place, book = place_of(request), TextBook()
    rows = []
    for kind in KINDS.values():
        text = book.text(kind.code, place.library.pk if place.library else None)
        rows.append(
            Row(
                cells={
                    "kind": kind_label(kind.code),
                    "subject": text.vi.subject,
                    "topic": topic_label(kind.topic),
                    "level": str(LEVELS[text.level]),
                    "version": text.template.version if text.template else "–",
                },
                url=reverse("notices:text", args=[place.code, kind.code]),
            )
        )
    table = Table(
        caption=_("Mẫu thông báo đang dùng"),
        caption_hidden=True,
        columns=[
            Column("kind", _("Loại thông báo")),
            Column("subject", _("Tiêu đề"), hidden_on_phone=True),
            Column("topic", _("Về việc"), hidden_on_phone=True),
            Column("level", _("Mẫu")),
            Column("version", _("Bản"), kind="number", hidden_on_phone=True),
        ],
        rows=rows,
    )
    context = {"table": table, "place": place, "places": places_of(request), "tabs": tabs_of(request)}
    return render(request, "notices/texts.html", context)


@requires(READ)
@require_http_methods(["GET", "POST"])
@never_cache
def text(request: HttpRequest, place: str, kind: str) -> HttpResponse:
    """One text: read, changed, seen as a reader would get it; versions."""
    if kind not in KINDS:
        raise Http404
    where = place_of(request, place)
    library_id = where.library.pk if where.library else None
    in_force = TextBook().text(kind, library_id)
    if request.method == "GET":
        form = TextForm(kind=kind, initial=_initial(in_force))
        return render(request, "notices/text.html", _context(request, where, kind, form, in_force))
    # a preview needs no more than to see the text; writing is checked by the action
    form = TextForm(request.POST, kind=kind)
    if form.is_valid() and "preview" not in request.POST:
        publish_text(actor=actor_of(request), kind=kind, library=where.library, vi=form.vi, en=form.en)
        messages.success(request, _("Đã lưu. Thông báo soạn từ lúc này dùng mẫu mới."))
        return redirect("notices:text", where.code, kind)
    status = 200 if form.is_valid() else 422
    return render(request, "notices/text.html", _context(request, where, kind, form, in_force), status=status)


@requires(EDIT)
@require_http_methods(["POST"])
def drop(request: HttpRequest, place: str, kind: str) -> HttpResponse:
    """Go back to the text of the level above."""
    if kind not in KINDS:
        raise Http404
    where = place_of(request, place)
    if withdraw_text(actor=actor_of(request), kind=kind, library=where.library):
        messages.success(request, _("Đã bỏ mẫu riêng; từ nay dùng mẫu của cấp trên."))
    return redirect("notices:text", where.code, kind)


def _initial(found: TextInForce) -> dict[str, str]:
    vi = {f"{part}_vi": words for part, words in asdict(found.vi).items()}
    return vi | {f"{part}_en": words for part, words in asdict(found.en).items()}


def _context(request: HttpRequest, where: Place, kind: str, form: TextForm, found: TextInForce) -> dict[str, Any]:
    own = found.template is not None and found.template.library_id == (where.library.pk if where.library else None)
    if form.is_bound and not form.is_valid():
        shown: list[tuple[str, str, Rendered]] = []
    else:
        vi, en = (form.vi, form.en) if form.is_bound else (found.vi, found.en)
        shown = _previews(where, kind, vi, en)
    return {
        "form": form,
        "kind": kind,
        "kind_label": kind_label(kind),
        "place": where,
        "level": LEVELS[found.level],
        "own": own,
        "placeholders": [(f"{{{name}}}", PLACEHOLDERS[name]) for name in KINDS[kind].placeholders],
        "previews": shown,
        "real": example_params(kind, where.library.pk if where.library else None) is not None,
        "versions": text_versions(kind, where.library.pk if where.library else None),
        "crumbs": crumbs_of((where.name, f"{reverse('notices:texts')}?noi={where.code}"), (kind_label(kind), "")),
    }


def _previews(where: Place, kind: str, vi: Texts, en: Texts) -> list[tuple[str, str, Rendered]]:
    """Both languages on the newest real notice of this kind here (its reader left out), else on sample values."""
    library = where.library
    params = sample_params() | (example_params(kind, library.pk if library else None) or {})
    names = {
        "vi": {"reader": "(tên bạn đọc)", "library": library.name_vi if library else "Thư viện tỉnh"},
        "en": {
            "reader": "(name of reader)",
            "library": (library.name_en or library.name_vi) if library else "Provincial library",
        },
    }
    return [
        ("vi", _("Tiếng Việt"), rendered(vi, params | names["vi"])),
        ("en", _("Tiếng Anh"), rendered(en, params | names["en"])),
    ]


@requires(READ)
@require_http_methods(["GET", "POST"])
@never_cache
def hours(request: HttpRequest) -> HttpResponse:
    """When notices go out at one place."""
    place = place_of(request, request.POST.get("place", ""))
    timetable = Timetable()
    library_id = place.library.pk if place.library else None
    form = HoursForm(initial=asdict(timetable.of(library_id)))
    status = 200
    if request.method == "POST":
        here = f"{reverse('notices:hours')}?noi={place.code}"
        if "drop" in request.POST and place.library is not None:
            drop_hours(actor=actor_of(request), library=place.library)
            messages.success(request, _("Từ nay theo giờ chung của tỉnh."))
            return redirect(here)
        form = HoursForm(request.POST)
        if form.is_valid():
            set_hours(actor=actor_of(request), library=place.library, timing=form.timing)
            messages.success(request, _("Đã lưu giờ gửi."))
            return redirect(here)
        status = 422
    context = {
        "form": form,
        "place": place,
        "places": places_of(request),
        "own": timetable.own(library_id),
        "tabs": tabs_of(request),
    }
    return render(request, "notices/hours.html", context, status=status)
