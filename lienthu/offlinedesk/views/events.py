"""What came of the events: cards of what happened, why, and what to do; list with filter, order, pages, export."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.offlinedesk.access import ENROL, visible_events
from lienthu.offlinedesk.actions import settle
from lienthu.offlinedesk.forms import EventFilter, SettleForm
from lienthu.offlinedesk.models import CONFLICTS, OPEN_CONFLICTS, Event, EventKind, EventState
from lienthu.offlinedesk.views.frame import PAGE, crumbs, moment, tabs
from lienthu.offlinedesk.wording import STATE_BADGES, sentences
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"at": ("at", "pk"), "copy": ("copy", "pk"), "device": ("device__name", "number"), "number": ("number", "pk")}


@requires(ENROL)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """What a person should read, of all devices of one's libraries; or everything."""
    form = EventFilter(request.GET)
    found = visible_events(actor_of(request))
    given = form.cleaned_data if form.is_valid() else {"q": "", "state": "", "kind": "", "device": ""}
    if not given["state"]:
        found = found.filter(state__in=OPEN_CONFLICTS, settled_at=None)
    elif given["state"] != "ALL":
        found = found.filter(state=given["state"])
    found = found.filter(kind=given["kind"]) if given["kind"] else found
    found = found.filter(device=ids.decode(given["device"]) or 0) if given["device"] else found
    if words := given["q"].strip():
        found = found.filter(Q(copy__iexact=words) | Q(card__iexact=words) | Q(title__icontains=words))
    sort = request.GET.get("sort", "")
    names = _SORTS.get(sort.removeprefix("-"))
    sort = sort if names else "-at"
    minus = "-" if sort.startswith("-") else ""
    found = found.order_by(*(minus + name for name in names or ("at", "pk")))
    if request.GET.get("format") == "csv":
        heads = [_("Lúc"), _("Máy"), _("Số thứ tự"), _("Việc"), _("Số ĐKCB"), _("Tài liệu"), _("Số thẻ")]
        heads += [_("Kết quả"), _("Vì sao"), _("Cần làm"), _("Hạn trả"), _("Người xử lý")]
        return csv_response("viec-ngoai-mang", heads, (_cells(one) for one in found.iterator(chunk_size=500)))
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["format"] = "csv"
    table = Table(
        caption=_("Việc đã làm khi mất mạng"),
        caption_hidden=True,
        columns=[
            Column("title", _("Tài liệu")),
            Column("what", _("Việc")),
            Column("state", _("Kết quả"), kind="badge"),
            Column("why", _("Chuyện gì, vì sao, làm gì")),
            Column("copy", _("Số ĐKCB"), kind="code", sortable=True, hidden_on_phone=True),
            Column("at", _("Lúc"), kind="datetime", sortable=True),
            Column("device", _("Máy"), sortable=True, hidden_on_phone=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Không có việc nào cần xem"),
            _("Những việc ghi khi mất mạng đều đã vào hệ thống. Chọn “Tất cả” để xem lại."),
        ),
    )
    return render(request, "offlinedesk/events.html", {"table": table, "tabs": tabs("events")})


def _why(event: Event) -> str:
    return " ".join(f"{one.text} {one.then}".strip() for one in sentences(event))


def _row(event: Event) -> Row:
    open_one = event.state in CONFLICTS and event.settled_at is None
    done = "" if event.settled_at is None else _("%(who)s đã xử lý.") % {"who": event.settled_by}
    return Row(
        cells={
            "title": event.title or event.copy,
            "what": str(EventKind(event.kind).label),
            "state": (STATE_BADGES[EventState(event.state)], str(EventState(event.state).label)),
            "why": f"{_why(event)} {done}".strip(),
            "copy": event.copy,
            "at": event.at,
            "device": event.device.name,
        },
        url=reverse("offlinedesk:settle", args=[event.pk]) if open_one else "",
    )


def _cells(event: Event) -> list[str]:
    said = sentences(event)
    return [
        moment(event.at),
        event.device.name,
        str(event.number),
        str(EventKind(event.kind).label),
        event.copy,
        event.title,
        event.card,
        str(EventState(event.state).label),
        " ".join(one.text for one in said),
        " ".join(one.then for one in said if one.then),
        f"{event.due_on:%d/%m/%Y}" if event.due_on else "",
        event.settled_by,
    ]


@requires(ENROL)
@require_http_methods(["GET", "POST"])
@never_cache
def done(request: HttpRequest, event_id: int) -> HttpResponse:
    """The card of one event; a person says what was done about it."""
    actor = actor_of(request)
    event = visible_events(actor).filter(pk=event_id).first()
    if event is None:
        raise Http404
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settle(actor=actor, event=event, note=form.cleaned_data["note"])
        messages.success(request, _("Đã ghi là xử lý xong."))
        return redirect("offlinedesk:events")
    rows = [
        (_("Việc"), str(EventKind(event.kind).label)),
        (_("Tài liệu"), event.title or "–"),
        (_("Số ĐKCB"), event.copy),
        (_("Số thẻ"), event.card or "–"),
        (_("Lúc"), moment(event.at)),
        (_("Máy"), f"{event.device.name}, {event.device.library.name_vi}, {_('việc số')} {event.number}"),
        (_("Hạn trả"), f"{event.due_on:%d/%m/%Y}" if event.due_on else "–"),
    ]
    if event.settled_at:
        rows.append((_("Đã xử lý"), f"{event.settled_by}, {moment(event.settled_at)}. {event.settled_note}"))
    context = {
        "event": event,
        "badge": (STATE_BADGES[EventState(event.state)], str(EventState(event.state).label)),
        "sentences": sentences(event),
        "rows": rows,
        "form": form,
        "open": event.state in CONFLICTS and event.settled_at is None,
        "crumbs": crumbs(Crumb(_("Việc cần xem"), reverse("offlinedesk:events")), Crumb(event.copy)),
    }
    return render(request, "offlinedesk/event.html", context)
