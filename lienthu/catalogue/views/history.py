"""Revisions of a source record: list, difference, restore."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.access import EDIT, get_record
from lienthu.catalogue.actions.records import ChangedMeanwhile, restore_revision
from lienthu.catalogue.models import Change, RecordStatus, Revision, SourceRecord
from lienthu.catalogue.policy import differences
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.queries.reasons import reasons_of
from lienthu.identity.access import actor_of, requires
from lienthu.web.components import Column, Empty, Link, Row, Table


def _record(request: HttpRequest, record_id: int) -> SourceRecord:
    try:
        return get_record(actor_of(request), record_id)
    except SourceRecord.DoesNotExist:
        raise Http404 from None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 9 else None


@requires(EDIT)
@require_GET
def history(request: HttpRequest, record_id: int) -> HttpResponse:
    """All revisions of a record; `?cu=&moi=` shows what changed between two of them."""
    record = _record(request, record_id)
    revisions = {r.number: r for r in record.revisions.order_by("-number")[:500]}
    newer = _number(request.GET.get("moi")) or record.revision
    older = _number(request.GET.get("cu")) or max(1, newer - 1)
    context = {
        "record": record,
        "title": record.cluster.title,
        "state": ("available" if record.status == RecordStatus.ACTIVE else "withdrawn", record.get_status_display()),
        "public_url": reverse("discovery:record", args=[record.cluster.public_id]) if record.cluster.is_active else "",
        "table": _table(record, list(revisions.values())),
        "difference": None,
    }
    if older in revisions and newer in revisions and older != newer:
        lines = differences(_fields(revisions[older]), _fields(revisions[newer]))
        context |= {
            "difference": [{"sign": sign, "text": text} for sign, text in lines],
            "older": older,
            "newer": newer,
            "may_restore": older != record.revision,
        }
    return render(request, "catalogue/history.html", context)


def _fields(revision: Revision) -> list[str]:
    return repr(record_of(revision)).split("\n")


def _table(record: SourceRecord, revisions: list[Revision]) -> Table:
    here = reverse("catalogue:history", args=[record.pk])
    reasons = reasons_of(record.pk)
    return Table(
        caption=_("Các bản của biểu ghi"),
        columns=[
            Column("number", _("Bản"), kind="number"),
            Column("change", _("Việc")),
            Column("at", _("Lúc"), kind="datetime"),
            Column("actor", _("Người làm")),
            *([Column("why", _("Vì sao"))] if reasons else []),
        ],
        rows=[
            Row(
                cells={
                    "number": revision.number,
                    "change": str(Change(revision.change).label),
                    "at": revision.at,
                    "actor": revision.actor_name,
                    "why": reasons[revision.number].text if revision.number in reasons else "",
                },
                actions=[
                    *(
                        [Link(_("So với bản hiện tại"), f"{here}?cu={revision.number}&moi={record.revision}")]
                        if revision.number != record.revision
                        else []
                    ),
                    *(
                        [Link(_("Xem thay đổi"), reasons[revision.number].url)]
                        if revision.number in reasons and reasons[revision.number].url
                        else []
                    ),
                ],
            )
            for revision in revisions
        ],
        total=len(revisions),
        size=max(1, len(revisions)),
        empty=Empty(_("Biểu ghi chưa có bản nào")),
    )


@requires(EDIT)
@require_POST
def restore(request: HttpRequest, record_id: int) -> HttpResponse:
    """Make an old revision the current one again."""
    record = _record(request, record_id)
    number, expected = _number(request.POST.get("number")), _number(request.POST.get("expected"))
    if number is None or expected is None:
        raise Http404
    try:
        made = restore_revision(actor=actor_of(request), record=record, number=number, expected=expected)
    except ChangedMeanwhile:
        messages.warning(request, _("Biểu ghi vừa có người khác lưu. Hãy xem lại bản mới nhất rồi quyết định."))
    except Revision.DoesNotExist:
        raise Http404 from None
    else:
        messages.success(
            request, _("Đã khôi phục nội dung bản %(old)s thành bản %(new)s.") % {"old": number, "new": made}
        )
    return redirect("catalogue:history", record_id)
