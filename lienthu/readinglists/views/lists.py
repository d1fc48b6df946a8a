"""All my lists."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.readinglists.access import own_patron
from lienthu.readinglists.actions import Full, NameTaken, NoCard, make_list
from lienthu.readinglists.forms import FilterForm, NameForm
from lienthu.readinglists.models import ReadingList
from lienthu.readinglists.policy import MOST_LISTS
from lienthu.readinglists.queries import lists_of
from lienthu.web.components import Column, Empty, Link, Row, Table

PAGE = 20
_SORTS = {"name": "name", "count": "count", "made": "made_at"}


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def index(request: HttpRequest) -> HttpResponseBase:
    """My lists, and a new one."""
    patron_id = own_patron(actor_of(request))
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _make(request, form)
        if answer is not None:
            return answer
    if patron_id is None:
        return render(request, "readinglists/lists.html", {"reader": None})
    words = FilterForm(request.GET)
    found = lists_of(patron_id)
    if words.is_valid() and (wanted := words.cleaned_data["q"].strip()):
        found = found.filter(name__icontains=wanted)
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in _SORTS else "name"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{_SORTS[sort.removeprefix('-')]}", "pk")
    if request.GET.get("dang") == "csv":
        rows = ([one.name, one.count, f"{one.made_at:%d/%m/%Y}"] for one in found)
        return csv_response("danh-sach-doc", [_("Danh sách"), _("Số tài liệu"), _("Ngày lập")], rows)
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    kept = request.GET.copy()
    kept["dang"] = "csv"
    table = Table(
        caption=_("Danh sách của tôi"),
        caption_hidden=True,
        columns=[
            Column("name", _("Danh sách"), sortable=True),
            Column("count", _("Số tài liệu"), kind="number", sortable=True),
            Column("made", _("Ngày lập"), kind="date", sortable=True),
        ],
        rows=[
            Row(
                {"name": one.name, "count": one.count, "made": one.made_at},
                reverse("readinglists:list", args=[one.public_id]),
            )
            for one in found[(page - 1) * PAGE : page * PAGE]
        ],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=words,
        exports=[Link(_("Tải bảng này (CSV)"), "?" + kept.urlencode())],
        empty=Empty(
            _("Chưa có danh sách nào"),
            _("Trang của mỗi tài liệu có nút “Lưu vào danh sách”. Hoặc lập một danh sách trống ở dưới."),
            Link(_("Tra cứu"), reverse("discovery:results")),
        ),
    )
    context = {"reader": patron_id, "table": table, "form": form}
    return render(request, "readinglists/lists.html", context, status=422 if form.errors else 200)


def _row(one: ReadingList) -> Row:
    cells = {"name": one.name, "count": getattr(one, "count", 0), "made": one.made_at}
    return Row(cells, reverse("readinglists:list", args=[one.public_id]))


def _make(request: HttpRequest, form: NameForm) -> HttpResponse | None:
    try:
        made = make_list(actor=actor_of(request), name=form.cleaned_data["name"])
    except NoCard:
        raise Http404 from None
    except NameTaken:
        form.add_error("name", _("Bạn đã có danh sách mang tên này."))
        return None
    except Full:
        form.add_error("name", _("Mỗi người giữ nhiều nhất %(most)d danh sách.") % {"most": MOST_LISTS})
        return None
    messages.success(request, _("Đã lập danh sách."))
    return redirect("readinglists:list", made.public_id)
