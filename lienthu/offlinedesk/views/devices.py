"""Devices: the list, enrolling one, and what may be done with one."""

import base64

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.offlinedesk.access import ENROL, is_live, own_libraries, require_enrol, visible_devices
from lienthu.offlinedesk.actions import (
    NotEnrolled,
    enrol,
    note_downloaded,
    receive_file,
    recovery_key,
    replay,
    revoke,
)
from lienthu.offlinedesk.forms import DeviceFilter, EnrolForm, UploadForm
from lienthu.offlinedesk.models import OPEN_CONFLICTS, Device, EventState, Received
from lienthu.offlinedesk.sealing import unseal
from lienthu.offlinedesk.texts import texts
from lienthu.offlinedesk.views.frame import PAGE, crumbs, moment, tabs, the_device
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"name": "name", "seen_at": "seen_at", "enrolled_at": "enrolled_at", "until": "until"}
_FILE_BYTES = 20 << 20


@requires(ENROL)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The devices of one's libraries, the newest first."""
    form = DeviceFilter(request.GET)
    found = _narrowed(visible_devices(actor_of(request)), form)
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    sort = sort if name else "-enrolled_at"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name or 'enrolled_at'}", "-pk")
    found = found.annotate(
        waiting=Count("events", filter=Q(events__state__in=OPEN_CONFLICTS, events__settled_at=None)),
        pending=Count("events", filter=Q(events__state=EventState.PENDING)),
    )
    if request.GET.get("format") == "csv":
        heads = [_("Tên máy"), _("Thư viện"), _("Tình trạng"), _("Người ghi danh"), _("Dùng đến"), _("Việc cần xem")]
        rows = (
            [one.name, one.library.name_vi, _state(one)[1], one.enrolled_name, f"{one.until:%d/%m/%Y}", one.waiting]
            for one in found
        )
        return csv_response("may-ngoai-mang", heads, rows)
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["format"] = "csv"
    table = Table(
        caption=_("Các máy làm quầy khi mất mạng"),
        caption_hidden=True,
        columns=[
            Column("name", _("Tên máy"), sortable=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("waiting", _("Việc cần xem"), kind="number"),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("by", _("Người ghi danh"), hidden_on_phone=True),
            Column("seen_at", _("Liên lạc gần nhất"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("until", _("Dùng đến"), kind="date", sortable=True, hidden_on_phone=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Chưa có máy nào được ghi danh"),
            _("Ghi danh chính máy này để quầy vẫn ghi mượn, ghi trả được khi mất mạng hoặc mất điện đường truyền."),
            Link(_("Ghi danh máy này"), reverse("offlinedesk:enrol")),
        ),
    )
    return render(request, "offlinedesk/devices.html", {"table": table, "tabs": tabs("devices")})


def _narrowed(found: QuerySet[Device], form: DeviceFilter) -> QuerySet[Device]:
    if not form.is_valid():
        return found
    given = form.cleaned_data
    found = found.filter(name__icontains=given["q"]) if given["q"] else found
    live = Q(revoked_at=None, until__gte=clock.today())
    if given["state"]:
        found = found.filter(live if given["state"] == "LIVE" else ~live)
    return found


def _state(device: Device) -> tuple[str, str]:
    if device.revoked_at is not None:
        return "refused", _("Đã thu hồi")
    return ("done", _("Đang dùng")) if is_live(device) else ("neutral", _("Hết hạn"))


def _row(device: Device) -> Row:
    return Row(
        cells={
            "name": device.name,
            "state": _state(device),
            "waiting": getattr(device, "waiting", 0),
            "library": device.library.name_vi,
            "by": device.enrolled_name,
            "seen_at": device.seen_at,
            "until": device.until,
        },
        url=reverse("offlinedesk:device", args=[device.public_id]),
    )


@requires(ENROL)
@require_http_methods(["GET", "POST"])
@never_cache
def enrolment(request: HttpRequest) -> HttpResponse:
    """The form; its script posts it and seals what it is answered under the PIN, on the machine itself."""
    actor = actor_of(request)
    form = EnrolForm(request.POST or None, own=own_libraries(actor))
    if request.method == "GET":
        return render(
            request, "offlinedesk/enrol.html", {"form": form, "texts": texts(), "crumbs": _here(_("Ghi danh máy này"))}
        )
    if not form.is_valid():
        return JsonResponse({"errors": [str(error) for errors in form.errors.values() for error in errors]}, status=422)
    given = form.cleaned_data
    try:
        done = enrol(
            actor=actor,
            library=given["library"],
            name=given["name"],
            branch_id=given["branch"].pk if given["branch"] else None,
            days=given["days"],
            copy_days=given["copy_days"],
        )
    except NotEnrolled as why:
        words = {"BRANCH": _("Điểm phục vụ này không thuộc thư viện đã chọn."), "DAYS": _("Số ngày không hợp lệ.")}
        return JsonResponse({"errors": [words.get(why.code, _("Hãy đặt tên cho máy."))]}, status=422)
    device = done.device
    return JsonResponse(
        {
            "id": device.public_id,
            "name": device.name,
            "library": device.library.name_vi,
            "until": device.until.isoformat(),
            "days": device.copy_days,
            "key": base64.b64encode(done.key).decode(),
            "recovery": base64.b64encode(done.recovery).decode(),
            "next": reverse("offlinedesk:app"),
        }
    )


def _here(label: str) -> list[Crumb]:
    return crumbs(Crumb(label))


@requires(ENROL)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One device: what it is, what it sent, what can be done."""
    device = the_device(request, public_id)
    received = Received.objects.filter(device=device).order_by("-pk")[:PAGE]
    context = {
        "device": device,
        "state": _state(device),
        "rows": _facts(device),
        "pending": device.events.filter(state=EventState.PENDING).count(),
        "open": device.events.filter(state__in=OPEN_CONFLICTS, settled_at=None).count(),
        "received": received,
        "upload": UploadForm(),
        "texts": texts(),
        "crumbs": _here(device.name),
    }
    return render(request, "offlinedesk/device.html", context)


def _facts(device: Device) -> list[tuple[str, str]]:
    rows = [
        (_("Thư viện"), device.library.name_vi),
        (_("Người ghi danh"), f"{device.enrolled_name}, {moment(device.enrolled_at)}"),
        (_("Dùng đến"), f"{device.until:%d/%m/%Y}"),
        (_("Liên lạc gần nhất"), moment(device.seen_at)),
        (_("Lấy bản sao gần nhất"), moment(device.copied_at)),
        (_("Việc đã nhận"), str(device.last_number)),
    ]
    if device.revoked_at:
        rows.append((_("Thu hồi"), f"{device.revoked_by}, {moment(device.revoked_at)}"))
    return rows


@requires(ENROL)
@require_http_methods(["GET", "POST"])
def revocation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then stop a device."""
    device = the_device(request, public_id)
    if request.method == "GET":
        return render(request, "offlinedesk/revoke.html", {"device": device, "crumbs": _here(device.name)})
    revoke(actor=actor_of(request), device=device)
    messages.success(request, _("Đã thu hồi máy %(name)s.") % {"name": device.name})
    return redirect("offlinedesk:device", device.public_id)


@requires(ENROL)
@require_POST
@never_cache
def unlocking(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the key that opens the copy of this device again; only its own browser has what it opens."""
    key = recovery_key(actor=actor_of(request), device=the_device(request, public_id))
    return JsonResponse({"recovery": base64.b64encode(key).decode() if key else ""})


@requires(ENROL)
@require_POST
def upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """A log that comes as a file."""
    device = the_device(request, public_id)
    form = UploadForm(request.POST, request.FILES)
    content = form.cleaned_data["file"].read(_FILE_BYTES) if form.is_valid() else b""
    received = receive_file(actor=actor_of(request), device=device, content=content)
    if received is None:
        messages.error(
            request, _("Tệp này không phải nhật ký của máy %(name)s, hoặc đã bị sửa.") % {"name": device.name}
        )
        return redirect("offlinedesk:device", device.public_id)
    left = replay(device=device, actor=actor_of(request)) if is_live(device) else received.taken
    text = ngettext("Đã nhận %(count)d việc từ tệp.", "Đã nhận %(count)d việc từ tệp.", received.taken)
    messages.success(request, text % {"count": received.taken})
    if left:
        messages.warning(request, _("Có việc chưa ghi vào hệ thống: xem bên dưới."))
    return redirect("offlinedesk:device", device.public_id)


@requires(ENROL)
@require_POST
def application(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do what is pending of a device in one's own name: it was revoked, or its person may lend no more."""
    device, actor = the_device(request, public_id), actor_of(request)
    require_enrol(actor, device.library)
    left = replay(device=device, actor=actor)
    if left:
        messages.warning(request, _("Còn việc chưa ghi: bấm lần nữa để ghi tiếp."))
    else:
        messages.success(request, _("Đã ghi mọi việc của máy này vào hệ thống."))
    return redirect("offlinedesk:device", device.public_id)


@requires(ENROL)
@require_GET
def raw(request: HttpRequest, received_id: int) -> HttpResponse:
    """A log exactly as it came."""
    actor = actor_of(request)
    mine = Received.objects.filter(device__in=visible_devices(actor)).select_related("device__library__scope")
    received = mine.filter(pk=received_id, body_sealed__isnull=False).first()
    body = unseal(received.body_sealed or b"") if received else None
    if received is None or body is None:
        raise Http404
    note_downloaded(actor=actor, received=received)
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="nhat-ky-{received.device.public_id}-{received.pk}.log"'
    return answer
