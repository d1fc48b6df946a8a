"""Lists of classes and staff: upload, trial, decision, progress, taking back; the end of the school year."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.kernel.storage import TooLarge
from lienthu.libraries.queries import libraries
from lienthu.patrons.access import EDIT, get_roll, visible_rolls
from lienthu.patrons.actions.rolls import (
    WrongState,
    classes_of,
    commit_roll,
    request_revert,
    start_roll,
    start_year_end,
)
from lienthu.patrons.forms import RollForm, YearEndForm
from lienthu.patrons.models import Roll, RollKind, RollOutcome, RollRow, RollStatus
from lienthu.patrons.views.frame import found_or_404, patron_crumbs
from lienthu.patrons.wording import roll_badge, roll_problem, row_reason
from lienthu.web.components import Column, Empty, Figure, Link, Progress, Row, Table

_SIZE = 50
_WORKING = {"CHECKING", "RUNNING", "REVERTING"}
_BADGES = {"NEW": "running", "CHANGED": "pending", "SAME": "done", "REFUSED": "failed"}


def _crumbs(*more: tuple[str, str]) -> Any:
    return patron_crumbs((_("Danh sách lớp và cán bộ"), reverse("patrons:rolls")), *more)


@requires(EDIT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lists of one's libraries."""
    rolls = visible_rolls(actor_of(request))
    total = rolls.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // _SIZE)))
    table = Table(
        caption=_("Danh sách lớp và cán bộ"),
        caption_hidden=True,
        columns=[
            Column("name", _("Danh sách")),
            Column("library", _("Thư viện")),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("total", _("Số người"), kind="number"),
            Column("at", _("Lúc"), kind="datetime", hidden_on_phone=True),
            Column("by", _("Ghi bởi"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "name": roll.file_name or str(RollKind(roll.kind).label),
                    "library": roll.library.name_vi,
                    "state": roll_badge(roll),
                    "total": roll.total,
                    "at": roll.created_at,
                    "by": roll.actor_name,
                },
                url=reverse("patrons:roll", args=[ids.encode(roll.pk)]),
            )
            for roll in rolls[(number - 1) * _SIZE : number * _SIZE]
        ],
        total=total,
        number=number,
        size=_SIZE,
        empty=Empty(
            _("Chưa có danh sách nào"),
            _("Tải danh sách lớp hay cán bộ từ Excel; hệ thống kiểm tra thử trước khi ghi."),
            Link(_("Tải danh sách lên"), reverse("patrons:roll_upload")),
        ),
    )
    return render(request, "patrons/rolls.html", {"table": table, "crumbs": _crumbs()})


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a file and start its trial run."""
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, EDIT)).order_by("name_vi")
    form = RollForm(request.POST or None, request.FILES or None, own=own)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            roll = start_roll(
                actor=actor,
                library=given["library"],
                kind=given["kind"],
                category=given["category"],
                source=given["file"],
                file_name=given["file"].name,
            )
        except TooLarge:
            form.add_error("file", _("Tệp lớn hơn 20 MB."))
        else:
            return redirect("patrons:roll", ids.encode(roll.pk))
    context = {"form": form, "crumbs": _crumbs((_("Tải danh sách lên"), ""))}
    return render(request, "patrons/roll_upload.html", context, status=400 if form.errors else 200)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def year_end(request: HttpRequest) -> HttpResponse:
    """Which class becomes which; the list that follows is looked at before it is written."""
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, EDIT)).order_by("name_vi")
    asked = request.POST.get("library") or request.GET.get("library") or ""
    library = own.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    form = None
    if library is not None:
        form = YearEndForm(request.POST or None, classes=classes_of(library))
        if request.method == "POST" and form.is_valid():
            roll = start_year_end(actor=actor, library=library, becoming=form.becoming)
            return redirect("patrons:roll", ids.encode(roll.pk))
    context = {"form": form, "own": own, "library": library, "crumbs": _crumbs((_("Lên lớp cuối năm học"), ""))}
    return render(request, "patrons/year_end.html", context)


@requires(EDIT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One list: where it stands, what came or would come of each row."""
    with found_or_404():
        roll = get_roll(actor_of(request), public_id)
    status = RollStatus(roll.status)
    working = status in _WORKING
    context = {
        "roll": roll,
        "public_id": public_id,
        "title": roll.file_name or str(RollKind(roll.kind).label),
        "crumbs": _crumbs((roll.file_name or str(RollKind(roll.kind).label), "")),
        "state": roll_badge(roll),
        "working": working,
        "work": _progress(roll),
        "figures": _figures(roll),
        "problem": roll_problem(roll.problem) if roll.problem else "",
        "table": None if working or roll.problem else _table(request, roll),
        "may_commit": status == "CHECKED" and set(roll.counts) & {"NEW", "CHANGED"},
        "may_revert": status == "DONE",
    }
    return render(request, "patrons/roll.html", context)


@requires(EDIT)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    with found_or_404():
        roll = get_roll(actor_of(request), public_id)
    return render(request, "web/components/progress.html", {"work": _progress(roll)})


@requires(EDIT)
@require_POST
def commit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the list be written."""
    actor = actor_of(request)
    with found_or_404():
        roll = get_roll(actor, public_id)
    try:
        commit_roll(actor=actor, roll=roll)
    except WrongState:
        messages.warning(request, _("Danh sách này đang được ghi hoặc đã ghi xong."))
    else:
        messages.success(request, _("Đã bắt đầu ghi. Bạn có thể rời trang này, việc ghi vẫn tiếp tục."))
    return redirect("patrons:roll", public_id)


@requires(EDIT)
@require_POST
def revert(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the list back."""
    actor = actor_of(request)
    with found_or_404():
        roll = get_roll(actor, public_id)
    try:
        request_revert(actor=actor, roll=roll)
    except WrongState:
        messages.warning(request, _("Chỉ hoàn tác được một danh sách đã ghi xong."))
    else:
        messages.success(request, _("Đang hoàn tác danh sách này."))
    return redirect("patrons:roll", public_id)


@requires(EDIT)
@require_GET
def refused(request: HttpRequest, public_id: str) -> HttpResponse:
    """The refused rows as CSV."""
    with found_or_404():
        roll = get_roll(actor_of(request), public_id)
    return csv_response(f"tu-choi-{public_id}", [_("Dòng"), _("Họ và tên"), _("Lý do")], _refused_lines(roll))


def _refused_lines(roll: Roll) -> Iterator[list[str]]:
    for row in roll.rows.filter(outcome="REFUSED").order_by("number").iterator():
        yield [str(row.number), row.data.get("full_name", ""), row_reason(row.reason)]


def _progress(roll: Roll) -> Progress:
    working = roll.status in _WORKING
    public_id = ids.encode(roll.pk)
    return Progress(
        label=str(RollStatus(roll.status).label),
        done=roll.done if working else roll.total,
        total=roll.total,
        unit=_("dòng"),
        state="running" if working else ("failed" if roll.status == "UNREADABLE" else "done"),
        url=reverse("patrons:roll_progress", args=[public_id]),
        next=None if working else Link(_("Xem kết quả"), reverse("patrons:roll", args=[public_id])),
    )


def _figures(roll: Roll) -> list[Figure]:
    found = [Figure(str(RollOutcome(key).label), roll.counts.get(key, 0)) for key in RollOutcome.values]
    if roll.counts.get("KEPT"):
        found.append(Figure(_("Giữ lại khi hoàn tác"), roll.counts["KEPT"]))
    return found


def _table(request: HttpRequest, roll: Roll) -> Table:
    rows = roll.rows.select_related("patron").order_by("-outcome", "number")
    wanted = request.GET.get("outcome", "")
    if wanted in RollOutcome.values:
        rows = rows.filter(outcome=wanted)
    total = rows.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // _SIZE)))
    return Table(
        caption=_("Từng người trong danh sách"),
        columns=[
            Column("number", _("Dòng"), kind="number"),
            Column("name", _("Họ và tên")),
            Column("what", _("Lớp, khoa, đơn vị")),
            Column("outcome", _("Kết quả"), kind="badge"),
            Column("reason", _("Lý do")),
        ],
        rows=[Row(cells=_cells(row)) for row in rows[(number - 1) * _SIZE : number * _SIZE]],
        total=total,
        number=number,
        size=_SIZE,
        exports=[
            Link(_("Tải những dòng bị từ chối (CSV)"), reverse("patrons:roll_refused", args=[ids.encode(roll.pk)]))
        ],
    )


def _cells(row: RollRow) -> dict[str, Any]:
    data, patron = row.data, row.patron
    what = data.get("group", "") or (patron.group if patron else "")
    if "to" in data:
        what = f"{data['from']} → {data['to'] or _('ra trường')}"
    return {
        "number": row.number,
        "name": data.get("full_name") or (patron.full_name if patron else ""),
        "what": what,
        "outcome": (_BADGES[row.outcome], str(RollOutcome(row.outcome).label)),
        "reason": row_reason(row.reason),
    }
