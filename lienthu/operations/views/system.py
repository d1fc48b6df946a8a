"""The system page: health of the parts, backups, restore tests, background work."""

import platform

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthu import __version__
from lienthu.identity.access import actor_of, may, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.operations.access import READ_HEALTH, RUN_BACKUP
from lienthu.operations.actions import request_backup, request_restore_test, retry_job
from lienthu.operations.actions.background import NotFailed
from lienthu.operations.actions.runs import close_interrupted
from lienthu.operations.doctor import examine_quickly
from lienthu.operations.models import BackupRun, RestoreTest, RunKind, RunStatus
from lienthu.operations.policy import worst
from lienthu.operations.queries import backups, last_success, newest_backup_file, restore_tests
from lienthu.operations.queries.background import failed_jobs, queues
from lienthu.operations.views.presenting import (
    BADGES,
    PAGE,
    SORTS,
    backup_table,
    figures_of,
    file_words,
    job_table,
    parts_table,
    progress_of,
    queue_table,
    state_word,
    task_words,
    test_table,
)
from lienthu.web.components import Crumb

_UNFINISHED = [RunStatus.WAITING, RunStatus.RUNNING]
_SHOWN_TESTS = 5
CSV_LIMIT = 10_000


@requires(READ_HEALTH)
@require_safe
@never_cache
def system(request: HttpRequest) -> HttpResponse:
    """How everything stands; the buttons only for those who may order."""
    close_interrupted()
    findings = examine_quickly()
    state = worst(one.state for one in findings)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "-created_at"
    runs, failed = backups().order_by(sort, "-pk"), failed_jobs()
    number = _page(request, "page", runs.count())
    job_number = _page(request, "trang-viec", failed.count())
    context = {
        "state": (BADGES[state], state_word(state)),
        "figures": figures_of(findings, last_success(BackupRun), last_success(RestoreTest)),
        "parts": parts_table(findings),
        "works": [
            progress_of(run)
            for model in (BackupRun, RestoreTest)
            for run in model.objects.filter(status__in=_UNFINISHED).order_by("-pk")[:1]
        ],
        "backups": backup_table(
            runs[(number - 1) * PAGE : number * PAGE],
            total=runs.count(),
            number=number,
            sort=sort,
            query=request.GET,
        ),
        "tests": test_table(restore_tests()[:_SHOWN_TESTS]),
        "queues": queue_table(queues()),
        "jobs": job_table(failed[(job_number - 1) * PAGE : job_number * PAGE], total=failed.count(), number=job_number),
        "versions": _versions(),
        "schedule": _schedule(),
        "may_run": may(actor_of(request), RUN_BACKUP, None),
        "has_backup": newest_backup_file() is not None,
    }
    return render(request, "operations/system.html", context)


def _page(request: HttpRequest, parameter: str, total: int) -> int:
    return page_number(request.GET.get(parameter), last=max(1, -(-total // PAGE)))


def _versions() -> list[tuple[str, str]]:
    version = connection.connection.info.server_version if connection.connection else 0
    return [
        ("Liên Thư", __version__),
        ("Python", platform.python_version()),
        ("PostgreSQL", f"{version // 10000}.{version % 10000}"),
        (_("Hệ điều hành"), platform.platform(terse=True)),
        (_("Thư mục dữ liệu"), str(settings.HOME)),
    ]


def _schedule() -> list[tuple[str, str]]:
    daily, weekly, monthly = [*settings.BACKUP_KEEP.split(","), "", "", ""][:3]
    encrypted = bool(settings.BACKUP_KEY or settings.BACKUP_KEY_FILE)
    return [
        (
            _("Giờ sao lưu hằng ngày"),
            settings.BACKUP_TIME if settings.BACKUP_SCHEDULED else _("không tự sao lưu (LIENTHU_BACKUP_SCHEDULED=0)"),
        ),
        (
            _("Giữ lại"),
            _("%(daily)s bản theo ngày, %(weekly)s theo tuần, %(monthly)s theo tháng")
            % {"daily": daily, "weekly": weekly, "monthly": monthly},
        ),
        (_("Thư mục sao lưu"), str(settings.BACKUP_DIR)),
        (_("Mã hóa"), _("có") if encrypted else _("không; đặt LIENTHU_BACKUP_KEY_FILE để mã hóa")),
    ]


@requires(READ_HEALTH)
@require_safe
def backups_csv(request: HttpRequest) -> HttpResponseBase:
    """The list of backups as a file."""
    sort = request.GET.get("sort", "")
    runs = backups().order_by(sort if sort in SORTS else "-created_at", "-pk")
    heads = [_("Lúc"), _("Trạng thái"), _("Tệp"), _("Byte"), "SHA-256", _("Cách làm"), _("Người yêu cầu"), _("Thư mục")]
    rows = (
        (
            timezone.localtime(run.created_at).strftime("%d/%m/%Y %H:%M:%S"),
            RunStatus(run.status).label,
            file_words(run),
            run.size,
            run.sha256,
            RunKind(run.kind).label,
            run.actor_name,
            run.folder,
        )
        for run in runs[:CSV_LIMIT].iterator(chunk_size=500)
    )
    return csv_response("sao-luu", heads, rows)


@requires(RUN_BACKUP)
@require_POST
def backup_now(request: HttpRequest) -> HttpResponse:
    """Order a backup."""
    request_backup(actor=actor_of(request))
    messages.success(request, _("Đã yêu cầu sao lưu. Bạn có thể rời trang này, việc vẫn tiếp tục."))
    return redirect("operations:system")


@requires(RUN_BACKUP)
@require_POST
def restore_test_now(request: HttpRequest) -> HttpResponse:
    """Order a restore test of the newest backup."""
    backup = newest_backup_file()
    if backup is None:
        messages.warning(request, _("Chưa có bản sao lưu nào để kiểm tra. Hãy sao lưu trước."))
    else:
        request_restore_test(actor=actor_of(request), backup=backup)
        messages.success(request, _("Đã yêu cầu kiểm tra phục hồi. Dữ liệu đang dùng không bị đụng đến."))
    return redirect("operations:system")


@requires(READ_HEALTH)
@require_safe
@never_cache
def backup_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of a backup again, for polling."""
    return _progress(request, get_object_or_404(BackupRun, pk=pk))


@requires(READ_HEALTH)
@require_safe
@never_cache
def restore_test_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of a restore test again, for polling."""
    return _progress(request, get_object_or_404(RestoreTest, pk=pk))


def _progress(request: HttpRequest, run: BackupRun | RestoreTest) -> HttpResponse:
    return render(request, "web/components/progress.html", {"work": progress_of(run)})


@requires(READ_HEALTH)
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One failed job, and the way to run it again."""
    found = failed_jobs().filter(pk=pk).first()
    if found is None:
        raise Http404
    rows = [
        (_("Việc"), task_words(found.task_name)),
        (_("Tên kỹ thuật"), found.task_name),
        (_("Hàng đợi"), found.queue_name),
        (_("Số lần thử"), str(found.attempts)),
        (_("Tham số"), ", ".join(f"{name}={value}" for name, value in found.args.items()) or _("không có")),
    ]
    crumbs = [Crumb(_("Tình trạng hệ thống"), reverse("operations:system")), Crumb(_("Việc số %(pk)d") % {"pk": pk})]
    context = {"job": found, "rows": rows, "crumbs": crumbs, "may_run": may(actor_of(request), RUN_BACKUP, None)}
    return render(request, "operations/job.html", context)


@requires(RUN_BACKUP)
@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a failed job again."""
    try:
        retry_job(actor=actor_of(request), job_id=pk)
    except NotFailed:
        messages.warning(request, _("Việc này không còn ở trạng thái hỏng."))
    else:
        messages.success(request, _("Đã cho chạy lại việc này."))
    return redirect("operations:system")
