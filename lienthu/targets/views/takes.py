"""What was taken from outside: when, from where, by whom, and the bytes as they were sent."""

import zlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.targets.access import SEARCH, visible_takes
from lienthu.targets.models import Take
from lienthu.web.components import Column, Empty, Link, Row, Table

PAGE = 50
_TYPES = {"iso2709": ("mrc", "application/marc")}


@requires(SEARCH)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Taken records of one's libraries, newest first."""
    found = visible_takes(actor_of(request))
    total = found.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    table = Table(
        caption=_("Biểu ghi đã lấy"),
        caption_hidden=True,
        columns=[
            Column("title", _("Biểu ghi")),
            Column("source", _("Nguồn")),
            Column("mode", _("Việc"), hidden_on_phone=True),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("actor", _("Người làm"), hidden_on_phone=True),
            Column("at", _("Lúc"), kind="datetime", hidden_on_phone=True),
        ],
        rows=[_row(take) for take in found[(number - 1) * PAGE : number * PAGE]],
        total=total,
        number=number,
        size=PAGE,
        empty=Empty(_("Chưa lấy biểu ghi nào từ bên ngoài")),
    )
    return render(request, "targets/takes.html", {"table": table})


def _row(take: Take) -> Row:
    return Row(
        cells={
            "title": take.record.cluster.title,
            "source": take.target_name,
            "mode": take.get_mode_display(),
            "library": take.library.name_vi,
            "actor": take.actor_name,
            "at": take.at,
        },
        url=reverse("catalogue:history", args=[take.record_id]),
        actions=[Link(_("Dữ liệu gốc"), reverse("targets:take_raw", args=[take.pk]))],
    )


@requires(SEARCH)
@require_GET
def raw(request: HttpRequest, take_id: int) -> HttpResponse:
    """The bytes as the target sent them, always as a file to save."""
    take = visible_takes(actor_of(request)).filter(pk=take_id).first()
    if take is None:
        raise Http404
    ending, kind = _TYPES.get(take.format, ("xml", "application/octet-stream"))
    response = HttpResponse(zlib.decompress(bytes(take.raw)), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="bieu-ghi-{take.pk}.{ending}"'
    return response
