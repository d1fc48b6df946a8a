"""Preview, run, stop, take back, throw away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.batchedit.access import EDIT
from lienthu.batchedit.actions.drafting import change_draft, drop_draft
from lienthu.batchedit.actions.previewing import request_preview
from lienthu.batchedit.actions.returning import request_return
from lienthu.batchedit.actions.running import request_run, request_stop
from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.queries.outcomes import outcome_counts
from lienthu.batchedit.views.frame import edit_crumbs, the_edit, to_edit, tried, version_seen
from lienthu.identity.access import actor_of, requires


@requires(EDIT)
@require_POST
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """Judge every record; nothing is written."""
    edit = the_edit(request, public_id)
    actor = actor_of(request)
    allow_loss = request.POST.get("allow_loss") == "1"
    if edit.allow_loss != allow_loss and not tried(
        request,
        lambda: change_draft(actor=actor, edit=edit, version=version_seen(request, edit), allow_loss=allow_loss),
    ):
        return to_edit(edit)
    tried(request, lambda: request_preview(actor=actor, edit=edit))
    return to_edit(edit)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then edit the records."""
    edit = the_edit(request, public_id)
    if request.method == "GET":
        return _ask(request, edit, _("Sửa các biểu ghi này?"), run_text(edit), _("Sửa biểu ghi"))
    version = version_seen(request, edit)
    tried(request, lambda: request_run(actor=actor_of(request), edit=edit, version=version))
    return to_edit(edit)


def run_text(edit: BatchEdit) -> str:
    """What a run will do."""
    planned = outcome_counts(edit).get("PLANNED", 0)
    return ngettext(
        "%(count)d biểu ghi sẽ được sửa, chạy nền; bạn có thể rời trang. Biểu ghi mà người khác sửa từ lúc xem trước "
        "được bỏ qua và liệt kê. Cả lần sửa hoàn tác được.",
        "%(count)d biểu ghi sẽ được sửa, chạy nền; bạn có thể rời trang. Biểu ghi mà người khác sửa từ lúc xem trước "
        "được bỏ qua và liệt kê. Cả lần sửa hoàn tác được.",
        planned,
    ) % {"count": planned}


@requires(EDIT)
@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop after the records in hand."""
    edit = the_edit(request, public_id)
    if tried(request, lambda: request_stop(actor=actor_of(request), edit=edit)):
        messages.info(request, _("Việc sẽ dừng sau những biểu ghi đang làm dở."))
    return to_edit(edit)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def give_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take the edit back whole."""
    edit = the_edit(request, public_id)
    if request.method == "GET":
        return _ask(request, edit, _("Hoàn tác lần sửa này?"), return_text(), _("Hoàn tác"))
    if tried(request, lambda: request_return(actor=actor_of(request), edit=edit)):
        messages.success(request, _("Biểu ghi đang được trả về bản trước."))
    return to_edit(edit)


def return_text() -> str:
    """What taking back will do."""
    return _(
        "Mỗi biểu ghi trở về bản ngay trước lần sửa, bản tài liệu trở về giá trị cũ. "
        "Biểu ghi có người sửa sau đó được giữ nguyên và liệt kê."
    )


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then throw a draft away."""
    edit = the_edit(request, public_id)
    if request.method == "GET":
        text = _("Lần sửa này chưa đổi biểu ghi nào. Các bước và lựa chọn của nó sẽ mất.")
        return _ask(request, edit, _("Bỏ lần sửa này?"), text, _("Bỏ lần sửa"))
    if not tried(request, lambda: drop_draft(actor=actor_of(request), edit=edit)):
        return to_edit(edit)
    messages.success(request, _("Đã bỏ lần sửa “%(title)s”.") % {"title": edit.title})
    return redirect("batchedit:list")


def _ask(request: HttpRequest, edit: BatchEdit, title: str, text: str, confirm: str) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "confirm": confirm,
        "version": edit.version,
        "back": reverse("batchedit:edit", args=[edit.public_id]),
        "crumbs": edit_crumbs(edit, confirm),
    }
    return render(request, "batchedit/ask.html", context)
