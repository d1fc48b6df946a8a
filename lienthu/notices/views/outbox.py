"""The outbox: what went out, what waits, what failed and why; sending again. The list of readers to be told."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, actor_of, may, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.kernel.text import folded_key
from lienthu.notices.access import READ, SEND, get_delivery, visible_deliveries
from lienthu.notices.actions import NotNow, count_as_sent, send_again, told
from lienthu.notices.forms import ALL, CallFilter, OutboxFilter
from lienthu.notices.models import Channel, Delivery, State
from lienthu.notices.views.frame import crumbs_of, tabs_of
from lienthu.notices.wording import kind_label, state_badge, why
from lienthu.patrons.queries import contacts_of, patron_of_card
from lienthu.web.components import Column, Empty, Figure, Link, Row, Table
from lienthu.web.tags.filters import vn_date, vn_datetime

SIZE = 50
MOST_ROWS = 50_000
_ORDERS = {
    "at": ("notice__made_at", "id"),
    "kind": ("notice__kind", "-id"),
    "reader": ("notice__patron__name_sort", "-id"),
    "state": ("state", "-id"),
    "tries": ("tries", "-id"),
}


@requires(READ)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponseBase:
    """Every delivery of one's libraries but those by telephone or post."""
    actor, form = actor_of(request), OutboxFilter(request.GET)
    everything = visible_deliveries(actor).exclude(channel=Channel.DESK)
    found = _narrowed(everything, form)
    sort = request.GET.get("sort") or "-at"
    order = _ORDERS.get(sort.removeprefix("-"), _ORDERS["at"])
    found = found.order_by(*(_turned(key) for key in order) if sort.startswith("-") else order)
    if request.GET.get("format") == "csv":
        _note(actor, "notices.listed", found.count())
        heads = [_("Lúc"), _("Loại"), _("Bạn đọc"), _("Thư viện"), _("Cách gửi"), _("Tình trạng"), _("Vì sao")]
        return csv_response("hop-gui", heads, _lines(found[:MOST_ROWS]))
    counts = {state: everything.filter(state=state).count() for state in (State.WAITING, State.FAILED, State.UNCERTAIN)}
    base = reverse("notices:outbox")
    figures = [Figure(str(State(state).label), count, url=f"{base}?state={state}") for state, count in counts.items()]
    context = {"table": _table(request, form, found, sort), "figures": figures, "tabs": tabs_of(request)}
    return render(request, "notices/outbox.html", context)


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _narrowed(found: QuerySet[Delivery], form: OutboxFilter) -> QuerySet[Delivery]:
    if not form.is_valid():
        return found
    given = form.cleaned_data
    # ways that a reader does not have, or does not want, are of interest only to who asks for them
    if not given["state"]:
        found = found.exclude(state=State.SKIPPED)
    elif given["state"] != ALL:
        found = found.filter(state=given["state"])
    for name, column in (("channel", "channel"), ("kind", "notice__kind")):
        if given[name]:
            found = found.filter(**{column: given[name]})
    if words := given["q"].strip():
        holder = patron_of_card(words)
        named = Q(notice__patron__isnull=False)
        for word in folded_key(words).split()[:6]:
            named &= Q(notice__patron__name_folded__contains=word)
        found = found.filter(Q(notice__patron_id=holder.patron_id) if holder else named)
    return found


def _reader(one: Delivery) -> str:
    return one.notice.patron.full_name if one.notice.patron else "–"


def _table(request: HttpRequest, form: OutboxFilter, found: QuerySet[Delivery], sort: str) -> Table:
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // SIZE)))
    export = request.GET.copy()
    export["format"] = "csv"
    rows = [
        Row(
            cells={
                "kind": kind_label(one.notice.kind),
                "reader": _reader(one),
                "at": one.notice.made_at,
                "channel": str(Channel(one.channel).label),
                "state": state_badge(one),
                "why": why(one),
                "tries": one.tries,
            },
            url=reverse("notices:delivery", args=[one.pk]),
        )
        for one in found[(page - 1) * SIZE : page * SIZE]
    ]
    return Table(
        caption=_("Hộp gửi"),
        caption_hidden=True,
        columns=[
            Column("kind", _("Loại"), sortable=True),
            Column("reader", _("Bạn đọc"), sortable=True),
            Column("at", _("Lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("channel", _("Cách gửi")),
            Column("state", _("Tình trạng"), kind="badge", sortable=True),
            Column("why", _("Vì sao"), hidden_on_phone=True),
            Column("tries", _("Số lần thử"), kind="number", sortable=True, hidden_on_phone=True),
        ],
        rows=rows,
        total=total,
        number=page,
        size=SIZE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Không có thông báo nào"), _("Thông báo được soạn khi tài liệu sắp đến hạn, quá hạn, về nơi nhận…")
        ),
    )


def _lines(found: QuerySet[Delivery]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=1_000):
        yield [
            vn_datetime(one.notice.made_at),
            kind_label(one.notice.kind),
            _reader(one),
            one.notice.library.name_vi,
            str(Channel(one.channel).label),
            str(State(one.state).label),
            why(one),
        ]


def _note(actor: Actor, action: str, rows: int) -> None:
    with writing(actor) as w:
        w.audit(action, target=("notice", "*"), details={"rows": rows})


@requires(READ)
@require_GET
@never_cache
def delivery(request: HttpRequest, number: int) -> HttpResponse:
    """One delivery: what was said, how it went, what the other ways did. The look is noted."""
    actor = actor_of(request)
    try:
        one = get_delivery(actor, number)
    except Delivery.DoesNotExist:
        raise Http404 from None
    with writing(actor) as w:
        w.audit("notices.looked_at", target=("notice", one.notice_id), at=one.notice.library.code)
    ways = [(way, state_badge(way), why(way)) for way in one.notice.deliveries.order_by("channel")]
    context = {
        "one": one,
        "notice": one.notice,
        "reader": _reader(one),
        "kind_label": kind_label(one.notice.kind),
        "state": state_badge(one),
        "why": why(one),
        "ways": [(way, str(Channel(way.channel).label), badge, said) for way, badge, said in ways],
        "may_send": may(actor, SEND, one.notice.library.scope) and one.notice.purged_at is None,
        "crumbs": crumbs_of((_("Hộp gửi"), reverse("notices:outbox")), (kind_label(one.notice.kind), "")),
    }
    return render(request, "notices/delivery.html", context)


def _step(request: HttpRequest, number: int, run: Callable[..., Delivery], said: str, back: str) -> HttpResponse:
    try:
        run(actor=actor_of(request), number=number)
    except Delivery.DoesNotExist:
        raise Http404 from None
    except NotNow as error:
        state = State(error.state).label
        messages.warning(
            request, _("Không làm được nữa: thông báo này đang ở trạng thái «%(state)s».") % {"state": state}
        )
    else:
        messages.success(request, said)
    return redirect(back)


@requires(SEND)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send once more."""
    back = reverse("notices:delivery", args=[number])
    return _step(request, number, send_again, _("Đã đưa vào hàng gửi lại."), back)


@requires(SEND)
@require_POST
def arrived(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody found out that it arrived."""
    back = reverse("notices:delivery", args=[number])
    return _step(request, number, count_as_sent, _("Đã ghi là bạn đọc nhận được."), back)


@requires(SEND)
@require_POST
def mark_told(request: HttpRequest, number: int) -> HttpResponse:
    """The reader was called or written to."""
    return _step(request, number, told, _("Đã ghi là đã báo."), reverse("notices:calls"))


@requires(SEND)
@require_GET
@never_cache
def calls(request: HttpRequest) -> HttpResponseBase:
    """Readers whom only a person can tell: a list to call from, to print, to take along. Each look is noted."""
    actor, form = actor_of(request), CallFilter(request.GET)
    done = form.is_valid() and form.cleaned_data["done"] == "1"
    found = visible_deliveries(actor, SEND).filter(
        channel=Channel.DESK, state=State.SENT if done else State.WAITING, notice__patron__isnull=False
    )
    if not done:
        found = found.filter(notice__withdrawn_at=None)
    if form.is_valid() and form.cleaned_data["kind"]:
        found = found.filter(notice__kind=form.cleaned_data["kind"])
    found = found.order_by("notice__patron__name_sort", "notice__patron_id", "-notice_id")
    if request.GET.get("format") == "csv":
        _note(actor, "notices.call_list_shown", found.count())
        heads = [_("Bạn đọc"), _("Điện thoại"), _("Nơi ở"), _("Người giám hộ"), _("Cần báo"), _("Ngày")]
        return csv_response("can-bao", heads, _call_lines(list(found[:MOST_ROWS])))
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // SIZE)))
    shown = list(found[(page - 1) * SIZE : page * SIZE])
    _note(actor, "notices.call_list_shown", len(shown))
    export = request.GET.copy()
    export["format"] = "csv"
    context = {
        "readers": _grouped(shown),
        "total": total,
        "page": page,
        "pages": max(1, -(-total // SIZE)),
        "size": SIZE,
        "done": done,
        "form": form,
        "export": "?" + export.urlencode(),
        "tabs": tabs_of(request),
    }
    return render(request, "notices/calls.html", context)


def _grouped(shown: list[Delivery]) -> list[dict[str, Any]]:
    """One entry for each reader, with everything to be told at once."""
    contacts = contacts_of({one.notice.patron_id for one in shown if one.notice.patron_id is not None})
    found: dict[int, dict[str, Any]] = {}
    for one in shown:
        contact = contacts[one.notice.patron_id or 0]
        entry = found.setdefault(contact.patron_id, {"contact": contact, "lines": []})
        entry["lines"].append(one)
    return list(found.values())


def _call_lines(rows: list[Delivery]) -> Iterator[list[str]]:
    for entry in _grouped(rows):
        contact = entry["contact"]
        for one in entry["lines"]:
            day = vn_date(one.notice.made_at)
            yield [contact.name, contact.phone, contact.address, contact.guardian, one.notice.short, day]
