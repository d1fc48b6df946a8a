"""The lists that everybody may read: what a library is about to weed, and why."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table
from lienthu.weeding.access import public_weedings
from lienthu.weeding.models import Piece, State, Weeding
from lienthu.weeding.queries import pieces_of, with_counts
from lienthu.weeding.views.frame import MOST_ROWS, PAGE
from lienthu.weeding.wording import BADGES, reason_sentence


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The lists of all libraries, the newest first."""
    found = with_counts(public_weedings()).order_by("-published_at", "-pk")
    total = public_weedings().count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    table = Table(
        caption=_("Danh mục thanh lọc của các thư viện"),
        caption_hidden=True,
        columns=[
            Column("name", _("Danh mục")),
            Column("library", _("Thư viện")),
            Column("state", _("Bước"), kind="badge"),
            Column("published", _("Ngày công khai"), kind="date"),
            Column("listed", _("Số bản"), kind="number", hidden_on_phone=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        empty=Empty(
            _("Chưa có danh mục nào đang công khai"),
            _("Thư viện công khai ở đây danh mục tài liệu sắp thanh lọc, ít nhất 15 ngày trước khi quyết định."),
        ),
    )
    return render(request, "weeding/public.html", {"table": table})


@require_GET
def one(request: HttpRequest, public: str) -> HttpResponseBase:
    """One list. Copies that the library shows to nobody else are named by their number only."""
    weeding = public_weedings().filter(pk=ids.decode(public) or 0).first()
    if weeding is None:
        raise Http404
    found = pieces_of(weeding).filter(kept_out="")
    if request.GET.get("dang") == "csv":
        heads = [_("Số ĐKCB"), _("Tài liệu"), _("Lý do")]
        rows = ([piece.item.accession_number, _title(piece), reason_sentence(piece)] for piece in found[:MOST_ROWS])
        return csv_response(f"danh-muc-thanh-loc-{weeding.public_id}", heads, rows)
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    table = Table(
        caption=_("Danh mục thanh lọc"),
        columns=[
            Column("title", _("Tài liệu")),
            Column("number", _("Số ĐKCB"), kind="code"),
            Column("reason", _("Lý do")),
        ],
        rows=[
            Row(cells={"title": _title(piece), "number": piece.item.accession_number, "reason": reason_sentence(piece)})
            for piece in found[(page - 1) * PAGE : page * PAGE]
        ],
        total=total,
        number=page,
        size=PAGE,
        exports=[Link(_("Tải bảng này (CSV)"), "?dang=csv")],
        empty=Empty(_("Không còn bản nào trong danh mục."), _("Thư viện giữ lại tất cả các bản.")),
    )
    context = {
        "one": weeding,
        "state": (BADGES[State(weeding.state)], State(weeding.state).label),
        "table": table,
        "crumbs": [Crumb(_("Danh mục thanh lọc"), reverse("weeding:public")), Crumb(weeding.name, "")],
    }
    return render(request, "weeding/public_of.html", context)


def _row(one: Weeding) -> Row:
    return Row(
        cells={
            "name": one.name,
            "library": one.library.name_vi,
            "state": (BADGES[State(one.state)], str(State(one.state).label)),
            "published": one.published_at,
            "listed": getattr(one, "listed", 0),
        },
        url=reverse("weeding:public_of", args=[one.public_id]),
    )


def _open(piece: Piece) -> bool:
    return piece.item.visibility == "PUBLIC" and piece.item.record.cluster.visibility == "PUBLIC"


def _title(piece: Piece) -> str:
    return piece.item.record.cluster.title if _open(piece) else _("Tài liệu không có trong mục lục công khai")
