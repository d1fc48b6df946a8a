"""The audit trail on the desk: one sees what happened at one's own places."""

import json
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthu.audit.queries import (
    Entry,
    EntryFilter,
    action_label,
    actor_name,
    find_entries,
    labels,
    target_name,
    verify,
)
from lienthu.identity.access import Actor, Refused, actor_of, may, requires, scopes_with
from lienthu.identity.forms import TrailFilterForm
from lienthu.identity.models import Scope
from lienthu.kernel.clock import VIETNAM
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

READ = "audit.read"
PAGE = 50
CSV_LIMIT = 100_000


def _places(actor: Actor) -> list[str] | None:
    """Codes of the places whose entries may be read; None for all, those of the network itself included."""
    if may(actor, READ, None):
        return None
    return list(scopes_with(actor, READ).values_list("code", flat=True))


def _found(actor: Actor, form: TrailFilterForm) -> QuerySet[Entry]:
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    scope: Scope | None = chosen.get("noi")
    wanted = EntryFilter(
        scopes=_places(actor),
        action=chosen.get("viec", ""),
        actor=chosen.get("nguoi", ""),
        scope=scope.code if scope else "",
        since=_midnight(chosen.get("tu")),
        before=_midnight(chosen.get("den"), days=1),
    )
    return find_entries(wanted)


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    """The beginning of a day in Việt Nam, or of one so many days later."""
    return datetime.combine(day, time.min, VIETNAM) + timedelta(days=days) if day else None


@requires(READ)
def entry_list(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, with filters, pages and CSV."""
    actor = actor_of(request)
    form = TrailFilterForm(request.GET, scopes=scopes_with(actor, READ))
    pages = Paginator(_found(actor, form), PAGE)
    page = pages.get_page(page_number(request.GET.get("page"), last=pages.num_pages))
    words = labels()
    table = Table(
        caption=_("Nhật ký hệ thống"),
        columns=[
            Column("at", _("Lúc"), kind="datetime"),
            Column("actor", _("Người làm")),
            Column("action", _("Việc")),
            Column("target", _("Đối tượng"), hidden_on_phone=True),
            Column("scope", _("Nơi"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "at": entry.at,
                    "actor": actor_name(entry),
                    "action": str(words.get(entry.action, entry.action)),
                    "target": target_name(entry),
                    "scope": entry.scope,
                },
                url=reverse("identity:trail_entry", args=[entry.seq]),
            )
            for entry in page.object_list
        ],
        total=pages.count,
        number=page.number,
        size=PAGE,
        filters=form,
        exports=[Link(_("Tải bảng này (CSV)"), f"{reverse('identity:trail_csv')}?{request.GET.urlencode()}")],
        empty=Empty(_("Chưa có việc nào được ghi."), _("Mỗi thay đổi dữ liệu được ghi lại ở đây, không sửa được.")),
    )
    return render(request, "identity/trail.html", {"table": table, "can_verify": may(actor, READ, None)})


@requires(READ)
def entry_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list as a file, at most 100,000 lines."""
    actor = actor_of(request)
    form = TrailFilterForm(request.GET, scopes=scopes_with(actor, READ))
    heads = [_("Số"), _("Lúc"), _("Người làm"), _("Việc"), _("Đối tượng"), _("Nơi"), _("Chi tiết"), _("Băm")]
    rows = (
        (
            entry.seq,
            timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S"),
            actor_name(entry),
            action_label(entry.action),
            target_name(entry),
            entry.scope,
            json.dumps(entry.details, ensure_ascii=False),
            bytes(entry.hash).hex(),
        )
        for entry in _found(actor, form)[:CSV_LIMIT].iterator(chunk_size=1000)
    )
    return csv_response("nhat-ky", heads, rows)


@requires(READ)
def entry_detail(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry with all that was noted."""
    entry = find_entries(EntryFilter(scopes=_places(actor_of(request)))).filter(seq=seq).first()
    if entry is None:
        raise Refused(READ, hidden=True)
    rows = [
        (_("Số"), entry.seq),
        (_("Lúc"), timezone.localtime(entry.at).strftime("%H:%M:%S %d/%m/%Y")),
        (_("Người làm"), actor_name(entry)),
        (_("Việc"), action_label(entry.action)),
        (_("Đối tượng"), target_name(entry)),
        (_("Nơi"), entry.scope or _("Toàn mạng lưới")),
        *((str(key), _shown(value)) for key, value in entry.details.items()),
        (_("Băm của mục này"), bytes(entry.hash).hex()),
        (_("Băm của mục trước"), bytes(entry.prev_hash).hex()),
    ]
    crumbs = [Crumb(_("Nhật ký"), reverse("identity:trail")), Crumb(_("Mục số %(number)s") % {"number": entry.seq})]
    return render(request, "identity/trail_entry.html", {"entry": entry, "rows": rows, "crumbs": crumbs})


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@requires(READ)
def verification(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now and say how it stands; only for those who read the whole trail."""
    if not may(actor_of(request), READ, None):
        raise Refused(READ, _("Chỉ người xem nhật ký của toàn mạng lưới kiểm tra được cả chuỗi."))
    crumbs = [Crumb(_("Nhật ký"), reverse("identity:trail")), Crumb(_("Kiểm tra"))]
    return render(request, "identity/trail_verification.html", {"outcome": verify(), "crumbs": crumbs})
