"""Runs: starting, watching, withdrawing a whole source, bringing records back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.harvesting.access import MANAGE, get_run
from lienthu.harvesting.actions.runs import AlreadyActive, SourceWithdrawn, start_restore, start_run
from lienthu.harvesting.models import Run
from lienthu.harvesting.queries import live_records
from lienthu.harvesting.views.presenting import crumb_of, crumbs, may_restore, progress_of, run_page
from lienthu.harvesting.views.sources import source_of
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids


def _run(request: HttpRequest, public_id: str) -> Run:
    try:
        return get_run(actor_of(request), ids.decode(public_id) or 0)
    except Run.DoesNotExist:
        raise Http404 from None


@requires(MANAGE)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One run: where it stands, counts, what was odd, the import it made."""
    return render(request, "harvesting/run.html", run_page(_run(request, public_id)))


@requires(MANAGE)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(_run(request, public_id))})


def _busy(request: HttpRequest, source_id: str) -> HttpResponse:
    messages.warning(request, _("Nguồn này đang có việc chạy; hãy đợi nó xong."))
    return redirect("harvesting:source", source_id)


@requires(MANAGE)
@require_POST
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Harvest now, what is new or (`full`) everything again."""
    source = source_of(request, public_id)
    try:
        run = start_run(actor=actor_of(request), source=source, full=request.POST.get("full") == "1")
    except AlreadyActive:
        return _busy(request, public_id)
    except SourceWithdrawn:
        messages.warning(request, _("Biểu ghi của nguồn này đã rút; hãy đưa chúng trở lại trước khi lấy tiếp."))
        return redirect("harvesting:source", public_id)
    messages.success(request, _("Đã bắt đầu. Bạn có thể rời trang này, việc lấy vẫn tiếp tục."))
    return redirect("harvesting:run", run.public_id)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take all records of a source out of the catalogue."""
    source = source_of(request, public_id)
    if request.method == "GET":
        count = live_records([source.pk]).get(source.pk, 0)
        way = crumbs(crumb_of(source), (_("Rút cả nguồn"), ""))
        return render(request, "harvesting/withdraw.html", {"source": source, "count": count, "crumbs": way})
    try:
        run = start_run(actor=actor_of(request), source=source, kind="WITHDRAW")
    except AlreadyActive:
        return _busy(request, public_id)
    messages.success(request, _("Đang rút biểu ghi của nguồn này."))
    return redirect("harvesting:run", run.public_id)


@requires(MANAGE)
@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring back what a run has withdrawn."""
    run = _run(request, public_id)
    if not may_restore(run):
        messages.warning(request, _("Lần này không có biểu ghi nào để đưa trở lại."))
        return redirect("harvesting:run", public_id)
    try:
        back = start_restore(actor=actor_of(request), run=run)
    except AlreadyActive:
        return _busy(request, run.source.public_id)
    messages.success(request, _("Đang đưa các biểu ghi trở lại mục lục."))
    return redirect("harvesting:run", back.public_id)
