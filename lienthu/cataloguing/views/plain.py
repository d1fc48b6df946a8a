"""The simple form: the same record for people who do not know MARC, and back to the MARC view without loss."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.actions.keeping import CopyRefused
from lienthu.catalogue.actions.saving import ChangedMeanwhile, RecordRefused
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.actions.saving import NotReady
from lienthu.cataloguing.forms import NewCopiesForm, PlainForm
from lienthu.cataloguing.models import DraftForm
from lienthu.cataloguing.queries.numbering import numberings
from lienthu.cataloguing.rules.plain import read_plain, write_plain
from lienthu.cataloguing.rules.sheets import Sheet
from lienthu.cataloguing.rules.templates import templates
from lienthu.cataloguing.views.editor import save_work, tell_saved
from lienthu.cataloguing.views.presenting import checked, suggested
from lienthu.cataloguing.views.work import Work, of_draft, of_record, of_template, posted
from lienthu.cataloguing.wording import copy_refused, said
from lienthu.identity.access import actor_of, requires

_COPY_FIELDS = ("count", "first_number", "call_number", "branch", "shelf", "status")


@requires(EDIT)
@require_GET
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new record; `?isbn=` fills in what was scanned."""
    work = of_template(request, code)
    isbn = request.GET.get("isbn", "").strip()[:60]
    if isbn:
        work = work.with_sheet(write_plain(work.sheet, replace(read_plain(work.sheet), isbn=isbn)))
    return page(request, work)


@requires(EDIT)
@require_GET
@never_cache
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    return page(request, of_record(request, record_id))


@requires(EDIT)
@require_GET
@never_cache
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    return page(request, of_draft(request, draft_id))


def page(
    request: HttpRequest,
    work: Work,
    *,
    form: PlainForm | None = None,
    copies: NewCopiesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The simple form of a sheet, with copies to come when the record has none yet."""
    plain = read_plain(work.sheet)
    _findings, side = checked(work)
    numbers = numberings(work.library.pk, work.library.code)
    context = {
        "work": work,
        "title": plain.title or _("Biểu ghi mới"),
        "form": form or PlainForm(initial=PlainForm.initial_of(plain)),
        "copies": copies or NewCopiesForm(initial=_first_copies(work, numbers[0].next), library=work.library),
        "side": side,
        "suggested": suggested(work.sheet),
        "sheet": work.sheet.packed(),
        "restored": work.draft.updated_at if work.draft else None,
        "numbers": numbers,
    }
    return render(request, "cataloguing/plain.html", context, status=status)


def _first_copies(work: Work, number: str) -> dict[str, object]:
    """One copy with the next number for a new record, none for one that is there already."""
    plain = read_plain(work.sheet)
    mark = " ".join(part for part in (plain.class_number, plain.author_mark) if part)
    first = {"count": 0 if work.record else 1, "first_number": number, "call_number": mark}
    return first | {name: value for name, value in work.copies.items() if name in _COPY_FIELDS and value != ""}


@requires(EDIT)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Save, keep for later, or go on in the MARC view."""
    work, form = posted_plain(request)
    what = request.POST.get("what", "save")
    if what == "marc":
        return redirect("cataloguing:draft", work.kept(actor_of(request)).pk)
    if what in ("keep", "suggest"):
        kept = work.kept(actor_of(request), form=DraftForm.PLAIN)
        if what == "keep":
            messages.success(request, _("Đã giữ bản nháp. Bạn tìm lại nó ở đầu trang Biên mục."))
        return redirect("cataloguing:draft_plain", kept.pk)
    copies = NewCopiesForm(request.POST, library=work.library)
    if not form.is_valid() or not copies.is_valid():
        return page(request, work, form=form, copies=copies, status=422)
    return _save(request, work, form, copies)


def posted_plain(request: HttpRequest) -> tuple[Work, PlainForm]:
    """What the simple form sent back, written into the sheet that it was made from."""
    base = _base(request)
    form = PlainForm(request.POST, initial=PlainForm.initial_of(read_plain(base.sheet)))
    work = base.with_sheet(write_plain(base.sheet, form.plain()))
    work.copies.update({name: request.POST.get(name, "")[:200] for name in _COPY_FIELDS})
    return work, form


def _base(request: HttpRequest) -> Work:
    """What the form was made from: one's draft, the record as it was then, or the template."""
    work = posted(request, Sheet("", ()))
    if work.draft is not None:
        return work.with_sheet(Sheet.unpacked(work.draft.content))
    if work.record is not None:
        return work.with_sheet(of_record(request, work.record.pk).sheet)
    code = request.POST.get("template", "")
    found = templates().get(code) or templates()["sach"]
    sheet = Sheet.unpacked({"leader": request.POST.get("leader", ""), "rows": _rows(request)})
    return work.with_sheet(sheet if sheet.rows else found.sheet)


def _rows(request: HttpRequest) -> list[list[str]]:
    post = request.POST
    return [list(row) for row in zip(*(post.getlist(f"base_{part}") for part in ("tag", "ind", "text")), strict=False)]


def _save(request: HttpRequest, work: Work, form: PlainForm, copies: NewCopiesForm) -> HttpResponse:
    wanted = copies.values()
    try:
        saved = save_work(request, work, copies=wanted)
    except ChangedMeanwhile:
        return redirect("cataloguing:conflict", work.kept(actor_of(request), form=DraftForm.PLAIN).pk)
    except NotReady as fault:
        form.add_error(None, " ".join(one.text for one in said(fault.findings)))
    except RecordRefused as refusal:
        form.add_error(None, " ".join(refusal.sentences))
    except CopyRefused as refusal:
        copies.add_error("first_number", copy_refused(refusal))
    else:
        tell_saved(request, work, saved)
        if wanted:
            messages.success(
                request,
                _("Đã thêm %(count)s bản, từ %(first)s.") % {"count": len(wanted), "first": wanted[0].accession_number},
            )
        return redirect("cataloguing:record", saved.record_id)
    return page(request, work, form=form, copies=copies, status=422)
