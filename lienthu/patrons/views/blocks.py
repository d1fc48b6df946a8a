"""Blocks of a reader that hold no longer, each with its reason and its end."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.patrons.access import READ, ReasonNeeded, get_patron
from lienthu.patrons.forms import PastBlocksForm
from lienthu.patrons.models import Block, BlockCode
from lienthu.patrons.queries import past_blocks
from lienthu.patrons.views.frame import found_or_404, patron_crumbs
from lienthu.web.components import Column, Empty, Link, Row, Table
from lienthu.web.tags.filters import vn_date

SIZE = 50
_ORDERS = {"starts": ("starts", "id"), "code": ("code", "id"), "library": ("library__name_vi", "id")}


@requires(READ)
@require_GET
def past(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every block of a reader that was lifted or ran out. It is a look at the reader like any other."""
    with found_or_404():
        try:
            patron = get_patron(actor_of(request), public_id)
        except ReasonNeeded:
            return redirect("patrons:patron", public_id)
    form = PastBlocksForm(request.GET)
    found = past_blocks(patron, on=clock.today())
    if form.is_valid() and form.cleaned_data["code"]:
        found = found.filter(code=form.cleaned_data["code"])
    sort = request.GET.get("sort") or "-starts"
    order = _ORDERS.get(sort.removeprefix("-"), _ORDERS["starts"])
    found = found.order_by(*(("-" + key) if sort.startswith("-") else key for key in order))
    if request.GET.get("format") == "csv":
        heads = [_("Từ ngày"), _("Đến ngày"), _("Loại"), _("Lý do"), _("Nơi chặn"), _("Người chặn"), _("Kết thúc")]
        return csv_response("chan-da-qua", heads, _lines(found))
    table = _table(request, form, found, sort)
    crumbs = patron_crumbs(
        (patron.full_name, reverse("patrons:patron", args=[public_id])), (_("Những lần chặn đã qua"), "")
    )
    return render(request, "patrons/past_blocks.html", {"patron": patron, "table": table, "crumbs": crumbs})


def _table(request: HttpRequest, form: PastBlocksForm, found: QuerySet[Block], sort: str) -> Table:
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // SIZE)))
    export = request.GET.copy()
    export["format"] = "csv"
    rows = [
        Row(
            cells={
                "reason": one.reason,
                "code": str(BlockCode(one.code).label),
                "starts": one.starts,
                "until": vn_date(one.until) if one.until else "–",
                "library": _place(one),
                "by": one.placed_by,
                "end": _end(one),
            }
        )
        for one in found[(page - 1) * SIZE : page * SIZE]
    ]
    return Table(
        caption=_("Những lần chặn đã qua"),
        caption_hidden=True,
        columns=[
            Column("reason", _("Lý do")),
            Column("code", _("Loại"), sortable=True, hidden_on_phone=True),
            Column("starts", _("Từ ngày"), kind="date", sortable=True),
            Column("until", _("Đến ngày"), hidden_on_phone=True),
            Column("library", _("Nơi chặn"), sortable=True, hidden_on_phone=True),
            Column("by", _("Người chặn"), hidden_on_phone=True),
            Column("end", _("Kết thúc")),
        ],
        rows=rows,
        total=total,
        number=page,
        size=SIZE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(_("Không có lần chặn nào đã qua"), _("Những lần chặn đang còn hiện ở trang của bạn đọc.")),
    )


def _place(one: Block) -> str:
    return one.library.name_vi if one.library else _("mọi thư viện")


def _end(one: Block) -> str:
    if one.lifted_at is None:
        return _("Hết hạn")
    return _("Bỏ chặn %(day)s, %(by)s") % {"day": _day(timezone.localtime(one.lifted_at)), "by": one.lifted_by}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _lines(found: QuerySet[Block]) -> Iterator[list[str]]:
    for one in found:
        until = _day(one.until) if one.until else ""
        kind = str(BlockCode(one.code).label)
        yield [_day(one.starts), until, kind, one.reason, _place(one), one.placed_by, _end(one)]
