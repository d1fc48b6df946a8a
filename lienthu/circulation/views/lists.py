"""Lists of the desk: hold shelf, transits, overdue loans; sorted, filtered, in pages, as CSV."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.circulation.access import LEND, desk_libraries
from lienthu.circulation.forms import ListFilter
from lienthu.circulation.models import Purpose
from lienthu.circulation.queries import hold_shelf, off_the_shelf, overdue, transits
from lienthu.circulation.queries.readers import PatronSummary, summaries
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Empty, Link, Row, Table

PAGE = 50
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Listing:
    """One list: its rows, how they are sorted and searched, what its cells say."""

    name: str
    caption: str
    rows: QuerySet[Any]
    columns: Sequence[Column]
    sorts: Mapping[str, str]
    default_sort: str
    item: str
    cells: Callable[[Any, Mapping[int, PatronSummary], datetime], dict[str, Any]]
    empty: Empty
    reader_of: Callable[[Any], int | None] = lambda row: None


def _title(item: Any) -> str:
    return item.record.cluster.title


def _name(people: Mapping[int, PatronSummary], number: int | None) -> str:
    found = people.get(number or 0)
    return found.name if found else "–"


def shelf_listing(own: Sequence[int]) -> Listing:
    return Listing(
        name="shelf",
        caption=_("Tài liệu chờ bạn đọc đến lấy"),
        rows=hold_shelf(own),
        columns=[
            Column("title", _("Tài liệu")),
            Column("number", _("Số ĐKCB"), kind="code", sortable=True),
            Column("reader", _("Bạn đọc")),
            Column("since", _("Từ lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("until", _("Giữ đến"), kind="date", sortable=True),
            Column("library", _("Nơi nhận"), hidden_on_phone=True),
        ],
        sorts={"number": "assigned__accession_number", "since": "ready_at", "until": "shelf_until"},
        default_sort="until",
        item="assigned",
        cells=lambda hold, people, now: {
            "title": _title(hold.assigned),
            "number": hold.assigned.accession_number,
            "reader": _name(people, hold.patron_id),
            "since": hold.ready_at,
            "until": hold.shelf_until,
            "library": hold.pickup_library.name_vi,
        },
        reader_of=lambda hold: hold.patron_id,
        empty=Empty(_("Giá chờ đang trống."), _("Sách bạn đọc đã đặt hiện ở đây khi được quét tại quầy này.")),
    )


def transit_listing(own: Sequence[int], *, coming: bool) -> Listing:
    return Listing(
        name="coming" if coming else "going",
        caption=_("Sắp đến thư viện") if coming else _("Đã gửi đi, chưa đến"),
        rows=transits(own, coming=coming),
        columns=[
            Column("title", _("Tài liệu")),
            Column("number", _("Số ĐKCB"), kind="code", sortable=True),
            Column("from", _("Từ")),
            Column("to", _("Nơi đến")),
            Column("why", _("Để"), hidden_on_phone=True),
            Column("since", _("Gửi lúc"), kind="datetime", sortable=True),
        ],
        sorts={"number": "item__accession_number", "since": "sent_at"},
        default_sort="since",
        item="item",
        cells=lambda way, people, now: {
            "title": _title(way.item),
            "number": way.item.accession_number,
            "from": way.from_library.name_vi,
            "to": way.to_library.name_vi,
            "why": str(Purpose(way.purpose).label),
            "since": way.sent_at,
        },
        empty=Empty(
            _("Không có bản nào trên đường."), _("Bản gửi sang thư viện khác hiện ở đây đến khi được quét nhận.")
        ),
    )


def overdue_listing(own: Sequence[int]) -> Listing:
    now = clock.now()
    return Listing(
        name="overdue",
        caption=_("Tài liệu mượn quá hạn"),
        rows=overdue(own, now=now),
        columns=[
            Column("title", _("Tài liệu")),
            Column("number", _("Số ĐKCB"), kind="code", sortable=True),
            Column("reader", _("Bạn đọc")),
            Column("due", _("Hạn trả"), kind="date", sortable=True),
            Column("days", _("Số ngày quá hạn"), kind="number"),
            Column("library", _("Nơi cho mượn"), hidden_on_phone=True),
        ],
        sorts={"number": "item__accession_number", "due": "due_at"},
        default_sort="due",
        item="item",
        cells=lambda loan, people, at: {
            "title": _title(loan.item),
            "number": loan.item.accession_number,
            "reader": _name(people, loan.patron_id),
            "due": loan.due_on,
            "days": max(0, (at.astimezone(clock.VIETNAM).date() - loan.due_on).days),
            "library": loan.library.name_vi,
        },
        reader_of=lambda loan: loan.patron_id,
        empty=Empty(_("Không có tài liệu nào quá hạn."), _("Danh sách này đổi theo từng lượt trả.")),
    )


def _show(request: HttpRequest, make: Callable[[Sequence[int]], Listing], here: str, **more: Any) -> HttpResponseBase:
    own = desk_libraries(actor_of(request))
    form = ListFilter(request.GET, own=own)
    chosen = form.cleaned_data if form.is_valid() else {}
    ids = [chosen["library"].pk] if chosen.get("library") else list(own.values_list("pk", flat=True))
    listing = make(ids)
    sort = request.GET.get("sort", "")
    rows = _sorted(_filtered(listing, chosen.get("q", "")), listing, sort)
    if request.GET.get("dang") == "csv":
        return _csv(listing, rows)
    pages = Paginator(rows, PAGE)
    page = pages.get_page(page_number(request.GET.get("page"), last=pages.num_pages))
    query = request.GET.copy()
    query["dang"] = "csv"
    table = Table(
        caption=listing.caption,
        columns=listing.columns,
        rows=_rows(listing, list(page.object_list)),
        total=pages.count,
        number=page.number,
        size=PAGE,
        sort=sort or listing.default_sort,
        filters=form,
        exports=[Link(_("Tải bảng này (CSV)"), f"?{query.urlencode()}")],
        empty=listing.empty,
    )
    return render(request, "circulation/list.html", {"table": table, "here": here, **_more(ids, more)})


def _more(ids: Sequence[int], more: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value(ids) if callable(value) else value for name, value in more.items()}


def _filtered(listing: Listing, words: str) -> QuerySet[Any]:
    text = words.replace("\x00", "").strip()
    if not text:
        return listing.rows
    by = listing.item
    wanted = Q(**{f"{by}__accession_number__iexact": text})
    return listing.rows.filter(wanted | Q(**{f"{by}__record__cluster__title__icontains": text}))


def _sorted(rows: QuerySet[Any], listing: Listing, sort: str) -> QuerySet[Any]:
    wanted = sort if sort.lstrip("-") in listing.sorts else listing.default_sort
    downwards = "-" if wanted.startswith("-") else ""
    return rows.order_by(downwards + listing.sorts[wanted.lstrip("-")], "pk")


def _rows(listing: Listing, found: Sequence[Any]) -> list[Row]:
    people = summaries([number for row in found if (number := listing.reader_of(row))])
    now = clock.now()
    return [Row(cells=listing.cells(row, people, now)) for row in found]


def _csv(listing: Listing, rows: QuerySet[Any]) -> HttpResponseBase:
    lines = _rows(listing, list(rows[:MOST_ROWS]))
    return csv_response(
        listing.name,
        [column.label for column in listing.columns],
        ([_plain(line.cells[column.key]) for column in listing.columns] for line in lines),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else value


@requires(LEND)
@require_GET
@never_cache
def shelf(request: HttpRequest) -> HttpResponseBase:
    """The hold shelf, and what stands on it for nobody any more."""

    def leftovers(ids: Sequence[int]) -> list[tuple[str, str]]:
        found = off_the_shelf(ids).select_related("record__cluster")[:PAGE]
        return [(item.accession_number, _title(item)) for item in found]

    return _show(request, shelf_listing, "shelf", leftovers=leftovers)


@requires(LEND)
@require_GET
@never_cache
def transit_list(request: HttpRequest) -> HttpResponseBase:
    """Copies on their way to us, or (`?chieu=di`) from us."""
    coming = request.GET.get("chieu") != "di"
    return _show(request, lambda ids: transit_listing(ids, coming=coming), "transits", ways=True, coming=coming)


@requires(LEND)
@require_GET
@never_cache
def overdue_list(request: HttpRequest) -> HttpResponse | HttpResponseBase:
    """Loans past their due date."""
    return _show(request, overdue_listing, "overdue")
