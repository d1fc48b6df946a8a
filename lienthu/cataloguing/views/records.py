"""One record at the desk: what it lacks, its copies, and what may be done with it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.catalogue.access import get_record, sight_of
from lienthu.catalogue.actions.saving import ChangedMeanwhile, RecordRefused, withdraw_record
from lienthu.catalogue.queries import closed_libraries
from lienthu.catalogue.queries.desk import (
    Revision,
    SourceRecord,
    content_of,
    items_of,
    records_behind,
    records_by_id,
    reviser_of,
)
from lienthu.cataloguing.access import EDIT, draft_of, get_library
from lienthu.cataloguing.actions.drafts import DraftData, drop_draft, keep_draft
from lienthu.cataloguing.forms import ManyForm, NewCopiesForm, WithdrawForm
from lienthu.cataloguing.models import DraftForm
from lienthu.cataloguing.queries.numbering import numberings
from lienthu.cataloguing.queries.working import derived
from lienthu.cataloguing.rules.plain import Plain, read_plain
from lienthu.cataloguing.rules.sheets import sheet_of
from lienthu.cataloguing.views.presenting import checked
from lienthu.cataloguing.views.work import Work, number, of_draft
from lienthu.identity.access import actor_of, requires
from lienthu.libraries.queries import Library


def find(request: HttpRequest, record_id: int) -> SourceRecord:
    """A record that this person may edit; Http404 or a refusal otherwise."""
    try:
        return get_record(actor_of(request), record_id)
    except SourceRecord.DoesNotExist:
        raise Http404 from None


@requires(EDIT)
@require_GET
@never_cache
def overview(request: HttpRequest, record_id: int) -> HttpResponse:
    """The record with its copies."""
    return page(request, find(request, record_id))


def page(
    request: HttpRequest,
    record: SourceRecord,
    *,
    copies: NewCopiesForm | None = None,
    many: ManyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a record; forms with faults come back as they were sent."""
    try:
        content = content_of(record)
    except Revision.DoesNotExist:
        raise Http404 from None
    work = Work(library=record.library, sheet=sheet_of(content.marc), record=record, expected=record.revision)
    _findings, side = checked(work)
    plain = read_plain(work.sheet)
    numbers = numberings(record.library_id, record.library.code)
    mark = " ".join(part for part in (plain.class_number, plain.author_mark) if part)
    others = [one for one in records_behind([record.cluster_id]).get(record.cluster_id, []) if one.pk != record.pk]
    who, at = reviser_of(record)
    context = {
        "record": record,
        "plain": plain,
        "marc": str(content.marc).split("\n"),
        "side": side,
        "items": list(items_of(record)[:1000]),
        "others": others,
        "draft": draft_of(actor_of(request), record.pk),
        "numbers": numbers,
        "copies": copies
        or NewCopiesForm(
            initial={"count": 1, "first_number": numbers[0].next, "call_number": mark}, library=record.library
        ),
        "many": many or ManyForm(library=record.library),
        "withdrawn": record.status != "ACTIVE",
        "who": who,
        "at": at,
        "labels_url": _link("labels:index", library=record.library_id, record=record.pk),
        "elsewhere_url": _elsewhere(record, plain),
        "public_url": reverse("discovery:record", args=[record.cluster.public_id]) if record.cluster.is_active else "",
    }
    return render(request, "cataloguing/record.html", context, status=status)


def _link(name: str, **query: object) -> str:
    """A page of another module that comes filled in."""
    return f"{reverse(name)}?{urlencode(query)}"


def _elsewhere(record: SourceRecord, plain: Plain) -> str:
    """The search in other catalogues for this record: by its number, else by title and author."""
    asked = {"number": plain.isbn} if plain.isbn else {"title": plain.title, "author": plain.author}
    return _link("targets:search", library=record.library_id, record=record.pk, **asked)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def withdraw(request: HttpRequest, record_id: int) -> HttpResponse:
    """Ask for the reason, then take the record out of the catalogue."""
    record = find(request, record_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_record(
                actor=actor_of(request),
                record=record,
                expected=number(request.POST.get("expected")),
                reason=form.cleaned_data["reason"],
            )
        except ChangedMeanwhile:
            messages.warning(request, _("Biểu ghi vừa có người khác lưu. Hãy xem lại rồi quyết định."))
        except RecordRefused as refusal:
            for sentence in refusal.sentences:
                messages.error(request, sentence)
        else:
            messages.success(request, _("Đã rút biểu ghi. Có thể khôi phục ở trang Lịch sử."))
        return redirect("cataloguing:record", record.pk)
    context = {"record": record, "form": form}
    return render(request, "cataloguing/withdraw.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def duplicate(request: HttpRequest, record_id: int) -> HttpResponse:
    """A new record of the same library with the same content, to be changed before it is saved."""
    record = find(request, record_id)
    return _begin(request, record, record.library, origin=None)


@requires(EDIT)
@require_POST
def adopt(request: HttpRequest, record_id: int) -> HttpResponse:
    """Add one's own copies to somebody else's record: a record of one's own library, derived from it."""
    record = records_by_id([record_id]).get(record_id)
    if record is None or record.status != "ACTIVE":
        raise Http404
    try:
        library = get_library(actor_of(request), number(request.POST.get("library")))
    except Library.DoesNotExist:
        raise Http404 from None
    own = next((r for r in records_behind([record.cluster_id])[record.cluster_id] if r.library_id == library.pk), None)
    if own is not None:
        messages.info(request, _("Thư viện đã có biểu ghi của tài liệu này; hãy thêm bản vào đây."))
        return redirect("cataloguing:record", own.pk)
    if record.library_id in closed_libraries(sight_of(actor_of(request))):
        raise Http404
    return _begin(request, record, library, origin=record.pk)


def _begin(request: HttpRequest, record: SourceRecord, library: Library, *, origin: int | None) -> HttpResponse:
    sheet = derived(
        content_of(record).marc,
        source_code=record.library.code,
        source_number=record.control_number,
        agency=library.code,
        attribute=origin is not None,
    )
    data = DraftData(library=library, sheet=sheet, form=DraftForm.PLAIN, origin=origin)
    draft = keep_draft(actor=actor_of(request), data=data)
    return redirect("cataloguing:draft_plain" if origin else "cataloguing:draft", draft.pk)


@requires(EDIT)
@require_POST
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw one's own draft away."""
    work = of_draft(request, draft_id)
    assert work.draft is not None
    drop_draft(actor=actor_of(request), draft=work.draft)
    messages.success(request, _("Đã bỏ bản nháp."))
    if work.record:
        return redirect("cataloguing:record", work.record.pk)
    return redirect("cataloguing:desk")
