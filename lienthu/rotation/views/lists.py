"""The list of sets, and a new one."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.rotation import actions
from lienthu.rotation.access import MANAGE, own_libraries, visible_sets
from lienthu.rotation.actions import Refused
from lienthu.rotation.forms import SetFilter, SetForm
from lienthu.rotation.models import OPEN_STATES, RotationSet, State
from lienthu.rotation.queries import with_counts
from lienthu.rotation.views.frame import MOST_ROWS, PAGE, crumbs, the_set
from lienthu.rotation.wording import BADGES, refusal_sentence
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"name": "name", "due": "due_on", "listed": "listed"}
_SOON_DAYS = 14


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponseBase:
    """Sets of one's libraries and at one's libraries, what is due first on top."""
    form = SetFilter(request.GET)
    everything = visible_sets(actor_of(request))
    found = with_counts(_narrowed(everything, form))
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    sort = sort if name else "due"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name or 'due_on'}", "-pk")
    if request.GET.get("dang") == "csv":
        return _csv(found)
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["dang"] = "csv"
    table = Table(
        caption=_("Các bộ sách luân chuyển"),
        caption_hidden=True,
        columns=[
            Column("name", _("Bộ sách"), sortable=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("due", _("Hạn trả"), kind="date", sortable=True),
            Column("place", _("Nơi giữ")),
            Column("owner", _("Thư viện chủ"), hidden_on_phone=True),
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
            _("Chưa có bộ sách luân chuyển nào"),
            _("Lập một bộ bằng cách quét sách, giao cho thư viện hay điểm khác giữ tối đa sáu tháng, rồi nhận lại."),
            Link(_("Lập bộ sách"), reverse("rotation:new")),
        ),
    )
    return render(request, "rotation/list.html", {"table": table, "told": _told(everything)})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """A new set; `?tu=` names the one whose copies travel on."""
    actor = actor_of(request)
    own = own_libraries(actor)
    if not own.exists():
        raise Http404
    before = the_set(request, request.GET["tu"]) if request.GET.get("tu") else None
    if before is not None and not own.filter(pk=before.owner_id).exists():
        raise Http404
    initial: dict[str, object] = {"due_on": SetForm.usual_due()}
    if before is not None:
        initial |= {"name": before.name, "owner": before.owner_id}
    form = SetForm(request.POST or None, own=own, initial=initial)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            one = actions.make_set(actor=actor, **form.cleaned_data, previous=before)
        except Refused as refusal:
            problem = refusal_sentence(refusal)
        else:
            messages.success(request, _("Đã lập bộ sách. Nay quét từng bản vào bộ."))
            return redirect("rotation:set", one.public_id)
    context = {"form": form, "problem": problem, "before": before, "crumbs": crumbs(Crumb(_("Lập bộ sách"), ""))}
    return render(request, "rotation/new.html", context, status=422 if problem or form.errors else 200)


def _narrowed(found: QuerySet[RotationSet], form: SetFilter) -> QuerySet[RotationSet]:
    given = form.cleaned_data if form.is_valid() else {}
    state, words = given.get("state", ""), given.get("q", "").replace("\x00", "").strip()
    if words:
        places = Q(point__icontains=words) | Q(host__name_vi__icontains=words) | Q(owner__name_vi__icontains=words)
        found = found.filter(Q(name__icontains=words) | places)
    if state == "LATE":
        return found.filter(state__in=[State.SENT, State.THERE], due_on__lt=clock.today())
    return found.filter(state=state) if state else found.filter(state__in=OPEN_STATES)


def _state(one: RotationSet) -> tuple[str, str]:
    if one.state in (State.SENT, State.THERE) and one.due_on < clock.today():
        return "overdue", _("Quá hạn trả")
    return BADGES[State(one.state)], str(State(one.state).label)


def _row(one: RotationSet) -> Row:
    return Row(
        cells={
            "name": one.name,
            "state": _state(one),
            "due": one.due_on,
            "place": one.place,
            "owner": one.owner.name_vi,
            "listed": getattr(one, "listed", 0),
        },
        url=reverse("rotation:set", args=[one.public_id]),
    )


def _told(everything: QuerySet[RotationSet]) -> list[str]:
    """What the librarians of both sides should know today."""
    today = clock.today()
    away = everything.filter(state__in=[State.SENT, State.THERE])
    late = away.filter(due_on__lt=today).count()
    soon = sum(0 <= (day - today).days <= _SOON_DAYS for day in away.values_list("due_on", flat=True))
    told = []
    if late:
        told.append(ngettext("%(count)d bộ đã quá hạn trả.", "%(count)d bộ đã quá hạn trả.", late) % {"count": late})
    if soon:
        text = ngettext("%(count)d bộ đến hạn trả trong 14 ngày.", "%(count)d bộ đến hạn trả trong 14 ngày.", soon)
        told.append(text % {"count": soon})
    return told


def _csv(found: QuerySet[RotationSet]) -> HttpResponseBase:
    heads = [_("Bộ sách"), _("Tình trạng"), _("Hạn trả"), _("Nơi giữ"), _("Thư viện chủ"), _("Số bản")]
    rows = (
        [one.name, _state(one)[1], f"{one.due_on:%d/%m/%Y}", one.place, one.owner.name_vi, getattr(one, "listed", 0)]
        for one in found[:MOST_ROWS]
    )
    return csv_response("bo-sach-luan-chuyen", heads, rows)
