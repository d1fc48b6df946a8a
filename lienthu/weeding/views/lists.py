"""The list of weedings, and a new one."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table
from lienthu.weeding import actions
from lienthu.weeding.access import MANAGE, own_libraries, visible_weedings
from lienthu.weeding.forms import WeedingFilter, WeedingForm
from lienthu.weeding.models import State, Weeding
from lienthu.weeding.queries import with_counts
from lienthu.weeding.views.frame import MOST_ROWS, PAGE, crumbs
from lienthu.weeding.wording import BADGES

_SORTS = {"name": "name", "made": "made_at", "listed": "listed"}


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponseBase:
    """Weedings of one's libraries, the newest first."""
    form = WeedingFilter(request.GET)
    found = with_counts(_narrowed(visible_weedings(actor_of(request)), form))
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    sort = sort if name else "-made"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name or 'made_at'}", "-pk")
    if request.GET.get("dang") == "csv":
        return _csv(found)
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["dang"] = "csv"
    table = Table(
        caption=_("Các đợt thanh lọc"),
        caption_hidden=True,
        columns=[
            Column("name", _("Đợt thanh lọc"), sortable=True),
            Column("state", _("Bước"), kind="badge"),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("made", _("Ngày lập"), kind="date", sortable=True),
            Column("listed", _("Số bản"), kind="number", sortable=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải bảng này (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Chưa có đợt thanh lọc nào"),
            _("Lập danh mục theo tiêu chí, công khai 15 ngày, ghi quyết định, rồi đưa các bản ra khỏi kho."),
            Link(_("Lập đợt thanh lọc"), reverse("weeding:new")),
        ),
    )
    return render(request, "weeding/list.html", {"table": table})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """A new weeding."""
    actor = actor_of(request)
    own = own_libraries(actor)
    if not own.exists():
        raise Http404
    form = WeedingForm(request.POST or None, own=own)
    if request.method == "POST" and form.is_valid():
        one = actions.make_weeding(
            actor=actor,
            name=form.cleaned_data["name"],
            library=form.cleaned_data["library"],
            council=form.council(),
        )
        messages.success(request, _("Đã lập đợt thanh lọc. Nay tìm những bản cần thanh lọc."))
        return redirect("weeding:weeding", one.public_id)
    context = {"form": form, "crumbs": crumbs(Crumb(_("Lập đợt thanh lọc"), ""))}
    return render(request, "weeding/new.html", context, status=422 if form.errors else 200)


def _narrowed(found: QuerySet[Weeding], form: WeedingFilter) -> QuerySet[Weeding]:
    given = form.cleaned_data if form.is_valid() else {}
    words = given.get("q", "").strip()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(library__name_vi__icontains=words))
    return found.filter(state=given["state"]) if given.get("state") else found


def _row(one: Weeding) -> Row:
    return Row(
        cells={
            "name": one.name,
            "state": (BADGES[State(one.state)], str(State(one.state).label)),
            "library": one.library.name_vi,
            "made": one.made_at,
            "listed": getattr(one, "listed", 0),
        },
        url=reverse("weeding:weeding", args=[one.public_id]),
    )


def _csv(found: QuerySet[Weeding]) -> HttpResponseBase:
    heads = [_("Đợt thanh lọc"), _("Bước"), _("Thư viện"), _("Ngày lập"), _("Số bản")]
    rows = (
        [one.name, State(one.state).label, one.library.name_vi, f"{one.made_at:%d/%m/%Y}", getattr(one, "listed", 0)]
        for one in found[:MOST_ROWS]
    )
    return csv_response("thanh-loc", heads, rows)
