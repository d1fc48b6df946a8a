"""Files of authority records: taken to the desk, tried, taken in, and what of them was left."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.authorities.access import EDIT, may_edit
from lienthu.authorities.actions import NotPossible, commit_upload, request_taking_back, start_upload
from lienthu.authorities.actions.uploads import WORKING
from lienthu.authorities.forms import UploadForm
from lienthu.authorities.models import Kind, Upload, UploadLeft, UploadState
from lienthu.authorities.policy.left import Left
from lienthu.authorities.views.frame import PAGE, crumbs, tabs, the_upload
from lienthu.authorities.wording import STATE_BADGES, left_sentence
from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Figure, Link, Progress, Row, Table


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Bring a file; the files that were brought."""
    actor = actor_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = start_upload(actor=actor, source=file, file_name=file.name)
        return redirect("authorities:upload", upload.public_id)
    uploads = Upload.objects.order_by("-pk")
    total = uploads.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    context = {
        "form": form if may_edit(actor) else None,
        "table": _uploads(list(uploads[(page - 1) * PAGE : page * PAGE]), total=total, page=page),
        "tabs": tabs("uploads"),
    }
    return render(request, "authorities/uploads.html", context, status=400 if form.errors else 200)


def _uploads(uploads: list[Upload], *, total: int, page: int) -> Table:
    return Table(
        caption=_("Các tệp đề mục đã tải lên"),
        columns=[
            Column("file_name", _("Tệp")),
            Column("state", _("Trạng thái"), kind="badge"),
            Column("read", _("Biểu ghi"), kind="number"),
            Column("created", _("Mới"), kind="number"),
            Column("at", _("Lúc"), kind="datetime", hidden_on_phone=True),
            Column("actor", _("Người nhập"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "file_name": one.file_name,
                    "state": (STATE_BADGES[one.state], str(one.get_state_display())),
                    "read": one.counts.get("read", 0),
                    "created": one.counts.get("created", 0),
                    "at": one.created_at,
                    "actor": one.actor_name,
                },
                url=reverse("authorities:upload", args=[one.public_id]),
            )
            for one in uploads
        ],
        total=total,
        number=page,
        size=PAGE,
        empty=Empty(_("Chưa có tệp nào"), _("Tệp tải lên được kiểm tra thử trước; chưa có gì được ghi.")),
    )


@requires(EDIT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One file: how far it is, what it brings, what is left."""
    upload = the_upload(request, public_id)
    left = upload.left.order_by("pk")
    if request.GET.get("format") == "csv":
        return csv_response("de-muc-can-xem", [_("Số thứ tự"), _("Vị trí byte"), _("Lý do")], _lines(left.iterator()))
    total = left.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    tried = upload.state == UploadState.CHECKED
    context = {
        "upload": upload,
        "crumbs": crumbs(Crumb(_("Nhập tệp"), reverse("authorities:uploads"))),
        "state": (STATE_BADGES[upload.state], str(upload.get_state_display())),
        "work": progress_of(upload) if upload.state in WORKING else None,
        "figures": _figures(upload.counts, tried=tried),
        "samples": [{**one, "kind": Kind(one["kind"]).label} for one in upload.samples] if tried else [],
        "tried": tried,
        "may_commit": tried and _brings(upload) and may_edit(actor_of(request)),
        "may_return": upload.state == UploadState.DONE and _brings(upload) and may_edit(actor_of(request)),
        "left": _left(list(left[(page - 1) * PAGE : page * PAGE]), total=total, page=page) if total else None,
    }
    return render(request, "authorities/upload.html", context)


def _brings(upload: Upload) -> bool:
    return bool(upload.counts.get("created", 0) + upload.counts.get("updated", 0))


def _figures(counts: dict[str, int], *, tried: bool) -> list[Figure]:
    labels = {
        "read": _("Biểu ghi đọc được"),
        "created": _("Sẽ tạo mới") if tried else _("Tạo mới"),
        "updated": _("Sẽ thêm vào đề mục đã có") if tried else _("Thêm vào đề mục đã có"),
        "unchanged": _("Không đổi"),
        "kept": _("Giữ nguyên"),
        "rejected": _("Từ chối"),
    }
    undone = {
        "removed": _("Đã bỏ khi hoàn tác"),
        "restored": _("Đã trả về như trước"),
        "left": _("Giữ lại khi hoàn tác"),
    }
    shown = labels | {name: label for name, label in undone.items() if name in counts}
    return [Figure(label, counts.get(name, 0)) for name, label in shown.items()]


def _left(rows: list[UploadLeft], *, total: int, page: int) -> Table:
    return Table(
        caption=_("Biểu ghi bị từ chối hoặc cần xem"),
        columns=[
            Column("number", _("Số thứ tự"), kind="number"),
            Column("reason", _("Lý do")),
            Column("offset", _("Vị trí byte"), kind="number", hidden_on_phone=True),
        ],
        rows=[Row(cells={"number": one.number, "reason": _reason(one), "offset": one.offset}) for one in rows],
        total=total,
        number=page,
        size=PAGE,
        exports=[Link(_("Tải danh sách (CSV)"), "?format=csv")],
    )


def _reason(row: UploadLeft) -> str:
    return left_sentence(Left(row.number, row.offset, row.code, row.text))


def _lines(rows: Iterator[UploadLeft]) -> Iterator[list[str]]:
    for row in rows:
        yield [str(row.number), str(row.offset), _reason(row)]


def progress_of(upload: Upload) -> Progress:
    """How far a file is."""
    running = upload.state in WORKING
    returning = upload.state == UploadState.RETURNING
    undone = sum(upload.counts.get(name, 0) for name in ("removed", "restored", "left"))
    done = min(upload.position, upload.file_size) if running else upload.file_size
    return Progress(
        label=str(upload.get_state_display()),
        done=undone if returning else done,
        total=upload.counts.get("created", 0) + upload.counts.get("updated", 0) if returning else upload.file_size,
        unit=_("đề mục") if returning else _("byte"),
        state="running" if running else "failed" if upload.state == UploadState.UNREADABLE else "done",
        message=_("Đã đọc %(read)s biểu ghi, từ chối %(rejected)s.")
        % {"read": upload.counts.get("read", 0), "rejected": upload.counts.get("rejected", 0)},
        url=reverse("authorities:upload_progress", args=[upload.public_id]),
        next=None if running else Link(_("Xem kết quả"), reverse("authorities:upload", args=[upload.public_id])),
    )


@requires(EDIT)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(the_upload(request, public_id))})


@requires(EDIT)
@require_POST
def commit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a file that was tried be taken in."""
    upload = the_upload(request, public_id)
    try:
        commit_upload(actor=actor_of(request), upload=upload)
    except NotPossible:
        messages.warning(request, _("Tệp này không còn chờ nhập."))
    return redirect("authorities:upload", public_id)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take the file back whole."""
    upload = the_upload(request, public_id)
    if request.method == "GET":
        return render(request, "authorities/upload_return.html", {"upload": upload})
    try:
        request_taking_back(actor=actor_of(request), upload=upload)
    except NotPossible:
        messages.warning(request, _("Chỉ hoàn tác được một tệp đã nhập xong."))
    return redirect("authorities:upload", public_id)
