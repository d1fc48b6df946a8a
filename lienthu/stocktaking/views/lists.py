"""The list of rounds, and a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.stocktaking import actions
from lienthu.stocktaking.access import MANAGE, own_libraries, visible_rounds
from lienthu.stocktaking.actions import Refused
from lienthu.stocktaking.forms import RoundFilter, RoundForm
from lienthu.stocktaking.models import Round, State
from lienthu.stocktaking.policy import Group
from lienthu.stocktaking.queries import in_groups
from lienthu.stocktaking.views.frame import PAGE, SHEETS, crumbs, exports
from lienthu.stocktaking.wording import BADGES, GROUPS, refusal_sentence
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"name": "name", "opened": "opened_at", "library": "library__name_sort"}
MOST_ROWS = 5_000


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponseBase:
    """Rounds of one's libraries, the newest first."""
    form = RoundFilter(request.GET)
    found = visible_rounds(actor_of(request))
    if form.is_valid():
        words, state = form.cleaned_data["q"].replace("\x00", "").strip(), form.cleaned_data["state"]
        found = found.filter(name__icontains=words) if words else found
        found = found.filter(state=state) if state else found
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    sort = sort if name else "-opened"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name or 'opened_at'}", "-pk")
    if sheet := SHEETS.get(request.GET.get("format", "")):
        heads = [_("Đợt kiểm kê"), _("Nơi kiểm"), _("Tình trạng"), _("Bắt đầu"), *map(str, GROUPS.values())]
        return sheet("kiem-ke", heads, (_line(one) for one in found[:MOST_ROWS]))
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    table = Table(
        caption=_("Các đợt kiểm kê"),
        caption_hidden=True,
        columns=[
            Column("name", _("Đợt kiểm kê"), sortable=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("library", _("Nơi kiểm"), sortable=True),
            Column("opened", _("Bắt đầu"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("missing", _("Thiếu"), kind="number", hidden_on_phone=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=exports(request),
        empty=Empty(
            _("Chưa có đợt kiểm kê nào"),
            _("Mở một đợt, quét sách theo thứ tự bất kỳ, nhiều người cùng lúc; hệ thống đối chiếu với mục lục."),
            Link(_("Mở đợt kiểm kê"), reverse("stocktaking:new")),
        ),
    )
    return render(request, "stocktaking/list.html", {"table": table})


def _row(one: Round) -> Row:
    missing = in_groups(one.counts)[Group.MISSING] if one.counts else "–"
    return Row(
        cells={
            "name": one.name,
            "state": (BADGES[one.state], str(State(one.state).label)),
            "library": one.place,
            "opened": one.opened_at,
            "missing": missing,
        },
        url=reverse("stocktaking:round", args=[one.public_id]),
    )


def _line(one: Round) -> list[object]:
    groups = in_groups(one.counts)
    opened = one.opened_at.astimezone(clock.VIETNAM)
    counted = [groups[group] if one.counts else "" for group in GROUPS]
    return [one.name, one.place, str(State(one.state).label), f"{opened:%d/%m/%Y %H:%M}", *counted]


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """What is to be counted."""
    actor = actor_of(request)
    own = own_libraries(actor)
    if not own.exists():
        raise Http404
    year = clock.today().year
    form = RoundForm(request.POST or None, own=own, initial={"name": _("Kiểm kê năm %(year)d") % {"year": year}})
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            one = actions.open_round(actor=actor, **form.cleaned_data)
        except Refused as refusal:
            problem = refusal_sentence(refusal)
        else:
            messages.success(request, _("Đã mở đợt kiểm kê. Nay quét từng bản, theo thứ tự bất kỳ."))
            return redirect("stocktaking:round", one.public_id)
    context = {"form": form, "problem": problem, "crumbs": crumbs(Crumb(_("Mở đợt kiểm kê"), ""))}
    return render(request, "stocktaking/new.html", context, status=422 if problem or form.errors else 200)
