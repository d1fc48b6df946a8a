"""The import desk: upload, trial run, commit with live progress, report, revert."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.catalogue.access import IMPORT, get_batch, visible_batches
from lienthu.catalogue.actions.batches import WrongState, commit_import, request_check, request_revert, start_import
from lienthu.catalogue.actions.reading import mapping_with_targets
from lienthu.catalogue.actions.sources import choose, rechosen
from lienthu.catalogue.forms import BatchFilter, EncodingForm, MappingForm, UploadForm
from lienthu.catalogue.models import Batch, BatchStatus
from lienthu.catalogue.queries.sources import source_names
from lienthu.catalogue.views.presenting import batch_page, batch_table, columns_of, progress_of, reason_of
from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.libraries.queries import libraries

PAGE = 25
SORTS = {"file_name", "-file_name", "created_at", "-created_at", "status", "-status"}


def _batch(request: HttpRequest, public_id: str) -> Batch:
    batch_id = ids.decode(public_id)
    try:
        return get_batch(actor_of(request), batch_id or 0)
    except Batch.DoesNotExist:
        raise Http404 from None


@requires(IMPORT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Imports of the libraries one works for, newest first."""
    form = BatchFilter(request.GET)
    batches = visible_batches(actor_of(request))
    if form.is_valid():
        if form.cleaned_data["q"]:
            batches = batches.filter(file_name__icontains=form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            batches = batches.filter(status=form.cleaned_data["status"])
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "-created_at"
    total = batches.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = batches.order_by(sort, "-pk")[(number - 1) * PAGE : number * PAGE]
    if request.GET.get("format") == "csv":
        heads = [
            _("Tệp"),
            _("Thư viện"),
            _("Trạng thái"),
            _("Biểu ghi đọc"),
            _("Mới"),
            _("Từ chối"),
            _("Lúc"),
            _("Người nhập"),
        ]
        return csv_response("lan-nhap", heads, _batch_lines(batches.order_by(sort, "-pk")))
    table = batch_table(rows, total=total, number=number, size=PAGE, sort=sort, filters=form, query=request.GET)
    return render(request, "catalogue/imports.html", {"table": table})


@requires(IMPORT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a file and start its trial run."""
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, IMPORT))
    form = UploadForm(request.POST or None, request.FILES or None, own=own, sources=source_names(own))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = start_import(
            actor=actor,
            library=form.cleaned_data["library"],
            source=file,
            file_name=file.name,
            item_profile=form.cleaned_data["item_profile"],
        )
        choose(
            batch,
            source=form.cleaned_data["source"],
            encoding=form.cleaned_data["encoding"] or "auto",
            given={"fields": form.cleaned_data["local_fields"]},
        )
        request_check(actor=actor, batch=batch)
        return redirect("catalogue:import", batch.public_id)
    return render(request, "catalogue/upload.html", {"form": form}, status=400 if form.errors else 200)


@requires(IMPORT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One import: where it stands, what the trial found, what was written, what was rejected."""
    batch = _batch(request, public_id)
    context = batch_page(batch, page=page_number(request.GET.get("page")))
    columns = columns_of(batch)
    if columns:
        context["mapping_form"] = MappingForm(columns=columns.names, guessed=columns.mapping)
        context["column_rows"] = columns.rows
    if context["trial"]:
        chosen = (batch.mapping or {}).get("encoding", "auto")
        context["encoding_form"] = EncodingForm(initial={"encoding": chosen})
    return render(request, "catalogue/import.html", context)


@requires(IMPORT)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(_batch(request, public_id))})


def _step(request: HttpRequest, public_id: str, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("catalogue:import", public_id)


@requires(IMPORT)
@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Run the trial again, with another encoding or meaning of the columns if one was sent."""
    batch = _batch(request, public_id)
    mapping = None
    if "encoding" in request.POST:
        reading = EncodingForm(request.POST)
        if reading.is_valid():
            mapping = rechosen(batch, encoding=reading.cleaned_data["encoding"]) or {}
    columns = columns_of(batch)
    if columns and "encoding" not in request.POST:
        form = MappingForm(request.POST, columns=columns.names, guessed=columns.mapping)
        if form.is_valid():
            mapping = mapping_with_targets(batch, form.mapping())
    try:
        request_check(actor=actor_of(request), batch=batch, mapping=mapping)
    except WrongState:
        messages.warning(request, _("Tệp này không còn ở bước kiểm tra thử."))
        return redirect("catalogue:import", public_id)
    return _step(request, public_id, _("Đang kiểm tra thử tệp. Chưa có biểu ghi nào được ghi."))


@requires(IMPORT)
@require_POST
def commit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the import write."""
    try:
        commit_import(actor=actor_of(request), batch=_batch(request, public_id))
    except WrongState:
        messages.warning(request, _("Tệp này đang được nhập hoặc đã nhập xong."))
        return redirect("catalogue:import", public_id)
    return _step(request, public_id, _("Đã bắt đầu nhập. Bạn có thể rời trang này, việc nhập vẫn tiếp tục."))


@requires(IMPORT)
@require_http_methods(["GET", "POST"])
def revert(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take the import back whole."""
    batch = _batch(request, public_id)
    if request.method == "GET":
        return render(request, "catalogue/revert.html", {"batch": batch})
    try:
        request_revert(actor=actor_of(request), batch=batch)
    except WrongState:
        messages.warning(request, _("Chỉ hoàn tác được một lần nhập đã xong."))
        return redirect("catalogue:import", public_id)
    return _step(request, public_id, _("Đang hoàn tác lần nhập này."))


@requires(IMPORT)
@require_GET
def rejections(request: HttpRequest, public_id: str) -> HttpResponse:
    """All rejected records as CSV: number, byte offset, reason."""
    batch = _batch(request, public_id)
    heads = [_("Số thứ tự"), _("Vị trí byte"), _("Độ dài"), _("Lý do")]
    return csv_response(f"tu-choi-{batch.public_id}", heads, _rejection_lines(batch))


@requires(IMPORT)
@require_GET
def rejected_bytes(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rejected records themselves, one after another as they stood in the file."""
    batch = _batch(request, public_id)
    pieces = (bytes(raw) for raw in batch.rejections.order_by("number", "pk").values_list("raw", flat=True).iterator())
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="tu-choi-{batch.public_id}.bin"'
    return response


def _batch_lines(batches: QuerySet[Batch]) -> Iterator[list[str]]:
    for batch in batches.iterator():
        counts = batch.counts
        yield [
            batch.file_name,
            batch.library.name_vi,
            str(BatchStatus(batch.status).label),
            *(str(counts.get(key, 0)) for key in ("read", "created", "rejected")),
            batch.created_at.isoformat(timespec="minutes"),
            batch.actor_name,
        ]


def _rejection_lines(batch: Batch) -> Iterator[list[str]]:
    for rejection in batch.rejections.order_by("number", "pk").iterator():
        yield [str(rejection.number), str(rejection.offset), str(rejection.length), reason_of(rejection)]
