"""One weeding: its copies, its bounds, what is to be done now, its papers and history."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.papers import DOCX, PDF
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Progress, Row, Table
from lienthu.weeding import actions
from lienthu.weeding import minutes as papers
from lienthu.weeding.access import MANAGE
from lienthu.weeding.actions import Refused
from lienthu.weeding.forms import CouncilForm, DecisionForm, FindForm, NumbersForm, ObjectionForm
from lienthu.weeding.models import PUBLIC_STATES, WORKING, State, Weeding
from lienthu.weeding.policy import most_pieces
from lienthu.weeding.queries import counts_of, held_by, next_allowed, pieces_of
from lienthu.weeding.views.frame import MOST_ROWS, PAGE, crumbs, the_weeding
from lienthu.weeding.wording import BADGES, happening_sentence, piece_state, reason_sentence, refusal_sentence

_SORTS = {"number": "item__accession_number", "title": "item__record__cluster__title", "reason": "reason"}


@requires(MANAGE)
@require_GET
@never_cache
def show(request: HttpRequest, public: str) -> HttpResponseBase:
    """The weeding as it stands."""
    one = the_weeding(request, public)
    return _csv(one) if request.GET.get("dang") == "csv" else page_of(request, one)


def page_of(request: HttpRequest, one: Weeding, *, problems: tuple[str, ...] = (), **forms: Any) -> HttpResponse:
    """The page, with what went wrong; `forms` are those that were filled in."""
    counts = counts_of(one)
    open_now = one.state in (State.DRAFT, State.PUBLISHED, State.DECIDED)
    held = one.held if one.held is not None else held_by(one.library_id)
    context = {
        "one": one,
        "crumbs": crumbs(Crumb(one.name, "")),
        "state": (BADGES[State(one.state)], State(one.state).label),
        "counts": counts,
        "held": held,
        "most": most_pieces(held),
        "too_many": open_now and counts.listed > most_pieces(held),
        "next_allowed": next_allowed(one.library_id, held=held) if open_now else None,
        "today": clock.today(),
        "public": one.state in PUBLIC_STATES,
        "work": progress_of(one) if one.state in WORKING else None,
        "problems": problems,
        "facts": _facts(one, held),
        "table": _table(request, one),
        "objections": list(one.objections.select_related("piece__item").order_by("-pk")[:PAGE]),
        "history": [(row, happening_sentence(row)) for row in one.happenings.order_by("-pk")[:PAGE]],
        "find_form": FindForm(),
        "numbers_form": NumbersForm(),
        "objection_form": ObjectionForm(),
        "decision_form": DecisionForm(initial={"decided_on": clock.today()}),
        "council_form": CouncilForm(initial={"name": one.name, **CouncilForm.texts(one.council)}),
        **forms,
    }
    return render(request, "weeding/weeding.html", context, status=422 if problems else 200)


@requires(MANAGE)
@require_POST
@never_cache
def change(request: HttpRequest, public: str) -> HttpResponse:
    """Another name or council."""
    one = the_weeding(request, public)
    form = CouncilForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, problems=(_("Hãy xem lại tên đợt và hội đồng."),), council_form=form)
    try:
        actions.change_weeding(
            actor=actor_of(request), weeding_id=one.pk, name=form.cleaned_data["name"], council=form.council()
        )
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), council_form=form)
    messages.success(request, _("Đã ghi tên đợt và hội đồng."))
    return redirect("weeding:weeding", one.public_id)


@requires(MANAGE)
@require_GET
@never_cache
def progress(request: HttpRequest, public: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(the_weeding(request, public))})


def progress_of(one: Weeding) -> Progress:
    """How far the job is, counted from the copies themselves."""
    counts = counts_of(one)
    back = one.state in (State.RETURNING, State.RETURNED)
    still = one.pieces.filter(not_returned=True).count() if back else 0
    return Progress(
        label=str(State(one.state).label),
        done=counts.returned + still if back else counts.withdrawn + counts.left_out,
        total=counts.withdrawn if back else counts.listed,
        unit=_("bản"),
        state="running" if one.state in WORKING else "done",
        url=reverse("weeding:progress", args=[one.public_id]),
        next=None if one.state in WORKING else Link(_("Xem kết quả"), reverse("weeding:weeding", args=[one.public_id])),
    )


@requires(MANAGE)
@require_GET
@never_cache
def minutes(request: HttpRequest, public: str) -> HttpResponse:
    """A paper (`giay`: danh-muc, bien-ban) as a file (`dang`: pdf, docx)."""
    one = the_weeding(request, public)
    whole = request.GET.get("giay") != "danh-muc"
    if whole and one.decided_on is None:
        raise Http404
    made = papers.minutes_of(one) if whole else papers.list_of(one)
    kind = "docx" if request.GET.get("dang") == "docx" else "pdf"
    body = papers.as_docx(made) if kind == "docx" else papers.as_pdf(made)
    name = f"{'bien-ban' if whole else 'danh-muc'}-thanh-loc-{one.public_id}.{kind}"
    return HttpResponse(
        body,
        content_type=DOCX if kind == "docx" else PDF,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _day(at: datetime | date | None) -> str:
    if at is None:
        return "–"
    return f"{at.astimezone(clock.VIETNAM) if isinstance(at, datetime) else at:%d/%m/%Y}"


def _facts(one: Weeding, held: int) -> list[tuple[str, Any]]:
    council = "; ".join(", ".join(part for part in person if part) for person in one.council)
    return [
        (_("Thư viện"), one.library.name_vi),
        (_("Hội đồng thanh lọc"), council or "–"),
        (_("Số bản thư viện có"), held),
        (_("Ngày công khai"), _day(one.published_at)),
        (_("Quyết định được từ ngày"), _day(one.decidable_from)),
        (_("Quyết định"), f"{one.decision}, {_day(one.decided_on)}" if one.decided_on else "–"),
        (_("Ngày hoàn thành"), _day(one.done_at)),
        (_("Hồ sơ lưu ít nhất đến"), _day(one.kept_until)),
    ]


def _table(request: HttpRequest, one: Weeding) -> Table:
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    found = pieces_of(one)
    if name:
        found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name}", "pk")
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    act = {
        State.DRAFT: ("weeding:remove", _("Bớt khỏi danh mục")),
        State.PUBLISHED: ("weeding:keep", _("Giữ lại hoặc đưa trở lại")),
    }.get(State(one.state))
    rows = [
        Row(
            cells={
                "title": piece.item.record.cluster.title,
                "number": piece.item.accession_number,
                "reason": reason_sentence(piece),
                "state": piece_state(piece),
                "note": piece.kept_out or "–",
            },
            actions=[Link(act[1], reverse(act[0], args=[one.public_id, piece.pk]))] if act else [],
        )
        for piece in found[(page - 1) * PAGE : page * PAGE]
    ]
    return Table(
        caption=_("Danh mục thanh lọc"),
        columns=[
            Column("title", _("Tài liệu"), sortable=True),
            Column("number", _("Số ĐKCB"), kind="code", sortable=True),
            Column("reason", _("Lý do"), sortable=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("note", _("Lý do giữ lại"), hidden_on_phone=True),
        ],
        rows=rows,
        total=total,
        number=page,
        size=PAGE,
        sort=sort if name else "number",
        exports=[Link(_("Tải bảng này (CSV)"), "?dang=csv")],
        empty=Empty(_("Danh mục chưa có bản nào."), _("Tìm theo tiêu chí, hoặc quét số đăng ký cá biệt.")),
    )


def _csv(one: Weeding) -> HttpResponseBase:
    heads = [_("Số ĐKCB"), _("Tài liệu"), _("Lý do"), _("Tình trạng"), _("Lý do giữ lại")]
    rows = (
        [
            piece.item.accession_number,
            piece.item.record.cluster.title,
            reason_sentence(piece),
            piece_state(piece)[1],
            piece.kept_out,
        ]
        for piece in pieces_of(one)[:MOST_ROWS]
    )
    return csv_response(f"thanh-loc-{one.public_id}", heads, rows)
