"""From sources and runs in the database to the values that the components show."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.harvesting.models import Numbering, Run, RunKind, RunState, Source
from lienthu.harvesting.policy import UNFINISHED
from lienthu.harvesting.queries import Standing
from lienthu.harvesting.wording import lag_words, note_sentences, problem_sentence
from lienthu.web.components import Column, Crumb, Empty, Figure, Link, Progress, Row, Table
from lienthu.web.tags.filters import vn_number


def crumbs(*more: tuple[str, str]) -> list[Crumb]:
    """The way from the list of sources to a page."""
    return [Crumb(_("Thu hoạch"), reverse("harvesting:sources")), *(Crumb(*one) for one in more)]


def crumb_of(source: Source) -> tuple[str, str]:
    """The step of one source on that way."""
    return source.name, reverse("harvesting:source", args=[source.public_id])


STATE_BADGES = {
    RunState.QUEUED: "pending",
    RunState.COLLECTING: "running",
    RunState.WAITING: "waiting",
    RunState.IMPORTING: "running",
    RunState.WORKING: "running",
    RunState.DONE: "done",
    RunState.STOPPED: "failed",
}


def run_badge(run: Run) -> tuple[str, str]:
    """State of a run as a badge shows it."""
    state = RunState(run.state)
    return STATE_BADGES[state], str(state.label)


def lag_badge(standing: Standing) -> tuple[str, str]:
    """How fresh a source is, as a badge."""
    source = standing.source
    if source.withdrawn:
        return "withdrawn", _("Đã rút cả nguồn")
    if standing.active and standing.active.kind == RunKind.HARVEST:
        return run_badge(standing.active)
    if not source.enabled:
        return "pending", _("Không theo lịch")
    words = lag_words(standing.lag)
    if standing.lag is None:
        return "pending", words[:1].upper() + words[1:]
    return ("done" if standing.lag < 1 else "warning"), words[:1].upper() + words[1:]


def source_table(standings: list[Standing]) -> Table:
    """The list of sources."""
    return Table(
        caption=_("Các nguồn thu hoạch"),
        caption_hidden=True,
        columns=[
            Column("name", _("Nguồn")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("lag", _("Độ mới"), kind="badge"),
            Column("records", _("Biểu ghi"), kind="number"),
            Column("last", _("Lần gần nhất"), kind="datetime", hidden_on_phone=True),
            Column("result", _("Kết quả"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "name": one.source.name,
                    "library": one.source.library.name_vi,
                    "lag": lag_badge(one),
                    "records": one.records,
                    "last": one.last.started_at or one.last.created_at if one.last else None,
                    "result": result_words(one.last),
                },
                url=reverse("harvesting:source", args=[one.source.public_id]),
            )
            for one in standings
        ],
        empty=Empty(
            _("Chưa có nguồn nào"),
            _("Thêm địa chỉ OAI-PMH của một thư viện; biểu ghi của họ được lấy về theo lịch và luôn cập nhật."),
            Link(_("Thêm nguồn"), reverse("harvesting:add")),
        ),
    )


def result_words(run: Run | None) -> str:
    """What became of a run, in a few words."""
    if run is None:
        return "–"
    if run.problem:
        return problem_sentence(run.problem)
    if run.kind == RunKind.WITHDRAW:
        return _("rút %(count)s biểu ghi") % {"count": vn_number(run.counts.get("withdrawn", 0))}
    if run.kind == RunKind.RESTORE:
        return _("đưa trở lại %(count)s biểu ghi") % {"count": vn_number(run.counts.get("restored", 0))}
    if run.state in UNFINISHED:
        return str(RunState(run.state).label)
    if not run.counts.get("records"):
        return _("không có gì mới")
    records = vn_number(run.counts["records"])
    withdrawn = run.counts.get("withdrawn", 0)
    if not withdrawn:
        return _("%(records)s biểu ghi") % {"records": records}
    return _("%(records)s biểu ghi, rút %(withdrawn)s") % {"records": records, "withdrawn": vn_number(withdrawn)}


def run_table(runs: Any, *, total: int, number: int, size: int, filters: Any, query: QueryDict) -> Table:
    """The history of a source."""
    return Table(
        caption=_("Các lần thu hoạch"),
        columns=[
            Column("at", _("Lúc"), kind="datetime"),
            Column("kind", _("Việc"), hidden_on_phone=True),
            Column("state", _("Trạng thái"), kind="badge"),
            Column("result", _("Kết quả")),
            Column("by", _("Người cho chạy"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "at": run.started_at or run.created_at,
                    "kind": kind_words(run),
                    "state": run_badge(run),
                    "result": result_words(run),
                    "by": run.actor_name if run.actor_id else _("Theo lịch"),
                },
                url=reverse("harvesting:run", args=[run.public_id]),
            )
            for run in runs
        ],
        total=total,
        number=number,
        size=size,
        filters=filters,
        empty=Empty(_("Chưa chạy lần nào"), _("Bấm “Lấy ngay” để lấy toàn bộ biểu ghi lần đầu.")),
    )


def kind_words(run: Run) -> str:
    """What sort of work a run is."""
    if run.kind == RunKind.HARVEST:
        if run.full:
            return _("Lấy lại toàn bộ")
        return _("Lấy phần mới") if run.since or not run.started_at else _("Lấy tất cả lần đầu")
    return str(RunKind(run.kind).label)


def progress_of(run: Run) -> Progress:
    """How far a run is, for the progress component."""
    running = run.state in UNFINISHED
    waiting = run.state in (RunState.WAITING, RunState.QUEUED)
    done, total, unit = _amounts(run)
    message = ""
    if run.state == RunState.WAITING and run.resume_at:
        message = problem_sentence(run.problem)
    return Progress(
        label=str(RunState(run.state).label),
        done=done,
        total=total,
        unit=unit,
        state="waiting" if waiting else "running" if running else "done" if run.state == RunState.DONE else "failed",
        message=message,
        # a sleeping run may sleep for hours: nobody has to ask every second
        url="" if run.state == RunState.WAITING else reverse("harvesting:run_progress", args=[run.public_id]),
        next=None if running else Link(_("Xem kết quả"), reverse("harvesting:run", args=[run.public_id])),
    )


def _amounts(run: Run) -> tuple[int, int, str]:
    if run.state == RunState.IMPORTING and run.batch:
        return run.batch.done_offset, 0, _("byte đã nhập")
    if run.kind == RunKind.HARVEST:
        return run.counts.get("records", 0), run.complete_size or 0, _("biểu ghi")
    return run.counts.get("withdrawn", 0) + run.counts.get("restored", 0), 0, _("biểu ghi")


def run_page(run: Run) -> dict[str, Any]:
    """Everything that the page of one run shows."""
    batch = run.batch
    return {
        "run": run,
        "crumbs": crumbs(crumb_of(run.source), (kind_words(run), "")),
        "source": run.source,
        "kind": kind_words(run),
        "state": run_badge(run),
        "working": run.state in UNFINISHED,
        "work": progress_of(run),
        "problem": problem_sentence(run.problem),
        "notes": note_sentences(run.notes),
        "figures": _figures(run),
        "by": run.actor_name if run.actor_id else _("Theo lịch"),
        "batch_url": reverse("catalogue:import", args=[batch.public_id]) if batch else "",
        "reverted": bool(batch and batch.status in ("REVERTED", "REVERTING")),
        "may_restore": may_restore(run),
    }


def may_restore(run: Run) -> bool:
    """Whether this run took records out that can be brought back from here; an import is reverted on its own page."""
    return (
        run.state not in UNFINISHED
        and run.kind != RunKind.RESTORE
        and (run.batch_id is None or run.kind == RunKind.WITHDRAW)
        and run.withdrawn.exists()
    )


def _figures(run: Run) -> list[Figure]:
    labels = [
        ("records", _("Biểu ghi nhận được")),
        ("deleted", _("Báo đã xóa")),
        ("missing", _("Không còn ở nguồn")),
        ("withdrawn", _("Đã rút khỏi mục lục")),
        ("restored", _("Đã đưa trở lại")),
        ("on_loan", _("Giữ lại vì đang cho mượn")),
        ("unreadable", _("Không đọc được")),
        ("pages", _("Trang")),
    ]
    figures = [Figure(label, run.counts[key]) for key, label in labels if run.counts.get(key)]
    if run.batch:
        counts = run.batch.counts
        more = [
            ("created", _("Mới")),
            ("updated", _("Cập nhật")),
            ("merged", _("Gộp vào biểu ghi đã có")),
            ("unchanged", _("Không đổi")),
            ("rejected", _("Từ chối")),
        ]
        figures += [Figure(label, counts[key]) for key, label in more if counts.get(key)]
    return figures or [Figure(_("Biểu ghi nhận được"), 0)]


def source_rows(source: Source) -> list[tuple[str, Any]]:
    """What is known of a source, as a definition list."""
    deleted = {
        "no": _("không báo; dùng “Lấy lại toàn bộ” để biết biểu ghi nào không còn"),
        "transient": _("có lúc báo; thỉnh thoảng nên “Lấy lại toàn bộ”"),
        "persistent": _("luôn báo"),
    }
    return [
        (_("Thư viện"), source.library.name_vi),
        (_("Kho tự xưng"), source.repository_name),
        (_("Địa chỉ"), source.base_url),
        (_("Định dạng"), source.prefix),
        (_("Tập con"), source.set_spec),
        (_("Nhận ra biểu ghi theo"), str(Numbering(source.numbering).label)),
        (_("Lịch"), _("mỗi %(hours)s giờ") % {"hours": source.every_hours} if source.enabled else _("không theo lịch")),
        (_("Biểu ghi bị xóa"), deleted.get(source.keeps_deleted, "")),
    ]
