"""From runs and findings to the values that the components show."""

from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.kernel import clock
from lienthu.operations.backup.space import number_in_words, size_in_words
from lienthu.operations.doctor import Finding
from lienthu.operations.models import BackupRun, RestoreTest, Run, RunKind, RunStatus
from lienthu.operations.policy import State
from lienthu.operations.problems import sentence
from lienthu.operations.queries.background import Queue
from lienthu.operations.terminal import phase_label
from lienthu.web.components import Column, Empty, Figure, Link, Progress, Row, Table

BADGES = {State.OK: "done", State.WARNING: "warning", State.WRONG: "failed", State.UNKNOWN: "pending"}
# What needs somebody comes first.
ORDER = [State.WRONG, State.WARNING, State.UNKNOWN, State.OK]
RUN_BADGES = {
    RunStatus.WAITING: "pending",
    RunStatus.RUNNING: "running",
    RunStatus.DONE: "done",
    RunStatus.FAILED: "failed",
}
PAGE = 10
SORTS = {"created_at", "-created_at", "size", "-size", "status", "-status"}
BYTES = {"DATABASE", "WRITING", "READING"}


def state_word(state: State) -> str:
    """A state for people."""
    return {
        State.OK: _("Tốt"),
        State.WARNING: _("Cần chú ý"),
        State.WRONG: _("Hỏng"),
        State.UNKNOWN: _("Chưa rõ"),
    }[state]


def age_in_words(at: datetime) -> str:
    """How long ago, as one says it."""
    age = clock.now() - at
    if age < timedelta(hours=1):
        minutes = max(1, int(age.total_seconds() // 60))
        return ngettext("%(count)d phút trước", "%(count)d phút trước", minutes) % {"count": minutes}
    if age < timedelta(days=2):
        hours = int(age.total_seconds() // 3600)
        return ngettext("%(count)d giờ trước", "%(count)d giờ trước", hours) % {"count": hours}
    return ngettext("%(count)d ngày trước", "%(count)d ngày trước", age.days) % {"count": age.days}


def problem_of(run: Run) -> str:
    """Why a run failed."""
    return sentence(run.problem["code"], run.problem["params"]) if run.problem else ""


def parts_table(findings: list[Finding]) -> Table:
    """Every part with its state, what is so, and what to do."""
    return Table(
        caption=_("Các bộ phận"),
        columns=[
            Column("label", _("Bộ phận")),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("sentence", _("Hiện nay và việc nên làm")),
        ],
        rows=[
            Row(
                cells={
                    "label": one.label,
                    "state": (BADGES[one.state], state_word(one.state)),
                    "sentence": f"{one.sentence} {one.cure}".strip(),
                }
            )
            for one in sorted(findings, key=lambda one: ORDER.index(one.state))
        ],
    )


def figures_of(findings: list[Finding], backup: datetime | None, test: datetime | None) -> list[Figure]:
    """The few figures that one looks at first."""
    facts = {one.name: one.facts for one in findings}
    workers, index, disk = facts.get("workers", {}), facts.get("index", {}), facts.get("disk", {})
    never = _("chưa lần nào")
    return [
        Figure(_("Bản sao lưu gần nhất"), age_in_words(backup) if backup else never),
        Figure(_("Kiểm tra phục hồi gần nhất"), age_in_words(test) if test else never),
        Figure(_("Thay đổi chờ lập chỉ mục"), index.get("waiting", 0)),
        Figure(_("Việc nền đang chờ"), workers.get("waiting", 0)),
        Figure(_("Ổ đĩa còn trống"), size_in_words(disk.get("free", 0))),
    ]


def progress_of(run: BackupRun | RestoreTest) -> Progress:
    """How far a backup or a restore test is; asked again every second until it ends."""
    backup = isinstance(run, BackupRun)
    label = _("Sao lưu") if backup else _("Kiểm tra phục hồi")
    name = "operations:backup_progress" if backup else "operations:restore_test_progress"
    in_bytes = run.phase in BYTES
    message = str(phase_label(run.phase))
    if run.status == RunStatus.FAILED:
        message = problem_of(run)
    elif run.status == RunStatus.WAITING:
        message = _("Chờ đến lượt; việc bắt đầu trong vài giây.")
    elif run.status == RunStatus.DONE:
        message = _done_words(run)
    elif in_bytes and run.done:
        message = f"{message}: {size_in_words(run.done)}"
    states = {RunStatus.WAITING: "waiting", RunStatus.DONE: "done", RunStatus.FAILED: "failed"}
    ended = run.status in (RunStatus.DONE, RunStatus.FAILED)
    return Progress(
        label=label,
        done=run.done,
        total=run.total,
        state=states.get(RunStatus(run.status), "running"),  # type: ignore[arg-type]
        message=message,
        url=reverse(name, args=[run.pk]),
        next=Link(_("Xem lại trang"), reverse("operations:system")) if ended else None,
    )


def _done_words(run: BackupRun | RestoreTest) -> str:
    if isinstance(run, BackupRun):
        return f"{run.file_name}, {size_in_words(run.size)}"
    return _("Đã phục hồi thử %(tables)s bảng với %(rows)s dòng; nhật ký %(entries)s mục nguyên vẹn.") % {
        "tables": number_in_words(run.tables),
        "rows": number_in_words(run.rows),
        "entries": number_in_words(run.audit_entries),
    }


def backup_table(runs: Any, *, total: int, number: int, sort: str, query: QueryDict) -> Table:
    """The backups that were made or tried. They are fetched from their folder, never over the web."""
    export = query.copy()
    export.pop("page", None)
    return Table(
        caption=_("Các bản sao lưu"),
        columns=[
            Column("created_at", _("Lúc"), kind="datetime", sortable=True),
            Column("status", _("Trạng thái"), kind="badge", sortable=True),
            Column("file", _("Tệp")),
            Column("size", _("Dung lượng"), sortable=True),
            Column("kind", _("Cách làm"), hidden_on_phone=True),
            Column("who", _("Người yêu cầu"), hidden_on_phone=True),
        ],
        rows=[Row(cells=_backup_cells(run)) for run in runs],
        total=total,
        number=number,
        size=PAGE,
        sort=sort,
        exports=[Link(_("Tải danh sách (CSV)"), f"{reverse('operations:backups_csv')}?{export.urlencode()}")],
        empty=Empty(
            _("Chưa có bản sao lưu nào"), _("Bản đầu tiên được làm vào giờ đã đặt, hoặc khi bạn bấm “Sao lưu ngay”.")
        ),
    )


def _backup_cells(run: BackupRun) -> dict[str, Any]:
    return {
        "created_at": run.created_at,
        "status": (RUN_BADGES[RunStatus(run.status)], str(RunStatus(run.status).label)),
        "file": file_words(run),
        "size": size_in_words(run.size) if run.size else "",
        "kind": str(RunKind(run.kind).label),
        "who": run.actor_name,
    }


def file_words(run: BackupRun) -> str:
    """The file, or why there is none, with what should be known of it."""
    if run.status == RunStatus.FAILED:
        return problem_of(run)
    if not run.file_name:
        return ""
    notes = [_("có mã hóa") if run.encrypted else _("không mã hóa")]
    if run.removed_at:
        notes.append(_("đã xóa vì hết hạn giữ"))
    if run.warnings:
        notes.append(
            ngettext("%(count)d tài liệu hỏng hoặc thiếu", "%(count)d tài liệu hỏng hoặc thiếu", len(run.warnings))
            % {"count": len(run.warnings)}
        )
    return f"{run.file_name} ({', '.join(notes)})"


def test_table(tests: Any) -> Table:
    """The last restore tests."""
    return Table(
        caption=_("Các lần kiểm tra phục hồi gần đây"),
        columns=[
            Column("created_at", _("Lúc"), kind="datetime"),
            Column("status", _("Trạng thái"), kind="badge"),
            Column("words", _("Đã kiểm tra")),
            Column("kind", _("Cách làm"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "created_at": test.created_at,
                    "status": (RUN_BADGES[RunStatus(test.status)], str(RunStatus(test.status).label)),
                    "words": problem_of(test) if test.status == RunStatus.FAILED else _test_words(test),
                    "kind": str(RunKind(test.kind).label),
                }
            )
            for test in tests
        ],
        empty=Empty(
            _("Chưa lần nào thử phục hồi"),
            _("Mỗi tuần hệ thống tự phục hồi thử bản mới nhất vào một cơ sở dữ liệu tạm rồi so từng bảng."),
        ),
    )


def _test_words(test: RestoreTest) -> str:
    return _done_words(test) if test.status == RunStatus.DONE else ""


def queue_table(queues: list[Queue]) -> Table:
    """How long the queues of background work are."""
    names = {
        "default": _("Chung"),
        "imports": _("Nhập biểu ghi"),
        "maintenance": _("Bảo trì"),
        "builtin": _("Nội bộ"),
    }
    return Table(
        caption=_("Hàng đợi việc nền"),
        columns=[
            Column("name", _("Hàng đợi")),
            Column("waiting", _("Đang chờ"), kind="number"),
            Column("working", _("Đang làm"), kind="number"),
            Column("failed", _("Hỏng"), kind="number"),
        ],
        rows=[
            Row(
                cells={
                    "name": names.get(one.name, one.name),
                    "waiting": one.waiting,
                    "working": one.working,
                    "failed": one.failed,
                }
            )
            for one in queues
        ],
        empty=Empty(_("Không có việc nào đang chờ"), _("Mọi việc nền đã làm xong.")),
    )


def job_table(jobs: Any, *, total: int, number: int) -> Table:
    """Jobs that failed or were lost."""
    return Table(
        caption=_("Việc nền bị hỏng"),
        columns=[
            Column("task", _("Việc")),
            Column("at", _("Lúc"), kind="datetime"),
            Column("attempts", _("Số lần thử"), kind="number"),
            Column("state", _("Trạng thái"), kind="badge"),
        ],
        rows=[
            Row(
                cells={
                    "task": task_words(job.task_name),
                    "at": job.last_at,
                    "attempts": job.attempts,
                    "state": ("failed", _("Bị lỗi")) if job.status == "failed" else ("failed", _("Bị ngắt giữa chừng")),
                },
                url=reverse("operations:job", args=[job.pk]),
            )
            for job in jobs
        ],
        total=total,
        number=number,
        size=PAGE,
        page_parameter="trang-viec",
        sort_parameter="xep-viec",
        empty=Empty(_("Không có việc nền nào bị hỏng"), _("Việc bị lỗi sẽ hiện ở đây để xem và cho chạy lại.")),
    )


def task_words(name: str) -> str:
    """What a background task is called for people; an unknown one by its own name."""
    return {
        "audit.anchor": _("Ghi mốc neo của nhật ký"),
        "catalogue.work_on_import": _("Nhập biểu ghi"),
        "catalogue.resume_imports": _("Nối lại các lần nhập dở dang"),
        "operations.make_backup": _("Sao lưu"),
        "operations.test_restore": _("Kiểm tra phục hồi"),
        "operations.look_after": _("Xem lịch sao lưu"),
        "operations.remove_old_jobs": _("Dọn các việc nền đã cũ"),
    }.get(name, name)
