"""Asking for a card on the net, and what the desk does with the request."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import VISITOR, actor_of, requires
from lienthu.kernel import ids
from lienthu.kernel.squares import square
from lienthu.patrons.access import EDIT, matches_shown, patron_to_change
from lienthu.patrons.actions import CardTaken, LooksTheSame, NotPending, confirm, decline, request_card
from lienthu.patrons.actions.requesting import DAYS_KEPT
from lienthu.patrons.forms import ConfirmForm
from lienthu.patrons.forms_online import RequestForm
from lienthu.patrons.views.frame import found_or_404
from lienthu.patrons.views.one import show

_SENT = "patrons_requested"
_LIMITS = {"request_card": "20/h/ip,500/d/key"}


@require_http_methods(["GET", "POST"])
@never_cache
def request_one(request: HttpRequest) -> HttpResponse:
    """Ask for a card. The answer is the same whether or not the person is known already."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(
            request, app="lienthu.patrons", action="request_card", config=_LIMITS, key="everybody"
        ):
            return render(request, "patrons/request_later.html", status=429)
        patron = request_card(
            actor=VISITOR, library=form.cleaned_data["library"], data=form.data_of_patron, agreed=form.agreed
        )
        request.session[_SENT] = [ids.encode(patron.pk), patron.home_library.name_vi]
        return redirect("patrons:requested")
    return render(request, "patrons/request.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@never_cache
def requested(request: HttpRequest) -> HttpResponse:
    """What to do next: come to the desk with this number."""
    sent = request.session.get(_SENT)
    if not sent:
        return redirect("patrons:request_card")
    number, library = sent
    context = {"number": number, "library": library, "square": square(number), "days": DAYS_KEPT}
    return render(request, "patrons/requested.html", context)


@requires(EDIT)
@require_POST
def confirm_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person is here: a reader with a card."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
    form = ConfirmForm(request.POST, prefix="confirm")
    same = []
    if form.is_valid():
        try:
            card = confirm(actor=actor, patron=patron, **form.cleaned_data)
        except LooksTheSame as found:
            same = matches_shown(actor, found.patrons)
        except CardTaken:
            form.add_error("number", _("Số thẻ này đã có người dùng, hoặc từng có. Hãy dùng số khác."))
        except NotPending:
            messages.warning(request, _("Đăng ký này đã được xử lý."))
            return redirect("patrons:patron", public_id)
        else:
            messages.success(request, _("Đã xác nhận. Số thẻ: %(number)s") % {"number": card.number})
            return redirect("patrons:patron", public_id)
    return show(request, patron, status=422, confirm_form=form, same=same)


@requires(EDIT)
@require_POST
def decline_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """No card for this request; nothing of it is kept."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
    try:
        decline(actor=actor, patron=patron)
    except NotPending:
        messages.warning(request, _("Đăng ký này đã được xử lý."))
        return redirect("patrons:patron", public_id)
    messages.success(request, _("Đã từ chối. Thông tin của đăng ký này đã được xóa."))
    return redirect("patrons:list")
