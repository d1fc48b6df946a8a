"""The reader's own part: what I have to pay and why, what I paid, how to transfer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.fees import actions
from lienthu.fees.access import own_patron
from lienthu.fees.queries import balance, open_by_library, open_charges
from lienthu.fees.queries.entries import bank_account_of, demand_by_id, entries_of
from lienthu.fees.views.frame import refusals_said
from lienthu.fees.views.papers import transfer_of
from lienthu.fees.wording import because_sentences, kind_name
from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel import ids

SHOWN = 50


@signed_in
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Open charges by library, each with its reason; then everything that was booked."""
    me = own_patron(actor_of(request))
    context: dict[str, Any] = {"has_card": me is not None}
    if me is not None:
        charges = open_charges(me)
        asked = ids.decode(request.GET.get("qr", ""))
        demand = demand_by_id(asked) if asked else None
        demand = demand if demand is not None and demand.patron_id == me and demand.entry_id is None else None
        context |= {
            "balance": balance(me),
            "places": [
                {
                    "library": library,
                    "owed": owed,
                    "bank": bank_account_of(library.pk) is not None,
                    "charges": [
                        (one, kind_name(one.kind), because_sentences(one.because))
                        for one in charges
                        if one.library_id == library.pk
                    ],
                }
                for library, owed in open_by_library(me)
            ],
            "entries": list(entries_of(me)[:SHOWN]),
            "demand": demand,
            "transfer": transfer_of(demand) if demand else None,
            "bank": bank_account_of(demand.library_id) if demand else None,
        }
    return render(request, "fees/own.html", context)


@signed_in
@require_POST
@never_cache
def ask_transfer(request: HttpRequest) -> HttpResponse:
    """A VietQR code for everything that I owe to a library."""
    actor = actor_of(request)
    me = own_patron(actor)
    wanted = request.POST.get("library", "")
    places = {str(library.pk): (library, owed) for library, owed in open_by_library(me)} if me is not None else {}
    if me is None or wanted not in places:
        raise Http404
    library, owed = places[wanted]
    if bank_account_of(library.pk) is None:
        messages.warning(request, _("Thư viện này chưa nhận chuyển khoản; hãy trả tại quầy."))
        return redirect("fees:own")
    with refusals_said(request):
        asked = actions.demand(actor=actor, library=library, patron_id=me, amount=owed, own=True)
        return redirect(f"{reverse('fees:own')}?qr={ids.encode(asked.pk)}#vietqr")
    return redirect("fees:own")
