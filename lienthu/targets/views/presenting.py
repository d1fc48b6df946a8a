"""Searches, answers and records as the pages show them: plain values, no queries in templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.catalogue.queries import Availability, availability_of
from lienthu.kernel import clock, ids
from lienthu.targets import wording
from lienthu.targets.actions.searching import LONGEST
from lienthu.targets.models import Answer, AnswerState, Found, Search, SearchState
from lienthu.targets.policy.asking import Question


@dataclass(frozen=True)
class ShownAnswer:
    """How one target is getting on."""

    name: str
    state: str
    word: str
    text: str


@dataclass(frozen=True)
class Copy:
    """One record of a group: where it is from, and how rich it is."""

    source: str
    url: str
    quality: str
    score: int
    format: str
    is_own: bool


@dataclass(frozen=True)
class Group:
    """Records that describe one edition; `have` says what we have of it, `record_url` leads to our record."""

    title: str
    responsibility: str
    imprint: str
    numbers: str
    copies: Sequence[Copy]
    have: str = ""
    unsure: bool = False
    record_url: str = ""


@dataclass
class _Gathered:
    first: Found
    members: list[Found] = field(default_factory=list)


def is_running(search: Search) -> bool:
    """Whether answers may still come; a search older than any target may take was interrupted."""
    return search.state != SearchState.DONE and clock.now() - search.created_at < LONGEST


def question_words(question: Question) -> str:
    """The question in one line: "nhan đề: truyện kiều · năm: 1979"."""
    labels = {**wording.INDEXES, "number": _("ISBN, ISSN")}
    return " · ".join(f"{labels[name]}: {value}" for name, value in question.as_dict().items())


def answers_of(search: Search, *, running: bool) -> list[ShownAnswer]:
    """Our own catalogue first, then the targets in their order."""
    rows = search.answers.select_related("target").order_by("target__priority", "target__name", "pk")
    return [_shown(row, running=running) for row in sorted(rows, key=lambda row: row.target_id is not None)]


def _shown(answer: Answer, *, running: bool) -> ShownAnswer:
    name = answer.target.name if answer.target else _("Mục lục liên hợp của ta")
    if answer.state == AnswerState.WAITING:
        if running:
            return ShownAnswer(name, "running", _("Đang hỏi"), "")
        return ShownAnswer(name, "failed", _("Bị ngắt"), wording.problem_sentence({"code": "interrupted"}))
    if answer.state == AnswerState.FAILED:
        return ShownAnswer(name, "failed", _("Không trả lời được"), wording.problem_sentence(answer.problem))
    text = _("%(hits)s kết quả, %(ms)s mili giây") % {"hits": answer.hits, "ms": answer.milliseconds or 0}
    if answer.skipped:
        text += ". " + _("%(count)s biểu ghi không đọc được hoặc quá lớn nên bỏ qua") % {"count": answer.skipped}
    return ShownAnswer(name, "done" if answer.hits else "neutral", _("Đã trả lời"), text)


def groups_of(search: Search) -> list[Group]:
    """The records found, each edition once, the first found first."""
    rows = (
        Found.objects.filter(answer__search=search)
        .select_related("answer__target")
        .defer("raw", "content", "evidence")
        .order_by("pk")
    )
    gathered: dict[int, _Gathered] = {}
    for found in rows:
        key = found.same_as_id or found.pk
        if key not in gathered:
            gathered[key] = _Gathered(found)
        gathered[key].members.append(found)
    clusters = {found.cluster_id for one in gathered.values() for found in one.members if found.cluster_id}
    available = availability_of(clusters)
    return [_group(one, search=search, available=available) for one in gathered.values()]


def _group(gathered: _Gathered, *, search: Search, available: dict[int, Availability]) -> Group:
    members = sorted(gathered.members, key=lambda found: found.answer.target.priority if found.answer.target else -1)
    copies = [_copy(found, search=search) for found in members]
    cluster_id = next((found.cluster_id for found in gathered.members if found.cluster_id), None)
    sure = any(found.cluster_id and not found.unsure for found in gathered.members)
    shown = max(gathered.members, key=lambda found: found.quality)
    return Group(
        **described(shown.summary),
        copies=sorted(copies, key=lambda copy: (copy.is_own, -copy.score)),
        have=have_sentence(available.get(cluster_id), unsure=not sure) if cluster_id else "",
        unsure=bool(cluster_id) and not sure,
        record_url=reverse("discovery:record", args=[ids.encode(cluster_id)]) if cluster_id else "",
    )


def described(summary: dict[str, Any]) -> dict[str, str]:
    """The lines by which a person knows a book."""
    title = " : ".join(filter(None, [summary.get("title"), summary.get("subtitle")]))
    published = " : ".join(filter(None, [summary.get("place"), summary.get("publisher")]))
    imprint = [summary.get("edition"), ", ".join(filter(None, [published, str(summary.get("year") or "")]))]
    numbers = [*(summary.get("isbn") or []), *([summary["issn"]] if summary.get("issn") else [])]
    return {
        "title": title or _("(không có nhan đề)"),
        "responsibility": summary.get("responsibility") or "; ".join(summary.get("authors") or []),
        "imprint": " · ".join(filter(None, [*imprint, summary.get("extent")])),
        "numbers": ", ".join(numbers[:4]),
    }


def _copy(found: Found, *, search: Search) -> Copy:
    target = found.answer.target
    return Copy(
        source=target.name if target else _("Mục lục liên hợp của ta"),
        url=reverse("targets:preview", args=[search.public_id, found.public_id]),
        quality=wording.quality_word(found.quality),
        score=found.quality,
        format=found.format,
        is_own=target is None,
    )


def have_sentence(availability: Availability | None, *, unsure: bool = False) -> str:
    """What the network has of an edition."""
    if unsure:
        return _("Có thể đã có trong mục lục liên hợp. Hãy so sánh trước khi lấy.")
    if availability is None or not availability.copies:
        return _("Đã có biểu ghi trong mục lục liên hợp, chưa có bản nào.")
    return _("Đã có trong mục lục liên hợp: %(copies)s bản ở %(libraries)s thư viện.") % {
        "copies": availability.copies,
        "libraries": len(availability.holders),
    }
