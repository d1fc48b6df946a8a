"""One set: its copies, what is to be done now, its history, its minutes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.circulation.queries.staying import due_days
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.papers import DOCX, PDF
from lienthu.kernel.sheets import csv_response
from lienthu.rotation import actions
from lienthu.rotation import minutes as papers
from lienthu.rotation.access import MANAGE, at_host, at_owner
from lienthu.rotation.actions import Refused
from lienthu.rotation.forms import DueForm, ScanForm
from lienthu.rotation.models import Piece, RotationSet, State
from lienthu.rotation.queries import counts_of, letters_of, not_counted, pieces_of
from lienthu.rotation.views.frame import MOST_ROWS, PAGE, crumbs, the_set
from lienthu.rotation.wording import BADGES, differences, happening_sentence, piece_state, refusal_sentence
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"number": "item__accession_number", "title": "item__record__cluster__title"}


@requires(MANAGE)
@require_GET
@never_cache
def show(request: HttpRequest, public: str) -> HttpResponseBase:
    """The set as it stands."""
    one = the_set(request, public)
    if request.GET.get("dang") == "csv":
        return _csv(one)
    return page_of(request, one)


def page_of(
    request: HttpRequest, one: RotationSet, *, problems: tuple[str, ...] = (), why: Mapping[int, str] | None = None
) -> HttpResponse:
    """The page, with what went wrong and what was already written about missing copies."""
    actor = actor_of(request)
    owner, host = at_owner(actor, one), at_host(actor, one)
    acts = {State.DRAFT: owner, State.SENT: host, State.THERE: host, State.RETURNING: owner}.get(
        State(one.state), False
    )
    missing = list(not_counted(one)) if acts and one.state != State.DRAFT else []
    due = due_days([piece.item_id for piece in missing]) if missing else {}
    late = one.state in (State.SENT, State.THERE) and one.due_on < clock.today()
    context = {
        "one": one,
        "crumbs": crumbs(Crumb(one.name, "")),
        "state": ("overdue", _("Quá hạn trả")) if late else (BADGES[State(one.state)], State(one.state).label),
        "counts": counts_of(one),
        "acts": acts,
        "owner": owner,
        "form": ScanForm(),
        "due_form": DueForm(initial={"due_on": one.due_on})
        if owner and one.state in ("DRAFT", "SENT", "THERE")
        else None,
        "missing": [(piece, (why or {}).get(piece.pk) or _usual(piece, due)) for piece in missing],
        "problems": problems,
        "facts": _facts(one),
        "table": _table(request, one, editable=acts and one.state == State.DRAFT),
        "history": [(row, happening_sentence(row)) for row in one.happenings.order_by("-pk")[:PAGE]],
        "letters": letters_of(one)[:PAGE],
        "journeys": list(one.next_journeys.order_by("pk")[:PAGE]),
    }
    return render(request, "rotation/set.html", context, status=422 if problems else 200)


@requires(MANAGE)
@require_POST
@never_cache
def change(request: HttpRequest, public: str) -> HttpResponse:
    """Another day of return."""
    one = the_set(request, public)
    form = DueForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, problems=(_("Hãy chọn ngày hạn trả."),))
    try:
        actions.change_set(
            actor=actor_of(request),
            set_id=one.pk,
            name=one.name,
            host=one.host,
            point=one.point,
            due_on=form.cleaned_data["due_on"],
        )
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),))
    messages.success(request, _("Đã đổi hạn trả."))
    return redirect("rotation:set", one.public_id)


@requires(MANAGE)
@require_GET
@never_cache
def minutes(request: HttpRequest, public: str) -> HttpResponse:
    """The minutes of a handover (`lan`: giao, tra) as a file (`dang`: pdf, docx)."""
    one = the_set(request, public)
    back = request.GET.get("lan") == "tra"
    if (one.returned_at if back else one.sent_at) is None:
        raise Http404
    made = papers.minutes_of(one, back=back)
    kind = "docx" if request.GET.get("dang") == "docx" else "pdf"
    body = papers.as_docx(made) if kind == "docx" else papers.as_pdf(made)
    name = f"bien-ban-{'giao-tra' if back else 'ban-giao'}-{one.public_id}.{kind}"
    return HttpResponse(
        body,
        content_type=DOCX if kind == "docx" else PDF,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _usual(piece: Piece, due: Mapping[int, Any]) -> str:
    """What is known of a missing copy without asking."""
    at = due.get(piece.item_id)
    if at is not None:
        return _("Đang cho mượn, hạn trả %(due)s") % {"due": f"{at.astimezone(clock.VIETNAM):%d/%m/%Y}"}
    return str(piece.item.get_status_display()) if piece.item.status in ("LOST", "DAMAGED", "MISSING") else ""


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(clock.VIETNAM):%d/%m/%Y}" if at else "–"


def _facts(one: RotationSet) -> list[tuple[str, Any]]:
    return [
        (_("Thư viện chủ"), one.owner.name_vi),
        (_("Nơi giữ"), one.place),
        (_("Hạn trả"), f"{one.due_on:%d/%m/%Y}"),
        (_("Ngày giao"), _day(one.sent_at)),
        (_("Ngày nhận"), _day(one.received_at)),
        (_("Ngày giao trả"), _day(one.returned_at)),
        (_("Ngày kết thúc"), _day(one.closed_at)),
    ]


def _table(request: HttpRequest, one: RotationSet, *, editable: bool) -> Table:
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"), "")
    found = pieces_of(one).order_by(f"{'-' if sort.startswith('-') else ''}{name or 'item__accession_number'}", "pk")
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    columns = [
        Column("title", _("Tài liệu"), sortable=True),
        Column("number", _("Số ĐKCB"), kind="code", sortable=True),
        Column("state", _("Tình trạng"), kind="badge"),
        Column("note", _("Ghi chú")),
    ]
    rows = [
        Row(
            cells={
                "title": piece.item.record.cluster.title,
                "number": piece.item.accession_number,
                "state": piece_state(one, piece),
                "note": differences(piece) or "–",
            },
            actions=[Link(_("Bỏ khỏi bộ"), reverse("rotation:remove", args=[one.public_id, piece.pk]))]
            if editable
            else [],
        )
        for piece in found[(page - 1) * PAGE : page * PAGE]
    ]
    return Table(
        caption=_("Những bản của bộ"),
        columns=columns,
        rows=rows,
        total=total,
        number=page,
        size=PAGE,
        sort=sort if name else "number",
        exports=[Link(_("Tải bảng này (CSV)"), "?dang=csv")],
        empty=Empty(_("Bộ chưa có bản nào."), _("Quét số đăng ký cá biệt của từng bản vào ô ở trên.")),
    )


def _csv(one: RotationSet) -> HttpResponseBase:
    heads = [_("Số ĐKCB"), _("Tài liệu"), _("Tình trạng"), _("Ghi chú")]
    rows = (
        [piece.item.accession_number, piece.item.record.cluster.title, piece_state(one, piece)[1], differences(piece)]
        for piece in pieces_of(one)[:MOST_ROWS]
    )
    return csv_response(f"bo-sach-{one.public_id}", heads, rows)
