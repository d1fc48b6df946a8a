"""The list of readers of one's libraries."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.audit.actions import writing
from lienthu.identity.access import actor_of, may_anywhere, requires
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.patrons.access import EDIT, READ, visible_patrons
from lienthu.patrons.forms import ListForm
from lienthu.patrons.models import Card, Patron, PatronState
from lienthu.patrons.queries import category_names, named, patron_of_card
from lienthu.patrons.wording import state_badge
from lienthu.web.components import Column, Empty, Link, Row, Table

SIZE = 50
_ORDERS = {"name": ("name_sort", "id"), "registered": ("registered_at", "id"), "category": ("category__position", "id")}


@requires(READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Readers; a whole card number leads to its reader at once, whatever library gave it."""
    actor = actor_of(request)
    form = ListForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    if words and (held := patron_of_card(words)):
        return redirect("patrons:patron", held.patron.public_id)
    found = visible_patrons(actor)
    if words and (asked := found.filter(pk=ids.decode(words.lower()), state=PatronState.PENDING).first()):
        return redirect("patrons:patron", ids.encode(asked.pk))
    if words:
        phone = "".join(filter(str.isdigit, words))
        found = found.filter(phone=phone) if len(phone) > 6 else named(words, among=found)
    if form.is_valid() and form.cleaned_data["category"]:
        found = found.filter(category__code=form.cleaned_data["category"])
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    sort = request.GET.get("sort") or "name"
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    order = _ORDERS.get(column, _ORDERS["name"])
    found = found.order_by(*(("-" + key) if descending else key for key in order))
    if request.GET.get("format") == "csv":
        with writing(actor) as w:
            w.audit("patrons.listed", target=("patron", "*"), details={"rows": found.count()})
        heads = [_("Họ và tên"), _("Số thẻ"), _("Nhóm bạn đọc"), _("Lớp, khoa, đơn vị"), _("Thư viện"), _("Đăng ký")]
        return csv_response("ban-doc", heads, _csv_lines(found))
    pending = visible_patrons(actor).filter(state=PatronState.PENDING).count()
    table = _table(request, form, found, sort)
    with writing(actor) as w:
        w.audit("patrons.listed", target=("patron", "*"), details={"rows": len(table.rows)})
    context = {"table": table, "pending": pending, **_may(request)}
    return render(request, "patrons/list.html", context)


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"may_edit": may_anywhere(actor_of(request), EDIT)}


def _table(request: HttpRequest, form: ListForm, found: QuerySet[Patron], sort: str) -> Table:
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // SIZE)))
    export = request.GET.copy()
    export["format"] = "csv"
    return Table(
        caption=_("Bạn đọc"),
        caption_hidden=True,
        columns=[
            Column("name", _("Họ và tên"), sortable=True),
            Column("card", _("Số thẻ"), kind="code"),
            Column("category", _("Nhóm"), sortable=True, hidden_on_phone=True),
            Column("group", _("Lớp, khoa, đơn vị"), hidden_on_phone=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("registered", _("Đăng ký"), kind="date", sortable=True, hidden_on_phone=True),
        ],
        rows=list(_rows(list(found[(page - 1) * SIZE : page * SIZE]))),
        total=total,
        number=page,
        size=SIZE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Không có bạn đọc nào"),
            _("Chưa có ai khớp với lựa chọn. Bạn đọc của thư viện khác: quét hoặc gõ cả số thẻ."),
            Link(_("Đăng ký bạn đọc"), reverse("patrons:register")),
        ),
    )


def _cards(patrons: Iterable[Patron]) -> dict[int, str]:
    return dict(Card.objects.filter(patron__in=patrons, status="ACTIVE").values_list("patron_id", "number"))


def _rows(patrons: list[Patron]) -> Iterator[Row]:
    cards, names = _cards(patrons), category_names()
    for one in patrons:
        yield Row(
            cells={
                "name": one.full_name,
                "card": cards.get(one.pk, "–"),
                "category": names[one.category.code],
                "group": one.group,
                "state": state_badge(one),
                "registered": one.registered_at,
            },
            url=reverse("patrons:patron", args=[ids.encode(one.pk)]),
        )


def _csv_lines(found: QuerySet[Patron]) -> Iterator[list[str]]:
    names = category_names()
    cards = _cards(found)
    for one in found.iterator(chunk_size=1_000):
        yield [
            one.full_name,
            cards.get(one.pk, ""),
            names[one.category.code],
            one.group,
            one.home_library.name_vi,
            f"{one.registered_at:%d/%m/%Y}",
        ]
