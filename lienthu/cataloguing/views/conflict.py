"""Two people changed one record: base, theirs and mine side by side, and a choice for each field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.queries.desk import Revision, reviser_of
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.actions.drafts import DraftData, keep_draft
from lienthu.cataloguing.queries.working import kept, sheet_of_record
from lienthu.cataloguing.rules.merging import Side, Stretch, merged, three_ways
from lienthu.cataloguing.rules.sheets import SYSTEM, Row, Sheet
from lienthu.cataloguing.views.work import Work, number, of_draft
from lienthu.identity.access import actor_of, requires


def _bare(sheet: Sheet) -> Sheet:
    """Without what the system writes at each save, which always differs: lengths in the leader, 001 to 005."""
    leader = sheet.leader.ljust(24, "#")
    rows = tuple(row for row in sheet.rows if row.tag not in SYSTEM)
    return kept(Sheet(f"#####{leader[5:9]}a22#####{leader[17:20]}4500", rows))


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def conflict(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Ask, and bring the answer back to the editor as a draft on top of the other person's revision."""
    work = of_draft(request, draft_id)
    record = work.record
    if record is None or work.expected is None or work.expected == record.revision:
        return redirect("cataloguing:draft", draft_id)
    try:
        base = sheet_of_record(record, work.expected)
    except Revision.DoesNotExist:
        base = sheet_of_record(record)
    theirs = sheet_of_record(record)
    stretches = three_ways(_bare(base), _bare(work.sheet), _bare(theirs))
    if request.method == "POST" and number(request.POST.get("theirs")) == record.revision:
        result = merged(stretches, _choices(request, stretches))
        if result is not None:
            return _take(request, work, theirs, result)
        messages.warning(request, _("Còn chỗ chưa chọn; hãy chọn cho từng trường khác nhau."))
    elif request.method == "POST":
        messages.warning(request, _("Biểu ghi vừa được lưu thêm lần nữa; hãy xem lại các lựa chọn."))
    who, at = reviser_of(record)
    context = {
        "work": work,
        "title": record.cluster.title,
        "who": who,
        "at": at,
        "parts": [_part(place, one) for place, one in enumerate(stretches) if one.changed],
        "conflicts": sum(one.conflict for one in stretches),
    }
    return render(request, "cataloguing/conflict.html", context)


def _choices(request: HttpRequest, stretches: list[Stretch]) -> dict[int, Side]:
    found = {}
    for place, stretch in enumerate(stretches):
        given = request.POST.get(f"choice-{place}", "")
        if stretch.conflict and given in set(Side):
            found[place] = Side(given)
    return found


def _part(place: int, stretch: Stretch) -> dict[str, object]:
    rows = stretch.mine or stretch.theirs or stretch.base
    return {
        "place": place,
        "tag": rows[0].tag,
        "base": _texts(stretch.base),
        "mine": _texts(stretch.mine),
        "theirs": _texts(stretch.theirs),
        "conflict": stretch.conflict,
        "by_me": stretch.mine != stretch.base,
        "by_both": stretch.mine == stretch.theirs,
        "options": [
            (Side.MINE, _("Của tôi")),
            (Side.THEIRS, _("Của người kia")),
            (Side.BOTH, _("Giữ cả hai")),
            (Side.BASE, _("Như trước khi sửa")),
        ],
    }


def _texts(rows: tuple[Row, ...]) -> list[str]:
    return [f"{row.tag} {row.indicators} {row.text}" for row in rows]


def _take(request: HttpRequest, work: Work, theirs: Sheet, result: Sheet) -> HttpResponse:
    system = [row for row in theirs.rows if row.tag in SYSTEM]
    record = work.record
    assert record is not None
    data = DraftData(
        library=work.library,
        sheet=Sheet(result.leader, (*system, *result.rows)),
        record_id=record.pk,
        base_revision=record.revision,
        copies=work.copies,
    )
    draft = keep_draft(actor=actor_of(request), data=data, draft=work.draft)
    messages.info(request, _("Đã ghép hai bản. Xem lại một lần rồi bấm Lưu."))
    return redirect("cataloguing:draft", draft.pk)
