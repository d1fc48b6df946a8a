"""The till: whose account, what is owed, money in and out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.fees import actions
from lienthu.fees.access import COLLECT, WAIVE, audit_look, find_readers, may_at, reader_for
from lienthu.fees.forms import ChargeForm, MoveForm, PayForm, ReasonForm
from lienthu.fees.models import Charge
from lienthu.fees.queries import balance, open_by_library, open_charges, prices
from lienthu.fees.queries.entries import (
    bank_account_of,
    cash_in_drawer,
    demand_by_id,
    entries_of,
    open_drawer_of,
)
from lienthu.fees.views.frame import desk_library, frame, key_of, refusals_said
from lienthu.fees.wording import because_sentences, kind_name, money
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.patrons.queries import PatronSummary, patron_of_card

SHOWN = 30


@requires(COLLECT)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """A card leads to its reader at once; a name to a choice."""
    library = desk_library(request)
    words = " ".join(request.GET.get("q", "").split())[:120]
    found: list[PatronSummary] = []
    if words:
        held = patron_of_card(words)
        if held is not None:
            return redirect(f"{reverse('fees:account', args=[held.patron.public_id])}?the={held.card_number}")
        found = find_readers(actor_of(request), words)
    drawer = open_drawer_of(actor_of(request).account_id, library.pk)
    context = frame(request, library, here="index") | {
        "words": words,
        "found": found,
        "drawer": drawer,
        "cash": cash_in_drawer(drawer) if drawer else 0,
    }
    return render(request, "fees/index.html", context)


def _reader(request: HttpRequest, public_id: str) -> PatronSummary:
    found = reader_for(actor_of(request), public_id, card=request.GET.get("the", "") or request.POST.get("card", ""))
    if found is None:
        raise Http404
    return found


@requires(COLLECT)
@require_GET
@never_cache
def account(request: HttpRequest, public_id: str) -> HttpResponse:
    """A reader's account at this library; the look is written into the trail."""
    library, reader = desk_library(request), _reader(request, public_id)
    audit_look(actor_of(request), reader, library)
    return render(request, "fees/account.html", _context(request, library, reader))


def _context(request: HttpRequest, library: Library, reader: PatronSummary, **bound: Any) -> dict[str, Any]:
    actor = actor_of(request)
    stands = balance(reader.id, library_id=library.pk)
    drawer = open_drawer_of(actor.account_id, library.pk)
    methods = [*(["CASH"] if drawer else []), "TRANSFER"]
    methods += [name for name, held in (("DEPOSIT", stands.deposit), ("CREDIT", stands.credit)) if held]
    asked = ids.decode(request.GET.get("qr", ""))
    demanded = demand_by_id(asked) if asked else None
    priced = prices(library.pk, on=clock.today())
    return frame(request, library, here="index") | {
        "reader": reader,
        "card": request.GET.get("the", "") or request.POST.get("card", ""),
        "balance": stands,
        "drawer": drawer,
        "charges": [
            (one, kind_name(one.kind), because_sentences(one.because))
            for one in open_charges(reader.id, library_id=library.pk)
        ],
        "elsewhere": [(place.name_vi, owed) for place, owed in open_by_library(reader.id) if place.pk != library.pk],
        "entries": list(entries_of(reader.id, library_ids=[library.pk])[:SHOWN]),
        "may_waive": may_at(actor, WAIVE, library),
        "bank": bank_account_of(library.pk),
        "demand": demanded if demanded and demanded.library_id == library.pk else None,
        "pay_form": bound.get("pay") or PayForm(methods=methods, initial={"amount": stands.owed or ""}),
        "move_form": bound.get("move") or MoveForm(deposit=stands.deposit, credit=stands.credit, prefix="move"),
        "charge_form": bound.get("charge") or ChargeForm(prices=priced, prefix="charge"),
        "reason_form": ReasonForm(prefix="why"),
    }


@requires(COLLECT)
@require_POST
@never_cache
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """One form of the account."""
    library, reader = desk_library(request), _reader(request, public_id)
    doing = _DOING.get(request.POST.get("do", ""))
    if doing is None:
        raise Http404
    answer: HttpResponse | None = None
    with refusals_said(request):
        answer = doing(request, library, reader)
    return answer or _back(request, reader)


def _back(request: HttpRequest, reader: PatronSummary, more: str = "") -> HttpResponse:
    card = request.POST.get("card", "")
    query = "&".join(filter(None, [f"the={card}" if card.isascii() and card.replace("-", "").isalnum() else "", more]))
    return redirect(reverse("fees:account", args=[reader.public_id]) + (f"?{query}" if query else ""))


def _again(request: HttpRequest, library: Library, reader: PatronSummary, **bound: Any) -> HttpResponse:
    return render(request, "fees/account.html", _context(request, library, reader, **bound), status=422)


def _pay(request: HttpRequest, library: Library, reader: PatronSummary) -> HttpResponse | None:
    form = PayForm(request.POST, methods=["CASH", "TRANSFER", "DEPOSIT", "CREDIT"])
    if not form.is_valid():
        return _again(request, library, reader, pay=form)
    booked = actions.take_payment(
        actor=actor_of(request), library=library, patron_id=reader.id, key=key_of(request, "pay"), **form.cleaned_data
    )
    if not booked.again:
        messages.success(request, _("Đã thu %(amount)s.") % {"amount": money(booked.entry.amount)})
    if hasattr(booked.entry, "receipt"):
        return redirect("fees:receipt", booked.entry.pk)
    return None


def _move(request: HttpRequest, library: Library, reader: PatronSummary) -> HttpResponse | None:
    form = MoveForm(request.POST, deposit=1, credit=1, prefix="move")
    if not form.is_valid():
        return _again(request, library, reader, move=form)
    booked = actions.move_money(
        actor=actor_of(request), library=library, patron_id=reader.id, key=key_of(request, "move"), **form.cleaned_data
    )
    return redirect("fees:receipt", booked.entry.pk)


def _charge(request: HttpRequest, library: Library, reader: PatronSummary) -> HttpResponse | None:
    form = ChargeForm(request.POST, prices=prices(library.pk, on=clock.today()), prefix="charge")
    if not form.is_valid():
        return _again(request, library, reader, charge=form)
    given = {name: form.cleaned_data[name] for name in ("kind", "amount", "what")}
    actions.add_charge(
        actor=actor_of(request), library=library, patron_id=reader.id, key=key_of(request, "charge"), **given
    )
    messages.success(request, _("Đã ghi khoản phải nộp %(amount)s.") % {"amount": money(given["amount"])})
    return None


def _why(request: HttpRequest) -> tuple[int, int | None, str]:
    number = request.POST.get("charge", "") or request.POST.get("entry", "")
    form = ReasonForm(request.POST, prefix="why")
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    if not form.is_valid():
        raise actions.Refused("REASON_NEEDED")
    return int(number), form.cleaned_data["amount"], form.cleaned_data["reason"]


def _waive(request: HttpRequest, library: Library, reader: PatronSummary) -> None:
    charge_id, amount, reason = _why(request)
    still = {one.charge_id: one.open for one in open_charges(reader.id, library_id=library.pk)}
    if charge_id not in still:
        raise Http404
    actions.waive_charge(
        actor=actor_of(request),
        library=library,
        charge_id=charge_id,
        amount=amount or still[charge_id],
        reason=reason,
        key=key_of(request, "waive"),
    )
    messages.success(request, _("Đã miễn."))


def _cancel_charge(request: HttpRequest, library: Library, reader: PatronSummary) -> None:
    charge_id, _amount, reason = _why(request)
    if charge_id not in {one.charge_id for one in open_charges(reader.id, library_id=library.pk)}:
        raise Http404
    try:
        actions.cancel_charge(actor=actor_of(request), library=library, charge_id=charge_id, reason=reason)
    except Charge.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Đã hủy khoản này."))


def _cancel_entry(request: HttpRequest, library: Library, reader: PatronSummary) -> HttpResponse | None:
    entry_id, _amount, reason = _why(request)
    if not entries_of(reader.id, library_ids=[library.pk]).filter(pk=entry_id).exists():
        raise Http404
    booked = actions.cancel_entry(
        actor=actor_of(request), library=library, entry_id=entry_id, reason=reason, key=key_of(request, "cancel")
    )
    messages.success(request, _("Đã hủy bút toán."))
    return redirect("fees:receipt", booked.entry.pk) if hasattr(booked.entry, "receipt") else None


def _qr(request: HttpRequest, library: Library, reader: PatronSummary) -> HttpResponse | None:
    owed = balance(reader.id, library_id=library.pk).owed
    asked = actions.demand(actor=actor_of(request), library=library, patron_id=reader.id, amount=owed)
    return _back(request, reader, f"qr={ids.encode(asked.pk)}#vietqr")


_DOING: dict[str, Callable[[HttpRequest, Library, PatronSummary], HttpResponse | None]] = {
    "pay": _pay,
    "move": _move,
    "charge": _charge,
    "waive": _waive,
    "cancel_charge": _cancel_charge,
    "cancel_entry": _cancel_entry,
    "qr": _qr,
}
