"""From imports in the database to the values that the components show."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthu.catalogue.actions.reading import preview_table
from lienthu.catalogue.forms import ENCODING_LABELS
from lienthu.catalogue.models import Batch, BatchStatus, Rejection, RejectionKind
from lienthu.catalogue.wording import sentence
from lienthu.web.components import Column, Empty, Figure, Link, Progress, Row, Step, Table

REJECTIONS_PAGE = 20
WORKING = {BatchStatus.CHECKING, BatchStatus.RUNNING, BatchStatus.REVERTING}
STATE_BADGES = {
    BatchStatus.UPLOADED: "waiting",
    BatchStatus.CHECKING: "running",
    BatchStatus.CHECKED: "waiting",
    BatchStatus.RUNNING: "running",
    BatchStatus.DONE: "done",
    BatchStatus.UNREADABLE: "failed",
    BatchStatus.REVERTING: "running",
    BatchStatus.REVERTED: "withdrawn",
}


def reason_of(rejection: Rejection) -> str:
    """Why a record or a copy was not taken."""
    return sentence(rejection.code, rejection.params)


def count_figures(counts: dict[str, int]) -> list[Figure]:
    """The counts of a report in words, in the order in which one asks for them; zero items are left out."""
    labels = [
        ("read", _("Biểu ghi đọc được")),
        ("created", _("Mới")),
        ("updated", _("Cập nhật")),
        ("merged", _("Gộp vào biểu ghi đã có")),
        ("unchanged", _("Không đổi")),
        ("rejected", _("Từ chối")),
        ("items", _("Bản tài liệu")),
        ("items_created", _("Bản tài liệu mới")),
        ("items_updated", _("Bản tài liệu cập nhật")),
        ("items_rejected", _("Bản tài liệu từ chối")),
        ("holdings", _("Biểu ghi vốn tài liệu")),
        ("withdrawn", _("Đã rút khi hoàn tác")),
        ("returned", _("Đã trả về bản trước")),
        ("kept", _("Giữ lại vì đã sửa hoặc đã lưu thông sau đó")),
    ]
    always = {"read", "created", "rejected"}
    return [Figure(label, counts.get(key, 0)) for key, label in labels if key in always or counts.get(key)]


def progress_of(batch: Batch) -> Progress:
    """How far an import is, for the progress component."""
    status = BatchStatus(batch.status)
    running = status in WORKING
    if status in (BatchStatus.CHECKING, BatchStatus.CHECKED):
        trial = batch.dry_run or {}
        done, counts = trial.get("position", 0), trial.get("counts", {})
    else:
        done, counts = batch.done_offset, batch.counts
    return Progress(
        label=str(status.label),
        done=done if running else batch.file_size,
        total=batch.file_size,
        unit=_("byte"),
        state="running" if running else ("failed" if status == BatchStatus.UNREADABLE else "done"),
        message=_("Đã đọc %(read)s biểu ghi, từ chối %(rejected)s.")
        % {"read": counts.get("read", 0), "rejected": counts.get("rejected", 0)},
        url=reverse("catalogue:import_progress", args=[batch.public_id]),
        next=None if running else Link(_("Xem kết quả"), reverse("catalogue:import", args=[batch.public_id])),
        left=_seconds_left(batch, done) if running else None,
    )


def _seconds_left(batch: Batch, done: int) -> float | None:
    if not batch.started_at or done <= 0:
        return None
    elapsed = (timezone.now() - batch.started_at).total_seconds()
    return elapsed / done * max(0, batch.file_size - done)


def steps_of(batch: Batch) -> list[Step]:
    """The way of a file through the desk, with the place where it is."""
    order = [
        (_("Tải tệp lên"), {BatchStatus.UPLOADED}),
        (_("Kiểm tra thử"), {BatchStatus.CHECKING, BatchStatus.UNREADABLE}),
        (_("Xem và quyết định"), {BatchStatus.CHECKED}),
        (_("Nhập"), {BatchStatus.RUNNING}),
        (_("Xong"), {BatchStatus.DONE, BatchStatus.REVERTING, BatchStatus.REVERTED}),
    ]
    here = next(place for place, (_label, states) in enumerate(order) if batch.status in states)
    steps = []
    for place, (label, _states) in enumerate(order):
        if place == here and batch.status == BatchStatus.UNREADABLE:
            steps.append(Step(label, "failed"))
        elif place < here or batch.status == BatchStatus.DONE:
            steps.append(Step(label, "done"))
        else:
            steps.append(Step(label, "current" if place == here else "todo"))
    return steps


def batch_table(
    batches: Any, *, total: int, number: int, size: int, sort: str, filters: Any, query: QueryDict
) -> Table:
    """The list of imports."""
    export = query.copy()
    export["format"] = "csv"
    return Table(
        caption=_("Các lần nhập biểu ghi"),
        caption_hidden=True,
        columns=[
            Column("file_name", _("Tệp"), sortable=True),
            Column("library", _("Thư viện")),
            Column("status", _("Trạng thái"), kind="badge", sortable=True),
            Column("read", _("Biểu ghi"), kind="number"),
            Column("rejected", _("Từ chối"), kind="number"),
            Column("created_at", _("Lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("actor_name", _("Người nhập"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "file_name": batch.file_name,
                    "library": batch.library.name_vi,
                    "status": (STATE_BADGES[BatchStatus(batch.status)], str(BatchStatus(batch.status).label)),
                    "read": _counts(batch).get("read", 0),
                    "rejected": _counts(batch).get("rejected", 0),
                    "created_at": batch.created_at,
                    "actor_name": batch.actor_name,
                },
                url=reverse("catalogue:import", args=[batch.public_id]),
            )
            for batch in batches
        ],
        total=total,
        number=number,
        size=size,
        sort=sort,
        filters=filters,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Chưa có lần nhập nào"),
            _("Tải một tệp biểu ghi lên; hệ thống kiểm tra thử trước khi ghi."),
            Link(_("Tải tệp lên"), reverse("catalogue:upload")),
        ),
    )


def _counts(batch: Batch) -> dict[str, int]:
    return batch.counts or (batch.dry_run or {}).get("counts", {})


def batch_page(batch: Batch, *, page: int) -> dict[str, Any]:
    """Everything that the page of one import shows."""
    status = BatchStatus(batch.status)
    trial = batch.dry_run if status in {BatchStatus.CHECKED} else None
    # That every record was taken can be said of an import that is done only.
    settled = status in {BatchStatus.DONE, BatchStatus.REVERTING, BatchStatus.REVERTED}
    judged = status not in {BatchStatus.CHECKING, BatchStatus.CHECKED}
    rejected = _rejection_table(batch, page) if settled or (judged and batch.rejections.exists()) else None
    return {
        "batch": batch,
        "state": (STATE_BADGES[status], str(status.label)),
        "steps": steps_of(batch),
        "working": status in WORKING,
        "work": progress_of(batch),
        "figures": count_figures(trial["counts"] if trial else batch.counts),
        "trial": trial,
        "trial_refused": [
            {**refused, "reason": sentence(refused["code"], refused["params"])}
            for refused in (trial or {}).get("refused", [])
        ],
        "old_text": _old_text(trial) if trial else None,
        "problem": sentence(batch.problem["code"], batch.problem["params"]) if batch.problem else "",
        "rejections": rejected,
        "may_check": status in {BatchStatus.UPLOADED, BatchStatus.CHECKED, BatchStatus.UNREADABLE},
        "may_commit": status == BatchStatus.CHECKED,
        "may_revert": status == BatchStatus.DONE,
    }


def _old_text(trial: dict[str, Any]) -> dict[str, Any] | None:
    """Examples of text that was brought over from an old encoding, or that may be in one."""
    examples = [
        {**one, "name": ENCODING_LABELS.get(one["encoding"], one["encoding"]), "percent": round(100 * one["score"])}
        for one in [*trial.get("conversions", []), *trial.get("doubtful", [])]
    ]
    if not examples and not trial.get("encodings"):
        return None
    counted = [(ENCODING_LABELS.get(name, name), count) for name, count in sorted(trial.get("encodings", {}).items())]
    converted = len(trial.get("conversions", []))
    return {"counted": counted, "converted": examples[:converted], "doubtful": examples[converted:]}


def _rejection_table(batch: Batch, page: int) -> Table:
    rejections = batch.rejections.order_by("number", "pk")
    total = rejections.count()
    number = min(page, max(1, -(-total // REJECTIONS_PAGE)))
    rows = rejections[(number - 1) * REJECTIONS_PAGE : number * REJECTIONS_PAGE]
    return Table(
        caption=_("Biểu ghi và bản tài liệu bị từ chối"),
        columns=[
            Column("number", _("Số thứ tự"), kind="number"),
            Column("offset", _("Vị trí byte"), kind="number"),
            Column("kind", _("Loại")),
            Column("reason", _("Lý do")),
        ],
        rows=[
            Row(
                cells={
                    "number": rejection.number,
                    "offset": rejection.offset,
                    "kind": str(RejectionKind(rejection.kind).label),
                    "reason": reason_of(rejection),
                }
            )
            for rejection in rows
        ],
        total=total,
        number=number,
        size=REJECTIONS_PAGE,
        exports=[
            Link(_("Tải danh sách (CSV)"), reverse("catalogue:import_rejections", args=[batch.public_id])),
            Link(_("Tải các biểu ghi này"), reverse("catalogue:import_rejected_bytes", args=[batch.public_id])),
        ],
        empty=Empty(_("Không có gì bị từ chối"), _("Mọi biểu ghi trong tệp đều được nhận.")),
    )


@dataclass(frozen=True)
class Columns:
    """The columns of a table file with the first rows and the meaning given or guessed."""

    names: list[str]
    mapping: dict[str, str]
    rows: list[list[str]]


def columns_of(batch: Batch) -> Columns | None:
    """Columns of a file that is a table and has not been written yet; None for MARC files."""
    if batch.status not in {BatchStatus.CHECKED, BatchStatus.UNREADABLE}:
        return None
    preview = preview_table(batch)
    if preview is None:
        return None
    return Columns(names=preview.columns, mapping=preview.mapping, rows=preview.rows)
