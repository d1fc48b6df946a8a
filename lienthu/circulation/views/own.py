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
from lienthu.circulation.access import get_hold, own_patron
from lienthu.circulation.actions import Refused
from lienthu.circulation.forms import FreezeForm
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.queries import LoanLine, holds_of, open_loans, past_loans
from lienthu.circulation.queries.readers import summaries
from lienthu.circulation.wording import next_step, reason_sentence, rule_sentence
from lienthu.identity.access import Refused as NotAllowed
from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel import clock

_REASONS = "circulation_reasons"


@signed_in
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Open loans and requests; the refusals of the last try stand beside what they concern."""
    patron_id = own_patron(actor_of(request))
    context: dict[str, Any] = {"reader": None}
    if patron_id is not None:
        now = clock.now()
        refused = request.session.pop(_REASONS, {})
        summary = summaries([patron_id]).get(patron_id)
        context = {
            "reader": summary,
            "loans": [(line, line.overdue(now), refused.get(str(line.loan.pk), [])) for line in open_loans(patron_id)],
            "holds": holds_of(patron_id),
            "tomorrow": clock.today() + timedelta(days=1),
            "past": past_loans(patron_id) if summary and summary.keep_history else [],
        }
    return render(request, "circulation/own.html", context)


@signed_in
@require_POST
@never_cache
def renew(request: HttpRequest) -> HttpResponse:
    """Renew one loan, or all that can be."""
    actor = actor_of(request)
    patron_id = own_patron(actor)
    if patron_id is None:
        raise Http404
    wanted = request.POST.get("loan", "")
    lines = open_loans(patron_id)
    if wanted:
        lines = [line for line in lines if str(line.loan.pk) == wanted]
        if not lines:
            raise Http404
    _renew(request, lines)
    return redirect("circulation:own")


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
    """My own open request; for others, even if I am of the desk, nothing is here."""
    actor = actor_of(request)
    try:
        hold = get_hold(actor, hold_id)
    except (Hold.DoesNotExist, NotAllowed):
        raise Http404 from None
    if hold.patron_id != own_patron(actor):
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
        return redirect("circulation:own")
    try:
        actions.freeze_hold(actor=actor_of(request), hold_id=hold.pk, until=until)
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
    else:
        done = _("Đã tạm dừng; chỗ của bạn trong hàng vẫn giữ.") if until else _("Bạn lại đang chờ như trước.")
        messages.success(request, done)
    return redirect("circulation:own")


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
    return redirect("circulation:own")
