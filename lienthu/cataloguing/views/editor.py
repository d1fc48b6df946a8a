"""The MARC editor: one row a field, worked by keyboard with scripts and by buttons without."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.actions.keeping import ItemValues
from lienthu.catalogue.actions.saving import ChangedMeanwhile, RecordRefused, Saved
from lienthu.catalogue.queries.desk import records_behind
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.actions.own import TooMany, save_template
from lienthu.cataloguing.actions.saving import NotReady, Wanted, save_sheet
from lienthu.cataloguing.models import DraftForm
from lienthu.cataloguing.queries.working import kept, shown
from lienthu.cataloguing.rules import linked
from lienthu.cataloguing.rules.checking import check
from lienthu.cataloguing.rules.plain import read_plain
from lienthu.cataloguing.rules.sheets import Row, Sheet
from lienthu.cataloguing.views.presenting import blank_row, boxes_of, shown_rows, side_of
from lienthu.cataloguing.views.work import Work, of_draft, of_record, of_template, packed_sheet, posted, posted_sheet
from lienthu.cataloguing.wording import joined
from lienthu.identity.access import actor_of, requires

_STEPS = {"up": -1, "down": 1}


@requires(EDIT)
@require_GET
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new record by a template; nothing is kept before the person writes something."""
    return page(request, of_template(request, code))


@requires(EDIT)
@require_GET
@never_cache
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """A record of the catalogue, or this person's unfinished work on it."""
    return page(request, of_record(request, record_id))


@requires(EDIT)
@require_GET
@never_cache
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One's own draft."""
    return page(request, of_draft(request, draft_id))


def page(request: HttpRequest, work: Work, *, status: int = 200) -> HttpResponse:
    """The editor with a sheet on it."""
    work = work.with_sheet(shown(work.sheet))
    findings = check(work.sheet)
    changed = bool(work.record and work.expected is not None and work.record.revision != work.expected)
    title = read_plain(work.sheet).title
    context = {
        "work": work,
        "title": title or _("Biểu ghi mới"),
        "rows": shown_rows(work.sheet, findings),
        "blank_row": blank_row(),
        "leader": work.sheet.leader,
        "leader_boxes": boxes_of("LDR", work.sheet.leader, work.sheet.leader),
        "side": side_of(work, findings),
        "restored": work.draft.updated_at if work.draft else None,
        "changed": changed,
        "plain_url": _plain_url(work),
    }
    return render(request, "cataloguing/editor.html", context, status=status)


def _plain_url(work: Work) -> str:
    if work.draft:
        return reverse("cataloguing:draft_plain", args=[work.draft.pk])
    return reverse("cataloguing:record_plain", args=[work.record.pk]) if work.record else ""


@requires(EDIT)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Every button of the editor: save, keep for later, simple form, and the buttons of a row."""
    work = posted(request, _sheet(request))
    what, _sep, place = request.POST.get("what", "save").partition(":")
    if what == "save":
        return _save(request, work)
    actor = actor_of(request)
    if what == "template":
        return _as_template(request, work)
    if what == "plain":
        return redirect("cataloguing:draft_plain", work.kept(actor, form=DraftForm.PLAIN).pk)
    at = int(place) if place.isdigit() else len(work.sheet.rows) - 1
    if what != "keep":
        work = work.with_sheet(_changed(work.sheet, what, at))
    kept_draft = work.kept(actor)
    if what == "keep":
        messages.success(request, _("Đã giữ bản nháp. Bạn tìm lại nó ở đầu trang Biên mục."))
    return redirect(reverse("cataloguing:draft", args=[kept_draft.pk]) + f"#truong-{at}")


def _sheet(request: HttpRequest) -> Sheet:
    """The rows as inputs, or as one JSON text where the script found too many of them for a form."""
    packed = request.POST.get("sheet")
    return packed_sheet(packed) if packed else posted_sheet(request.POST)


def _changed(sheet: Sheet, what: str, at: int) -> Sheet:
    rows = list(sheet.rows)
    if what == "add":
        rows.insert(at + 1, Row("", "##", ""))
    elif not 0 <= at < len(rows):
        raise Http404
    elif what == "drop":
        rows.pop(at)
    elif what == "original":
        return linked.with_original(sheet, at)
    elif what in _STEPS and 0 <= at + _STEPS[what] < len(rows):
        rows.insert(at + _STEPS[what], rows.pop(at))
    return sheet.with_rows(rows)


def _as_template(request: HttpRequest, work: Work) -> HttpResponse:
    draft_id = work.kept(actor_of(request)).pk
    name = " ".join(request.POST.get("template_name", "").split())
    if not name:
        messages.warning(request, _("Hãy đặt tên cho mẫu rồi lưu lại."))
    else:
        try:
            save_template(actor=actor_of(request), library=work.library, name=name, sheet=kept(work.sheet))
        except TooMany:
            messages.warning(request, _("Thư viện đã có nhiều mẫu riêng; hãy bỏ bớt mẫu cũ."))
        else:
            messages.success(request, _("Đã lưu mẫu “%(name)s” cho thư viện.") % {"name": name})
    return redirect("cataloguing:draft", draft_id)


def _save(request: HttpRequest, work: Work) -> HttpResponse:
    try:
        saved = save_work(request, work)
    except ChangedMeanwhile:
        return redirect("cataloguing:conflict", work.kept(actor_of(request)).pk)
    except NotReady:
        messages.error(request, _("Chưa lưu được: biểu ghi còn lỗi cấu trúc, xem các dòng được đánh dấu."))
    except RecordRefused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
    else:
        tell_saved(request, work, saved)
        return redirect("cataloguing:record", saved.record_id)
    draft_now = work.kept(actor_of(request))
    return page(request, of_draft(request, draft_now.pk), status=422)


def save_work(request: HttpRequest, work: Work, *, copies: Sequence[ItemValues] = ()) -> Saved:
    """Save what is on the desk, with copies to add. Raises what `save_sheet` raises."""
    wanted = Wanted(
        library=work.library,
        sheet=work.sheet,
        record_id=work.record.pk if work.record else None,
        expected=work.expected,
        origin=work.origin,
        copies=copies,
        key=work.key,
    )
    return save_sheet(actor=actor_of(request), wanted=wanted, draft=work.draft)


def tell_saved(request: HttpRequest, work: Work, saved: Saved) -> None:
    """Say that it was saved and whom it joined in the union catalogue."""
    if work.record and saved.revision == work.expected:
        messages.info(request, _("Không có gì thay đổi so với bản đang có."))
        return
    behind = records_behind([saved.cluster_id]).get(saved.cluster_id, [])
    others = {record.library_id for record in behind if record.pk != saved.record_id}
    title = read_plain(work.sheet).title
    messages.success(request, _("Đã lưu “%(title)s”.") % {"title": title} + " " + joined(len(others)))
