"""Prices: published by a library, read by everybody."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.fees import actions
from lienthu.fees.access import PRICE
from lienthu.fees.forms import BankForm, PriceListForm, PriceRows
from lienthu.fees.queries.entries import bank_account_of
from lienthu.fees.queries.prices import price_list, price_lists, priced_libraries, prices
from lienthu.fees.views.frame import desk_library, frame, refusals_said
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.libraries.queries import library_by_code

_FIELDS = ("kind", "name_vi", "name_en", "unit_vi", "unit_en", "amount")


@requires(PRICE)
@require_http_methods(["GET", "POST"])
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Publish the next list, beginning from the present one."""
    library = desk_library(request, PRICE)
    held = prices(library.pk, on=clock.today())
    if request.method == "POST":
        given = request.POST.copy()
        given["row-INITIAL_FORMS"] = "0"  # any row may be left empty, also one that the list before had
        form, rows = PriceListForm(given), PriceRows(given, prefix="row")
        if form.is_valid() and rows.is_valid():
            lines = [
                actions.PriceData(**{name: row.cleaned_data[name] for name in _FIELDS})
                for row in rows
                if row.cleaned_data and row.has_changed()
            ]
            with refusals_said(request):
                actions.publish_prices(actor=actor_of(request), library=library, lines=lines, **form.cleaned_data)
                messages.success(request, _("Đã công bố bảng giá."))
                return redirect("fees:price_desk")
        status = 422
    else:
        form, status = PriceListForm(), 200
        rows = PriceRows(prefix="row", initial=[{name: getattr(one, name) for name in _FIELDS} for one in held])
    bank = bank_account_of(library.pk)
    context = frame(request, library, here="price_desk", permission=PRICE) | {
        "form": form,
        "rows": rows,
        "held": held,
        "lists": list(price_lists(library.pk)[:20]),
        "bank": bank,
        "bank_form": BankForm(initial={"bank": bank.bin, "number": bank.number, "holder": bank.holder} if bank else {}),
    }
    return render(request, "fees/price_desk.html", context, status=status)


@requires(PRICE)
@require_POST
@never_cache
def set_bank(request: HttpRequest) -> HttpResponse:
    """Where transfers to this library go."""
    form = BankForm(request.POST)
    if form.is_valid():
        actions.set_bank_account(actor=actor_of(request), library=desk_library(request, PRICE), **form.cleaned_data)
        messages.success(request, _("Đã đặt tài khoản nhận chuyển khoản."))
    else:
        messages.warning(request, _("Mã ngân hàng gồm 6 chữ số, số tài khoản gồm chữ và số, nhiều nhất 19."))
    return redirect("fees:price_desk")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Which libraries have prices; everywhere else everything is free."""
    return render(request, "fees/prices.html", {"libraries": priced_libraries(on=clock.today())})


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The prices of a library, in the language of the page."""
    library = library_by_code(code)
    if library is None:
        raise Http404
    english = get_language() == "en"
    today = clock.today()
    context = {
        "place": library,
        "list": price_list(library.pk, on=today),
        "coming": price_lists(library.pk).filter(valid_from__gt=today),
        "prices": [
            (one.name_en if english else one.name_vi, one.unit_en if english else one.unit_vi, one.amount)
            for one in prices(library.pk, on=today)
        ],
    }
    return render(request, "fees/prices_of.html", context)
