"""A change on its way to the records: progress, what was left alone, taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.authorities.access import EDIT, may_edit
from lienthu.authorities.actions import NotPossible, request_return
from lienthu.authorities.models import Change, ChangeState, RecordState
from lienthu.authorities.queries.outcomes import LeftRecord, outcome_counts, records_left
from lienthu.authorities.views.frame import PAGE, crumbs, the_change, told
from lienthu.authorities.wording import STATE_BADGES, change_title
from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.web.components import Column, Crumb, Empty, Figure, Link, Progress, Row, Table

UNDER_WAY = (ChangeState.WAITING, ChangeState.RUNNING, ChangeState.REVERTING)


@requires(EDIT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One change: how far it is, what it did, what it left alone."""
    change = the_change(request, public_id)
    counts = outcome_counts(change)
    page = page_number(request.GET.get("page"))
    left, total = records_left(change, page=page, size=PAGE)
    context = {
        "change": change,
        "title": change_title(change),
        "crumbs": crumbs(
            Crumb(change.authority.text, reverse("authorities:authority", args=[change.authority.public_id])),
            Crumb(_("Thay đổi")),
        ),
        "state": (STATE_BADGES[change.state], str(change.get_state_display())),
        "work": progress_of(change) if change.state in UNDER_WAY else None,
        "figures": [Figure(str(label), counts[value]) for value, label in RecordState.choices if counts.get(value)],
        "left": _table(left, total, page) if total else None,
        "may_return": change.state == ChangeState.DONE and may_edit(actor_of(request)),
    }
    return render(request, "authorities/change.html", context)


def progress_of(change: Change) -> Progress:
    """How far a change is."""
    returning = change.state == ChangeState.REVERTING
    running = change.state in UNDER_WAY
    done = change.undone if returning else change.done
    total = outcome_counts(change).get("CHANGED", 0) + done if returning else change.total
    left = None
    if change.started_at and done and running and not returning:
        elapsed = (timezone.now() - change.started_at).total_seconds()
        left = elapsed / done * max(0, total - done)
    return Progress(
        label=str(change.get_state_display()),
        done=done,
        total=total,
        unit=_("biểu ghi"),
        left=left,
        state="waiting" if change.state == ChangeState.WAITING else "running" if running else "done",
        url=reverse("authorities:change_progress", args=[change.public_id]),
        next=None if running else Link(_("Xem kết quả"), reverse("authorities:change", args=[change.public_id])),
    )


@requires(EDIT)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(the_change(request, public_id))})


def _table(left: list[LeftRecord], total: int, page: int) -> Table:
    return Table(
        caption=_("Biểu ghi không sửa hoặc không trả lại"),
        columns=[
            Column("title", _("Nhan đề")),
            Column("state", _("Vì sao")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "title": one.title,
                    "state": " ".join(filter(None, (str(RecordState(one.state).label), one.detail))),
                    "library": one.library,
                },
                url=reverse("catalogue:history", args=[one.record_id]),
            )
            for one in left
        ],
        total=total,
        number=page,
        size=PAGE,
        empty=Empty(_("Không có biểu ghi nào")),
    )


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take the change back whole."""
    change = the_change(request, public_id)
    if request.method == "GET":
        return render(request, "authorities/give_back.html", {"change": change, "title": change_title(change)})
    try:
        request_return(actor=actor_of(request), change=change)
    except NotPossible as error:
        told(request, error)
    else:
        messages.success(request, _("Đề mục đã trở về như trước; biểu ghi đang được trả lại."))
    return redirect("authorities:change", public_id)
