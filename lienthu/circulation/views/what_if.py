"""What a draft of the rules would have done with the loans of the last month."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.circulation.queries.replaying import MOST_LOANS, Replay, replayed
from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.loanrules.access import READ, Edition, get_draft
from lienthu.loanrules.queries import LoanChange, Outcome
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.web.components import BarChart, ChartPoint, Column, Crumb, Empty, Figure, Link, Row, Tab, Table
from lienthu.web.tags.filters import vn_number

PAGE = 50
KINDS: dict[str, Promise] = {
    "NOW_REFUSED": _lazy("Sẽ bị từ chối"),
    "NOW_ALLOWED": _lazy("Sẽ được mượn"),
    "EARLIER": _lazy("Hạn trả sớm hơn"),
    "LATER": _lazy("Hạn trả muộn hơn"),
    "DEARER": _lazy("Phạt nhiều hơn"),
    "CHEAPER": _lazy("Phạt ít hơn"),
}
REFUSALS: dict[str, Promise] = {
    "NOT_LENDABLE": _lazy("Không cho mượn."),
    "MAX_LOANS": _lazy("Bạn đọc đã mượn đủ số được mượn."),
    "MAX_LOANS_OF_TYPE": _lazy("Bạn đọc đã mượn đủ số của loại này."),
    "MAX_LOANS_HERE": _lazy("Bạn đọc đã mượn đủ số ở thư viện này."),
}
_SORTS: dict[str, Callable[[LoanChange], Any]] = {
    "lent": lambda change: change.fact.lent,
    "days": lambda change: _moved(change),
}


@requires(READ)
@require_GET
@never_cache
def what_if(request: HttpRequest, place: str) -> HttpResponseBase:
    """Figures, a chart with its table, and every loan that would have come out differently. Nothing is written."""
    try:
        draft = get_draft(actor_of(request), place)
    except Edition.DoesNotExist:
        raise Http404 from None
    replay = replayed(draft)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    changes = [one for one in replay.comparison.changes if not kind or kind in one.kinds()]
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in _SORTS else "-lent"
    changes.sort(key=_SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    if request.GET.get("format") == "csv":
        heads = [_("Mượn ngày"), _("Bạn đọc"), _("Loại tài liệu"), _("Nội quy hiện nay"), _("Theo bản thảo")]
        return csv_response("thu-noi-quy", heads, _lines(changes))
    draft_url = reverse("loanrules:draft", args=[place])
    return render(
        request,
        "circulation/what_if.html",
        {
            "place": draft.scope,
            "replay": replay,
            "most": MOST_LOANS,
            "draft_url": draft_url,
            "crumbs": [
                Crumb(_("Nội quy mượn"), reverse("loanrules:places")),
                Crumb(draft.scope.name, draft_url),
                Crumb(_("Thử bản thảo")),
            ],
            "figures": _figures(replay),
            "chart": _chart(replay) if replay.comparison.counts else None,
            "tabs": _kind_tabs(replay, kind, len(replay.comparison.changes)),
            "table": _table(request, changes, sort=sort, tried=replay.comparison.looked_at),
        },
    )


def _figures(replay: Replay) -> list[Figure]:
    found = replay.comparison
    return [
        Figure(_("Lượt mượn đã thử"), found.looked_at),
        Figure(_("Lượt sẽ khác"), len(found.changes)),
        Figure(_("Tiền phạt theo nội quy hiện nay, đồng"), vn_number(found.fines_was)),
        Figure(_("Tiền phạt theo bản thảo, đồng"), vn_number(found.fines_becomes)),
    ]


def _chart(replay: Replay) -> BarChart:
    counts = replay.comparison.counts
    return BarChart(
        _("Lượt mượn sẽ khác, theo điều sẽ khác"),
        [ChartPoint(str(label), counts[code]) for code, label in KINDS.items() if counts.get(code)],
        unit=_("lượt"),
        summary=_("Một lượt có thể khác về nhiều điều."),
    )


def _kind_tabs(replay: Replay, kind: str, total: int) -> list[Tab]:
    counts = replay.comparison.counts
    shown = [
        Tab(str(label), f"?kind={code}", kind == code, counts[code])
        for code, label in KINDS.items()
        if counts.get(code)
    ]
    return [Tab(_("Tất cả"), "?", not kind, total), *shown] if shown else []


def _table(request: HttpRequest, changes: list[LoanChange], *, sort: str, tried: int) -> Table:
    total = len(changes)
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["format"] = "csv"
    return Table(
        caption=_("Lượt mượn sẽ khác"),
        columns=[
            Column("lent", _("Mượn ngày"), kind="date", sortable=True),
            Column("who", _("Bạn đọc")),
            Column("what", _("Loại tài liệu"), hidden_on_phone=True),
            Column("was", _("Nội quy hiện nay")),
            Column("becomes", _("Theo bản thảo")),
            Column("days", _("Hạn trả đổi, ngày"), kind="number", sortable=True, hidden_on_phone=True),
        ],
        rows=[Row(cells=_cells(one)) for one in changes[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Không lượt nào sẽ khác"),
            _("Với những lượt mượn của tháng qua, bản thảo cho kết quả như nội quy đang áp dụng."),
        )
        if tried
        else Empty(
            _("Chưa có lượt mượn nào để thử"),
            _("Tháng qua nơi này không cho mượn tài liệu nào; hãy thử lại khi đã có lượt mượn."),
        ),
    )


def _cells(change: LoanChange) -> dict[str, Any]:
    fact = change.fact
    return {
        "lent": fact.lent.date(),
        "who": category_names().get(fact.category, fact.category),
        "what": item_type_names().get(fact.item_type, fact.item_type),
        "was": _said(change.was),
        "becomes": _said(change.becomes),
        "days": _moved(change),
    }


def _moved(change: LoanChange) -> int:
    """By how many days the due date moves; 0 where one of both is none."""
    was, becomes = change.was.due, change.becomes.due
    return (becomes - was).days if was and becomes else 0


def _said(outcome: Outcome) -> str:
    if outcome.refused:
        return " ".join(str(REFUSALS[code]) for code in outcome.refused)
    said = _("Trả trước %(day)s.") % {"day": f"{outcome.due:%d/%m/%Y}"} if outcome.due else ""
    if outcome.fine:
        said += " " + _("Phạt %(amount)s đồng.") % {"amount": vn_number(outcome.fine)}
    return said


def _lines(changes: list[LoanChange]) -> Iterator[list[str]]:
    for one in changes:
        cells = _cells(one)
        yield [f"{cells['lent']:%d/%m/%Y}", cells["who"], cells["what"], cells["was"], cells["becomes"]]
