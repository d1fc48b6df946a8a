"""Receipts as page and PDF, VietQR codes as pictures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.fees.access import COLLECT, READ, may_at, own_patron
from lienthu.fees.models import Demand, Entry, Line, Series
from lienthu.fees.papers import qr_svg, receipt_pdf
from lienthu.fees.policy.cash import in_words
from lienthu.fees.policy.statements import reference
from lienthu.fees.policy.vietqr import Transfer, payload
from lienthu.fees.queries.balances import facts_of
from lienthu.fees.queries.entries import bank_account_of, demand_by_id, entry_with_receipt
from lienthu.fees.wording import kind_name, money
from lienthu.identity.access import actor_of, requires, signed_in
from lienthu.kernel import clock, ids
from lienthu.patrons.queries import patrons_by_id


def paper_of(entry: Entry) -> dict[str, Any]:
    """What a receipt says."""
    reader = patrons_by_id([entry.patron_id or 0]).get(entry.patron_id or 0)
    came_in = entry.receipt.series == Series.IN
    lines = Line.objects.filter(entry=entry, account="OWED").select_related("charge").order_by("pk")
    facts = facts_of([line.charge_id for line in lines if line.charge_id])
    told = []
    for line in lines:
        why = facts.get(line.charge_id or 0, {})
        about = why.get("title") or why.get("what") or ""
        told.append([": ".join(filter(None, [kind_name(line.charge.kind), about])), money(abs(line.amount))])
    words = in_words(entry.amount)
    return {
        "language": get_language() or "vi",
        "library": entry.library.name_vi,
        "title": _("PHIẾU THU") if came_in else _("PHIẾU CHI"),
        "number_label": _("Số"),
        "number": entry.receipt.shown,
        "at": f"{entry.at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}",
        "rows": [
            [_("Người nộp") if came_in else _("Người nhận"), reader.name if reader else "–"],
            [_("Việc"), str(entry.get_kind_display())],
            [_("Bằng"), str(entry.get_method_display())],
            [_("Người ghi"), entry.by],
        ],
        "lines": told,
        "total_label": _("Cộng"),
        "total": money(entry.amount),
        "words": (words[0].upper() + words[1:] + ".") if get_language() != "en" else "",
        "note": entry.reason,
        "payer_signs": _("Người nộp tiền") if came_in else _("Người nhận tiền"),
        "clerk_signs": _("Người thu tiền") if came_in else _("Người chi tiền"),
        "footer": _("Dịch vụ thư viện cơ bản miễn phí (Luật Thư viện 46/2019/QH14, Điều 42)."),
    }


def _entry(request: HttpRequest, entry_id: int) -> Entry:
    entry = entry_with_receipt(entry_id)
    actor = actor_of(request)
    if entry is None or not (may_at(actor, COLLECT, entry.library) or may_at(actor, READ, entry.library)):
        raise Http404
    return entry


def _pdf(entry: Entry, *, narrow: bool) -> HttpResponse:
    name = f"{entry.receipt.shown}.pdf"
    return HttpResponse(
        receipt_pdf(paper_of(entry), narrow=narrow),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@requires(READ)
@require_GET
@never_cache
def receipt(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A receipt, printed by the browser on a roll, or as PDF (`?dang=pdf`, `?dang=a5`)."""
    entry = _entry(request, entry_id)
    form = request.GET.get("dang", "")
    if form in ("pdf", "a5"):
        return _pdf(entry, narrow=form == "pdf")
    reader = patrons_by_id([entry.patron_id or 0]).get(entry.patron_id or 0)
    return render(request, "fees/receipt.html", {"entry": entry, "paper": paper_of(entry), "reader": reader})


@signed_in
@require_GET
@never_cache
def own_receipt(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The reader's own receipt as PDF; there is nothing else to find here."""
    entry, me = entry_with_receipt(entry_id), own_patron(actor_of(request))
    if entry is None or me is None or entry.patron_id != me:
        raise Http404
    return _pdf(entry, narrow=False)


def transfer_of(asked: Demand) -> Transfer | None:
    """The transfer that a demand asks for; None where the library has no account."""
    bank = bank_account_of(asked.library_id)
    if bank is None:
        return None
    return Transfer(bank.bin, bank.number, asked.amount, reference(ids.encode(asked.pk)))


@signed_in
@require_GET
@never_cache
def vietqr(request: HttpRequest, public: str) -> HttpResponse:
    """The QR code of a demand, for the desk of its library and for its reader."""
    actor, number = actor_of(request), ids.decode(public)
    asked = demand_by_id(number) if number is not None else None
    if asked is None or not (may_at(actor, COLLECT, asked.library) or own_patron(actor) == asked.patron_id):
        raise Http404
    transfer = transfer_of(asked)
    if transfer is None:
        raise Http404
    label = _("VietQR: %(amount)s, nội dung %(note)s") % {"amount": money(transfer.amount), "note": transfer.note}
    return HttpResponse(qr_svg(payload(transfer), label=label), content_type="image/svg+xml")
