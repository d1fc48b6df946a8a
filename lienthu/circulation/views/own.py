"""The reader's own part: what I have, what I wait for."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.circulation import actions
from lienthu.circulation.access import acts_for, audit_ward, get_hold, own_patron, wards
from lienthu.circulation.actions import Refused
from lienthu.circulation.forms import FreezeForm
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.queries import LoanLine, holds_of, open_loans, past_loans
from lienthu.circulation.queries.readers import summaries
from lienthu.circulation.wording import next_step, reason_sentence, rule_sentence
from lienthu.identity.access import Actor, actor_of, signed_in
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import library_code
from lienthu.patrons.queries import Ward

_REASONS = "circulation_reasons"


@signed_in
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Open loans and requests; the refusals of the last try stand beside what they concern."""
    actor = actor_of(request)
    patron_id = own_patron(actor)
    if patron_id is None:
        return render(request, "circulation/own.html", {"reader": None})
    summary = summaries([patron_id]).get(patron_id)
    past = past_loans(patron_id) if summary and summary.keep_history else []
    return _page(request, patron_id, {"reader": summary, "past": past, "wards": wards(actor)})


@signed_in
@require_GET
@never_cache
def ward(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same of a child for whom I answer; what it had before is its own affair."""
    actor = actor_of(request)
    of_mine = wards(actor)
    patron_id = _of(of_mine, public_id)
    summary = summaries([patron_id])[patron_id]
    audit_ward(actor, patron_id, library_code(summary.home_library_id))
    return _page(request, patron_id, {"reader": summary, "past": [], "wards": of_mine, "ward": summary})


def _of(of_mine: list[Ward], public_id: str) -> int:
    """The number of one of my children; for any other reader nothing is here."""
    for one in of_mine:
        if one.public_id == public_id:
            return one.patron_id
    raise Http404


def _page(request: HttpRequest, patron_id: int, context: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    refused = request.session.pop(_REASONS, {})
    lines = [(line, line.overdue(now), refused.get(str(line.loan.pk), [])) for line in open_loans(patron_id)]
    tomorrow = clock.today() + timedelta(days=1)
    more = {"loans": lines, "holds": holds_of(patron_id), "tomorrow": tomorrow}
    return render(request, "circulation/own.html", {**context, **more})


def _back(actor: Actor, patron_id: int | None) -> HttpResponse:
    """To the page of the reader concerned: my own or that of a child."""
    if patron_id is None or patron_id == own_patron(actor):
        return redirect("circulation:own")
    return redirect("circulation:own_ward", ids.encode(patron_id))


@signed_in
@require_POST
@never_cache
def renew(request: HttpRequest) -> HttpResponse:
    """Renew one loan, or all that can be, of mine or of one of my children."""
    actor = actor_of(request)
    child = request.POST.get("reader", "")
    patron_id = _of(wards(actor), child) if child else own_patron(actor)
    if patron_id is None:
        raise Http404
    wanted = request.POST.get("loan", "")
    lines = open_loans(patron_id)
    if wanted:
        lines = [line for line in lines if str(line.loan.pk) == wanted]
        if not lines:
            raise Http404
    _renew(request, lines)
    return _back(actor, patron_id)


def _renew(request: HttpRequest, lines: list[LoanLine]) -> None:
    done, refused = 0, {}
    for line in lines:
        try:
            actions.renew(actor=actor_of(request), loan_id=line.loan.pk, channel="WEB")
            done += 1
        except Refused as refusal:
            refused[str(line.loan.pk)] = [
                {
                    "text": reason_sentence(reason),
                    "next": next_step(reason),
                    "rule": rule_sentence(reason.rule) if reason.rule is not None else "",
                }
                for reason in refusal.reasons
            ]
        except Loan.DoesNotExist:
            continue
    if done:
        text = ngettext("Đã gia hạn %(count)d tài liệu.", "Đã gia hạn %(count)d tài liệu.", done)
        messages.success(request, text % {"count": done})
    if refused:
        request.session[_REASONS] = refused
        messages.warning(request, _("Có tài liệu không gia hạn được; lý do ghi bên cạnh từng tài liệu."))


def _own_hold(request: HttpRequest, hold_id: int) -> Hold:
    """An open request of mine or of my child; for others, even if I am of the desk, nothing is here."""
    actor = actor_of(request)
    try:
        hold = get_hold(actor, hold_id)
    except (Hold.DoesNotExist, NotAllowed):
        raise Http404 from None
    if hold.patron_id is None or not acts_for(actor, hold.patron_id):
        raise Http404
    return hold


@signed_in
@require_POST
@never_cache
def freeze(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Let others go first until a day, or wait on as before."""
    hold = _own_hold(request, hold_id)
    form = FreezeForm(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else None
    if form.errors or (until is not None and until <= clock.today()):
        messages.warning(request, _("Chọn một ngày sau hôm nay."))
        return _back(actor_of(request), hold.patron_id)
    try:
        actions.freeze_hold(actor=actor_of(request), hold_id=hold.pk, until=until)
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
    else:
        done = _("Đã tạm dừng; chỗ của bạn trong hàng vẫn giữ.") if until else _("Bạn lại đang chờ như trước.")
        messages.success(request, done)
    return _back(actor_of(request), hold.patron_id)


@signed_in
@require_POST
@never_cache
def cancel(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Take my request back."""
    actor, hold = actor_of(request), _own_hold(request, hold_id)
    try:
        actions.cancel_hold(actor=actor, hold_id=hold.pk)
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
    else:
        messages.success(request, _("Đã hủy lượt đặt mượn."))
    return _back(actor_of(request), hold.patron_id)
