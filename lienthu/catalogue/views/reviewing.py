"""The review desk: doubtful pairs one after another, and what was merged."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.access import REVIEW, require_review, reviewed_libraries
from lienthu.catalogue.actions.merging import NotPossible, unmerge
from lienthu.catalogue.actions.reviewing import decide_pair, postpone_pair
from lienthu.catalogue.forms import MergeFilter, PairFilter
from lienthu.catalogue.models import Merge, MergeKind, PairState, ReviewPair, SourceRecord
from lienthu.catalogue.queries.reviewing import (
    lines_of,
    merges,
    moved_titles,
    open_pairs,
    reasons_of,
    sides_of,
)
from lienthu.catalogue.reason_wording import reason_sentence
from lienthu.catalogue.wording import field_label, not_possible
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Empty, Link, Row, Table

PAGE = 25
# Pairs that somebody put off come after those that nobody has looked at.
_LATER = F("later_at").asc(nulls_first=True)
SORTS: dict[str, list[Any]] = {
    "score": [_LATER, "score", "pk"],
    "-score": [_LATER, "-score", "pk"],
    "at": ["at", "pk"],
    "-at": ["-at", "-pk"],
}


def _pairs(request: HttpRequest) -> tuple[Any, PairFilter, str]:
    actor = actor_of(request)
    pairs = open_pairs(reviewed_libraries(actor))
    form = PairFilter(request.GET)
    if form.is_valid():
        pairs = form.narrowed(pairs)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "-score"
    return pairs.order_by(*SORTS[sort]), form, sort


@requires(REVIEW)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The queue of doubtful pairs of the libraries one works for."""
    pairs, form, sort = _pairs(request)
    if request.GET.get("format") == "csv":
        heads = [_("Điểm"), _("Nhan đề"), _("Thư viện"), _("Nhan đề kia"), _("Thư viện kia"), _("Lý do")]
        return csv_response("cap-nghi-trung", heads, _lines(pairs))
    total = pairs.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["format"] = "csv"
    table = Table(
        caption=_("Cặp biểu ghi nghi trùng"),
        caption_hidden=True,
        columns=[
            Column("title", _("Nhan đề")),
            Column("libraries", _("Thư viện")),
            Column("reason", _("Vì sao phân vân"), hidden_on_phone=True),
            Column("score", _("Điểm"), kind="number", sortable=True),
            Column("at", _("Từ lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "title": f"{pair.left.cluster.title} ↔ {pair.right.cluster.title}",
                    "libraries": f"{pair.left.library.name_vi} ↔ {pair.right.library.name_vi}",
                    "reason": _main_reason(pair),
                    "score": round(pair.score, 1),
                    "at": pair.at,
                },
                url=reverse("catalogue:pair", args=[pair.public_id]),
            )
            for pair in pairs[(number - 1) * PAGE : number * PAGE]
        ],
        total=total,
        number=number,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Không có cặp nào chờ xem"),
            _("Khi hệ thống không chắc hai biểu ghi có phải một tài liệu hay không, chúng sẽ chờ ở đây."),
            Link(_("Xem lịch sử gộp và tách"), reverse("catalogue:merges")),
        ),
    )
    return render(request, "catalogue/pairs.html", {"table": table, "first": pairs.first()})


def _main_reason(pair: ReviewPair) -> str:
    against = [r for r in reasons_of(pair.reasons) if r.weight < 0]
    chosen = against or reasons_of(pair.reasons)
    return reason_sentence(min(chosen, key=lambda r: r.weight)) if chosen else ""


def _lines(pairs: Any) -> Iterator[list[str]]:
    for pair in pairs.iterator(chunk_size=500):
        yield [
            f"{pair.score:.1f}".replace(".", ","),
            pair.left.cluster.title,
            pair.left.library.name_vi,
            pair.right.cluster.title,
            pair.right.library.name_vi,
            " ".join(reason_sentence(r) for r in reasons_of(pair.reasons)),
        ]


def _pair(request: HttpRequest, public_id: str) -> ReviewPair:
    rows = ReviewPair.objects.select_related(
        "left__library__scope", "right__library__scope", "left__cluster", "right__cluster"
    )
    pair = rows.filter(pk=ids.decode(public_id) or 0).first()
    if pair is None:
        raise Http404
    require_review(actor_of(request), [pair.left, pair.right])
    return pair


@requires(REVIEW)
@require_GET
@never_cache
def pair(request: HttpRequest, public_id: str) -> HttpResponse:
    """One pair side by side: what differs, what speaks for and against, and the three answers."""
    found = _pair(request, public_id)
    left, right = sides_of(found)
    reasons = [(r, reason_sentence(r)) for r in reasons_of(found.reasons)]
    return render(
        request,
        "catalogue/pair.html",
        {
            "pair": found,
            "sides": [left, right],
            "lines": [(field_label(line.field), line) for line in lines_of(left.description, right.description)],
            "for_": [sentence for r, sentence in reasons if r.weight >= 0],
            "against": [sentence for r, sentence in reasons if r.weight < 0],
            "open": found.state == PairState.OPEN,
            "waiting": open_pairs(reviewed_libraries(actor_of(request))).count(),
        },
    )


@requires(REVIEW)
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the answer and show the next pair."""
    found = _pair(request, public_id)
    answer, actor = request.POST.get("answer"), actor_of(request)
    try:
        if answer == "later":
            postpone_pair(actor=actor, pair=found)
            messages.info(request, _("Đã để cặp này lại sau."))
        elif answer in {"same", "different"}:
            decide_pair(actor=actor, pair=found, same=answer == "same")
            done = _("Đã gộp hai biểu ghi.") if answer == "same" else _("Đã ghi nhận: hai tài liệu khác nhau.")
            messages.success(request, done)
        else:
            raise Http404
    except NotPossible as reason:
        messages.warning(request, not_possible(reason.code))
    following = open_pairs(reviewed_libraries(actor)).exclude(pk=found.pk).order_by(_LATER, "-score", "pk").first()
    if following is None:
        return redirect("catalogue:pairs")
    return redirect("catalogue:pair", following.public_id)


@requires(REVIEW)
@require_GET
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """What people and rules brought together and apart, each with its undo."""
    form = MergeFilter(request.GET)
    by_people = not form.is_valid() or not form.cleaned_data["rules"]
    found = merges(reviewed_libraries(actor_of(request)), by_people=by_people)
    total = found.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = list(found[(number - 1) * PAGE : number * PAGE])
    table = merge_table(rows, total=total, number=number, size=PAGE, filters=form)
    return render(request, "catalogue/merges.html", {"table": table})


def merge_table(rows: Sequence[Merge], *, total: int, number: int = 1, size: int = 0, filters: Any = None) -> Table:
    """Deeds as a table."""
    titles = moved_titles(rows)
    return Table(
        caption=_("Lịch sử gộp và tách"),
        columns=[
            Column("kind", _("Việc")),
            Column("title", _("Biểu ghi")),
            Column("at", _("Lúc"), kind="datetime"),
            Column("actor", _("Người làm"), hidden_on_phone=True),
            Column("state", _("Tình trạng")),
        ],
        rows=[
            Row(
                cells={
                    "kind": str(MergeKind(one.kind).label),
                    "title": "; ".join(title for title, _public in titles.get(one.pk, ())),
                    "at": one.at,
                    "actor": one.actor_name,
                    "state": _("Đã bỏ, %(name)s") % {"name": one.undone_by} if one.undone_at else _("Đang dùng"),
                },
                actions=[]
                if one.undone_at
                else [Link(_("Bỏ việc này"), reverse("catalogue:undo_merge", args=[one.public_id]))],
            )
            for one in rows
        ],
        total=total,
        number=number,
        size=size or max(1, total),
        filters=filters,
        empty=Empty(_("Chưa gộp hay tách biểu ghi nào")),
    )


@requires(REVIEW)
@never_cache
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take a deed back."""
    found = Merge.objects.filter(pk=ids.decode(public_id) or 0).first()
    if found is None:
        raise Http404
    moves = list(found.moves.select_related("record__library__scope", "to_cluster").order_by("record_id"))
    beside = SourceRecord.objects.select_related("library__scope").filter(
        cluster__in={move.to_cluster_id for move in moves}
    )
    require_review(actor_of(request), [*(move.record for move in moves), *beside])
    if request.method != "POST":
        reasons = [reason_sentence(r) for r in reasons_of(found.reasons)]
        kind = str(MergeKind(found.kind).label)
        return render(
            request, "catalogue/undo_merge.html", {"merge": found, "kind": kind, "moves": moves, "reasons": reasons}
        )
    try:
        _made, undone = unmerge(actor=actor_of(request), merge=found)
    except NotPossible as reason:
        messages.warning(request, not_possible(reason.code))
    else:
        messages.success(request, _("Đã bỏ. Mỗi biểu ghi trở về chỗ cũ, cùng bản tài liệu và địa chỉ của nó."))
        if undone.elsewhere:
            messages.info(request, _("Có biểu ghi đã được chuyển đi nơi khác từ trước nên ở nguyên chỗ đó."))
    return redirect("catalogue:merges")
