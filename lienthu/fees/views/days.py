"""The day: list of what was booked, drawers, reconciliation."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.fees import actions
from lienthu.fees.access import COLLECT, READ
from lienthu.fees.forms import CountForm, DayForm
from lienthu.fees.models import Drawer, Entry
from lienthu.fees.papers import reconciliation_pdf
from lienthu.fees.queries.entries import (
    MONEY_KINDS,
    Reconciliation,
    cash_in_drawer,
    entries_at,
    open_drawer_of,
    reconcile,
)
from lienthu.fees.views.frame import desk_library, frame, refusals_said
from lienthu.fees.wording import kind_name
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.patrons.queries import patrons_by_id
from lienthu.web.components import Column, Empty, Link, Row, Table
from lienthu.web.tags.filters import vn_number

PAGE = 50
MOST_ROWS = 50_000
_SORTS = {"at": "at", "amount": "amount", "kind": "kind", "number": "receipt__number"}


def _columns() -> list[Column]:
    return [
        Column("at", _("Lúc"), sortable=True),
        Column("kind", _("Việc"), sortable=True),
        Column("amount", _("Số tiền, đồng"), kind="number", sortable=True),
        Column("reader", _("Bạn đọc")),
        Column("about", _("Khoản"), hidden_on_phone=True),
        Column("method", _("Bằng"), hidden_on_phone=True),
        Column("number", _("Số phiếu"), kind="code", sortable=True, hidden_on_phone=True),
        Column("by", _("Người ghi"), hidden_on_phone=True),
    ]


def _cells(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    people = patrons_by_id([entry.patron_id for entry in entries if entry.patron_id])
    for entry in entries:
        reader = people.get(entry.patron_id or 0)
        charge = getattr(entry, "charge", None)
        taken_back = _(" (đã hủy)") if hasattr(entry, "reversed_by") else ""
        receipt = getattr(entry, "receipt", None)
        yield {
            "at": f"{entry.at.astimezone(clock.VIETNAM):%H:%M}",
            "kind": str(entry.get_kind_display()) + taken_back,
            "about": kind_name(charge.kind) if charge else entry.reason,
            "reader": reader.name if reader else "–",
            "method": str(entry.get_method_display()),
            "amount": entry.amount,
            "number": receipt.shown if receipt else "",
            "by": entry.by,
        }


@requires(READ)
@require_GET
@never_cache
def day(request: HttpRequest) -> HttpResponseBase:
    """What was booked on a day: sorted, filtered, in pages, as CSV."""
    library = desk_library(request, READ)
    form = DayForm(request.GET, kinds=MONEY_KINDS)
    on = form.day()
    found = entries_at([library.pk], on=on)
    given = form.cleaned_data if form.is_valid() else {}
    for name in ("kind", "method"):
        if given.get(name):
            found = found.filter(**{name: given[name]})
    sort = request.GET.get("sort", "-at")
    column = _SORTS.get(sort.lstrip("-"), "at")
    found = found.order_by(("-" if sort.startswith("-") else "") + column, "-id")
    columns = _columns()
    if request.GET.get("dang") == "csv":
        rows = list(_cells(found[:MOST_ROWS]))
        heads = [_("Ngày"), *(one.label for one in columns)]
        lines = ([f"{on:%d/%m/%Y}", *(row[one.key] for one in columns)] for row in rows)
        return csv_response(f"thu-tien-{on.isoformat()}", heads, lines)
    pages = Paginator(found, PAGE)
    page = pages.get_page(page_number(request.GET.get("page"), last=pages.num_pages))
    entries = list(page.object_list)
    export = request.GET.copy()
    export["dang"] = "csv"
    table = Table(
        caption=_("Thu chi ngày %(day)s") % {"day": f"{on:%d/%m/%Y}"},
        columns=columns,
        rows=[
            Row(cells=cells, url=reverse("fees:receipt", args=[entry.pk]) if cells["number"] else "")
            for entry, cells in zip(entries, _cells(entries), strict=True)
        ],
        total=pages.count,
        number=page.number,
        size=PAGE,
        sort=sort,
        filters=form,
        classes="table-tight",
        exports=[Link(_("Tải bảng này (CSV)"), f"?{export.urlencode()}")],
        empty=Empty(_("Ngày này chưa ghi khoản nào."), _("Mỗi lần thu, chi, miễn hay hủy đều hiện ở đây.")),
    )
    return render(request, "fees/day.html", frame(request, library, here="day", permission=READ) | {"table": table})


@requires(COLLECT)
@require_http_methods(["GET", "POST"])
@never_cache
def drawer(request: HttpRequest) -> HttpResponse:
    """Open one's drawer with counted change; close it with counted cash."""
    library, actor = desk_library(request), actor_of(request)
    mine = open_drawer_of(actor.account_id, library.pk)
    form = CountForm(request.POST or None, closing=mine is not None)
    status = 200
    if request.method == "POST":
        status = 422
        if _is_another(request, mine):
            return redirect("fees:drawer")
        if form.is_valid() and _counted(request, mine, form):
            return redirect("fees:drawer")
    context = frame(request, library, here="drawer") | {
        "drawer": mine,
        "cash": cash_in_drawer(mine) if mine else 0,
        "form": form,
        "past": list(Drawer.objects.filter(library=library, closed_at__isnull=False).order_by("-closed_at")[:10]),
    }
    return render(request, "fees/drawer.html", context, status=status)


def _is_another(request: HttpRequest, mine: Drawer | None) -> bool:
    """Was the form made before this drawer was opened or closed? A count sent twice must not open what it closed."""
    asked = request.POST.get("drawer", "")
    if asked == (str(mine.pk) if mine else ""):
        return False
    with refusals_said(request):
        raise actions.Refused("DRAWER_CLOSED" if asked else "DRAWER_OPEN_ALREADY")
    return True


def _counted(request: HttpRequest, mine: Drawer | None, form: CountForm) -> bool:
    library, actor = desk_library(request), actor_of(request)
    with refusals_said(request):
        if mine is None:
            opened = actions.open_drawer(actor=actor, library=library, pieces=form.pieces)
            said = _("Đã mở ngăn kéo với %(amount)s đồng.") % {"amount": vn_number(opened.opening)}
            messages.success(request, said)
        else:
            note = form.cleaned_data["note"]
            closed = actions.close_drawer(
                actor=actor, library=library, drawer_id=mine.pk, pieces=form.pieces, note=note
            )
            said = _("Đã đóng ngăn kéo. Đếm được %(amount)s đồng, chênh lệch %(difference)s đồng.")
            messages.success(
                request, said % {"amount": vn_number(closed.counted), "difference": vn_number(closed.difference)}
            )
        return True
    return False


@requires(READ)
@require_GET
@never_cache
def reconciliation(request: HttpRequest) -> HttpResponseBase:
    """The books of a day against what was counted: page, PDF, CSV."""
    library = desk_library(request, READ)
    form = DayForm(request.GET, kinds=MONEY_KINDS)
    on = form.day()
    if on > clock.today():
        raise Http404
    found = reconcile(library, on=on)
    parts = _parts(found)
    how = request.GET.get("dang", "")
    if how == "csv":
        lines = [[part["title"], *row] for part in parts for row in part["rows"]]
        return csv_response(f"doi-soat-{on.isoformat()}", [_("Phần"), _("Mục"), "", "", "", ""], lines)
    if how == "pdf":
        made = reconciliation_pdf(
            {
                "language": get_language() or "vi",
                "library": library.name_vi,
                "title": _("BẢNG ĐỐI SOÁT THU CHI"),
                "day": f"{on:%d/%m/%Y}",
                "parts": parts,
                "clerk_signs": _("Người lập"),
                "head_signs": _("Phụ trách thư viện"),
            }
        )
        headers = {"Content-Disposition": f'inline; filename="doi-soat-{on.isoformat()}.pdf"'}
        return HttpResponse(made, content_type="application/pdf", headers=headers)
    context = frame(request, library, here="reconcile", permission=READ)
    shown = [_shown(part) for part in parts]
    return render(request, "fees/reconcile.html", context | {"found": found, "parts": shown, "on": on})


def _shown(part: dict[str, Any]) -> dict[str, Any]:
    """A table for the page: each cell beside its head, which a phone shows with it when there are many."""
    rows = [list(zip(part["heads"], row, strict=True)) for row in part["rows"]]
    return part | {"is_wide": len(part["heads"]) > 4, "cells": rows}


def _parts(found: Reconciliation) -> list[dict[str, Any]]:
    """The tables of the reconciliation, all cells as texts."""
    number = vn_number
    money = [
        [_("Tiền mặt"), number(found.cash_in), number(found.cash_out), number(found.cash_in + found.cash_out)],
        [_("Chuyển khoản"), number(found.bank_in), number(found.bank_out), number(found.bank_in + found.bank_out)],
    ]
    drawers = [
        [
            f"{one.opened_by}, {one.opened_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}",
            number(one.opening),
            number(one.expected) if one.closed_at else _("đang mở"),
            number(one.counted) if one.closed_at else "–",
            number(one.difference) if one.closed_at else "–",
        ]
        for one in found.drawers
    ]
    parts = [
        {"title": _("Tiền thu và chi"), "heads": ["", _("Thu vào"), _("Chi ra"), _("Còn")], "rows": money},
        {
            "title": _("Theo việc"),
            "heads": [_("Việc"), _("Số lần"), _("Số tiền")],
            "rows": [[kind, number(times), number(total)] for kind, times, total in found.by_kind],
        },
        {
            "title": _("Ngăn kéo"),
            "heads": [_("Người giữ"), _("Đầu ca"), _("Theo sổ"), _("Đếm được"), _("Chênh lệch")],
            "rows": drawers,
        },
        {
            "title": _("Số phiếu"),
            "heads": ["", _("Từ số"), _("Đến số"), _("Số phiếu")],
            "rows": [
                [series, number(first), number(last), number(times)] for series, first, last, times in found.papers
            ],
        },
        {
            "title": _("Không bằng tiền"),
            "heads": ["", _("Số tiền")],
            "rows": [[_("Khoản phải nộp mới ghi"), number(found.charged)], [_("Đã miễn"), number(found.waived)]],
        },
    ]
    return [part for part in parts if part["rows"]]
