"""One round: the box for numbers, how far it is, every copy with its outcome."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.stocktaking import actions
from lienthu.stocktaking.access import MANAGE
from lienthu.stocktaking.actions import Heard, Refused
from lienthu.stocktaking.forms import LineFilter, ScanForm
from lienthu.stocktaking.models import Round, State
from lienthu.stocktaking.policy import GROUP_OF, Outcome
from lienthu.stocktaking.queries import Line, counts_of, expected_count, in_groups, lines_of, titles_of
from lienthu.stocktaking.views.ending import progress_of
from lienthu.stocktaking.views.frame import PAGE, SHEETS, crumbs, exports, the_round
from lienthu.stocktaking.wording import (
    ADVICE,
    BADGES,
    GROUP_BADGES,
    GROUPS,
    OUTCOMES,
    misplaced_sentence,
    refusal_sentence,
)
from lienthu.web.components import Column, Crumb, Empty, Figure, Row, Table

_AT_ONCE = 500
_SORTS: dict[str, Callable[[Line], Any]] = {
    "number": lambda line: line.number,
    "outcome": lambda line: line.outcome,
    "shelf": lambda line: (line.shelf, line.call_number, line.number),
}


@requires(MANAGE)
@require_GET
@never_cache
def show(request: HttpRequest, public: str) -> HttpResponseBase:
    """The round as it stands."""
    one = the_round(request, public)
    if sheet := SHEETS.get(request.GET.get("format", "")):
        heads = [_("Số ĐKCB"), _("Nhan đề"), _("Cột"), _("Kết quả"), _("Giá"), _("Ký hiệu xếp giá"), _("Ghi chú")]
        return sheet(f"kiem-ke-{one.public_id}", heads, _sheet_lines(one, _chosen(request, one)))
    return page_of(request, one)


def page_of(
    request: HttpRequest, one: Round, *, problem: str = "", heard: Heard | None = None, form: ScanForm | None = None
) -> HttpResponse:
    """The page, with what was just heard and what went wrong."""
    counts = counts_of(one)
    groups = in_groups(counts)
    context = {
        "one": one,
        "crumbs": crumbs(Crumb(one.name, "")),
        "state": (BADGES[one.state], State(one.state).label),
        "counting": one.state == State.COUNTING,
        "form": form or ScanForm(one=one, initial=_where(request, one)),
        "heard": _said(heard) if heard else [],
        "problem": problem,
        "figures": [
            Figure(_("Số bản theo sổ"), expected_count(one)),
            *(Figure(str(GROUPS[group]), count) for group, count in groups.items()),
        ],
        "work": progress_of(one) if one.state in (State.CLOSING, State.RETURNING) else None,
        "outcomes": [
            (OUTCOMES[outcome], counts[outcome], ADVICE.get(outcome, ""), f"?outcome={outcome}")
            for outcome in Outcome
            if counts.get(outcome)
        ],
        "table": _table(request, one),
        "facts": [
            (_("Nơi kiểm"), one.place),
            (_("Bắt đầu"), f"{one.opened_at.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}"),
            (_("Người mở"), one.opened_by),
            (_("Căn cứ"), one.basis or "–"),
            (_("Tổ kiểm kê"), ["; ".join(filter(None, member)) for member in one.council] or "–"),
        ],
    }
    return render(request, "stocktaking/round.html", context, status=422 if problem else 200)


@requires(MANAGE)
@require_POST
@never_cache
def scan(request: HttpRequest, public: str) -> HttpResponse:
    """Numbers, one or many; to the script of the page as JSON."""
    one = the_round(request, public)
    form = ScanForm(request.POST, one=one)
    scripted = request.headers.get("X-Stock") == "1"
    problem, code, heard = "", "", None
    if form.is_valid():
        try:
            given = form.cleaned_data
            heard = actions.scan(
                actor=actor_of(request),
                round_id=one.pk,
                numbers=given["numbers"],
                place=given["place"],
                branch=given.get("branch"),
            )
        except Refused as refusal:
            problem, code = refusal_sentence(refusal), refusal.code
    else:
        code = "FORM"
        problem = _("Hãy quét hoặc gõ số đăng ký cá biệt; mỗi lần gửi nhiều nhất 2.000 số.")
    if scripted:
        new, again = (_said(heard), heard.again) if heard else ([], [])
        answer = {"problem": problem, "code": code, "new": new, "again": again}
        return JsonResponse(answer, status=422 if problem else 200)
    if heard is not None and heard.again:
        text = ngettext("%(count)d số đã quét trước đó.", "%(count)d số đã quét trước đó.", len(heard.again))
        messages.info(request, text % {"count": len(heard.again)})
    return page_of(request, one, problem=problem, heard=heard, form=form if problem else None)


@requires(MANAGE)
@require_POST
@never_cache
def unscan(request: HttpRequest, public: str) -> HttpResponse:
    """Take a number back."""
    one = the_round(request, public)
    number = request.POST.get("number", "").replace("\x00", "")
    try:
        actions.unscan(actor=actor_of(request), round_id=one.pk, number=number)
    except Refused as refusal:
        return page_of(request, one, problem=refusal_sentence(refusal))
    messages.success(request, _("Đã bỏ số %(number)s.") % {"number": number})
    return redirect("stocktaking:round", one.public_id)


@requires(MANAGE)
@require_POST
@never_cache
def spare(request: HttpRequest, public: str) -> HttpResponse:
    """Why a copy is not to be noted as missing."""
    one = the_round(request, public)
    try:
        number, why = (request.POST.get(name, "").replace("\x00", "") for name in ("number", "why"))
        actions.spare(actor=actor_of(request), round_id=one.pk, number=number, why=why)
    except Refused as refusal:
        return page_of(request, one, problem=refusal_sentence(refusal))
    return redirect(f"{reverse('stocktaking:round', args=[one.public_id])}?outcome={Outcome.MISSING}")


def _where(request: HttpRequest, one: Round) -> dict[str, object]:
    """Where the next numbers are scanned: as the last ones."""
    return {"place": request.POST.get("place", one.shelf), "branch": request.POST.get("branch", one.branch_id)}


def _said(heard: Heard) -> list[dict[str, str]]:
    return [
        {
            "number": number,
            "title": title,
            "outcome": str(OUTCOMES[outcome]),
            "advice": str(ADVICE.get(outcome, "")),
            "badge": GROUP_BADGES[GROUP_OF[outcome]],
            "group": str(GROUPS[GROUP_OF[outcome]]),
            "sign": "done" if GROUP_OF[outcome] == "MATCH" else "refused" if outcome == Outcome.UNKNOWN else "ask",
        }
        for number, outcome, title in heard.new[-PAGE:]
    ]


def _chosen(request: HttpRequest, one: Round) -> Iterator[Line]:
    form = LineFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    outcome, words = given.get("outcome", ""), given.get("q", "").replace("\x00", "").strip().lower()
    for line in lines_of(one):
        if outcome and line.outcome != outcome:
            continue
        if words and words not in line.number.lower() and words not in line.shelf.lower():
            continue
        yield line


def _table(request: HttpRequest, one: Round) -> Table:
    form = LineFilter(request.GET)
    lines = list(_chosen(request, one)) if request.GET.get("outcome") or request.GET.get("q") else _differing(one)
    sort = request.GET.get("sort", "")
    if sort.removeprefix("-") in _SORTS:
        lines.sort(key=_SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    else:
        sort = "shelf"
    total = len(lines)
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    shown = lines[(page - 1) * PAGE : page * PAGE]
    titles = titles_of(shown)
    return Table(
        caption=_("Những bản cần xem") if not request.GET.get("outcome") else _("Những bản đã chọn"),
        columns=[
            Column("title", _("Tài liệu")),
            Column("number", _("Số ĐKCB"), kind="code", sortable=True),
            Column("outcome", _("Kết quả"), kind="badge", sortable=True),
            Column("shelf", _("Giá"), sortable=True, hidden_on_phone=True),
            Column("note", _("Ghi chú"), hidden_on_phone=True),
        ],
        rows=[Row(cells=_cells(line, titles)) for line in shown],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=exports(request),
        empty=Empty(_("Không có bản nào như vậy"), _("Khi chưa quét gì, mọi bản trên giá hiện ở cột Thiếu.")),
    )


def _differing(one: Round) -> list[Line]:
    return [line for line in lines_of(one) if line.group != "MATCH"]


def _cells(line: Line, titles: dict[int, str]) -> dict[str, Any]:
    scanned = ""
    if line.scanned_at is not None:
        at = line.scanned_at.astimezone(clock.VIETNAM)
        scanned = " ".join(
            filter(None, (f"{at:%d/%m/%Y %H:%M}", line.scanned_by, line.scanned_branch, line.scanned_place))
        )
    return {
        "title": titles.get(line.item_id or 0, "–"),
        "number": line.number,
        "outcome": (GROUP_BADGES[line.group], f"{GROUPS[line.group]}: {OUTCOMES[line.outcome]}"),
        "shelf": " ".join(filter(None, (line.shelf, line.call_number))) or "–",
        "note": "; ".join(
            filter(
                None,
                (
                    misplaced_sentence(line),
                    line.spared,
                    line.library if line.outcome == "OTHER_LIBRARY" else "",
                    scanned,
                ),
            )
        )
        or "–",
    }


def _sheet_lines(one: Round, lines: Iterator[Line]) -> Iterator[list[str]]:
    while some := list(islice(lines, _AT_ONCE)):
        titles = titles_of(some)
        for line in some:
            cells = _cells(line, titles)
            yield [
                line.number,
                cells["title"],
                str(GROUPS[line.group]),
                str(OUTCOMES[line.outcome]),
                line.shelf,
                line.call_number,
                cells["note"],
            ]
