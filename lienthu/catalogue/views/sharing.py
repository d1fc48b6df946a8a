"""How one's libraries take part in the union catalogue; taking all records of one out and bringing them back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.catalogue.access import SHARE
from lienthu.catalogue.actions.merging import NotPossible
from lienthu.catalogue.actions.sharing import restore_library_records, set_sharing, withdraw_library_records
from lienthu.catalogue.forms import SharingForm
from lienthu.catalogue.models import DEFAULT_TRUST, Sharing, Visibility, Withdrawal, WithdrawalState
from lienthu.catalogue.wording import not_possible
from lienthu.identity.access import actor_of, require, requires, scopes_with
from lienthu.kernel.http import page_number
from lienthu.libraries.queries import Library, libraries
from lienthu.web.components import Column, Empty, Row, Table

PAGE = 50


def _library(request: HttpRequest, code: str) -> Library:
    library = libraries().select_related("scope").filter(code=code).first()
    if library is None:
        raise Http404
    require(actor_of(request), SHARE, at=library.scope)
    return library


@requires(SHARE)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The libraries whose sharing one may set."""
    own = libraries().filter(scope__in=scopes_with(actor_of(request), SHARE)).order_by("name_sort", "code")
    total = own.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = list(own[(number - 1) * PAGE : number * PAGE])
    known = {one.library_id: one for one in Sharing.objects.filter(library__in=rows)}
    out = {one.library_id: one for one in Withdrawal.objects.filter(library__in=rows).exclude(state="RESTORED")}
    table = Table(
        caption=_("Các thư viện"),
        caption_hidden=True,
        columns=[
            Column("name", _("Thư viện")),
            Column("visibility", _("Ai thấy")),
            Column("trust", _("Mức tin cậy"), kind="number"),
            Column("state", _("Tình trạng")),
        ],
        rows=[
            Row(
                cells={
                    "name": library.name_vi,
                    "visibility": str(
                        Visibility(known[library.pk].visibility if library.pk in known else "PUBLIC").label
                    ),
                    "trust": known[library.pk].trust if library.pk in known else DEFAULT_TRUST,
                    "state": str(WithdrawalState(out[library.pk].state).label) if library.pk in out else "",
                },
                url=f"{library.code}/",
            )
            for library in rows
        ],
        total=total,
        number=number,
        size=PAGE,
        empty=Empty(_("Bạn chưa phụ trách thư viện nào")),
    )
    return render(request, "catalogue/sharing_list.html", {"table": table})


@requires(SHARE)
@require_http_methods(["GET", "POST"])
@never_cache
def library(request: HttpRequest, code: str) -> HttpResponse:
    """One library: what it shows and how far it is trusted."""
    found = _library(request, code)
    sharing = Sharing.objects.filter(library=found).first()
    initial = {
        "visibility": sharing.visibility if sharing else "PUBLIC",
        "trust": sharing.trust if sharing else DEFAULT_TRUST,
    }
    form = SharingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_sharing(actor=actor_of(request), library=found, **form.cleaned_data)
        messages.success(request, _("Đã lưu. Các biểu ghi liên hợp đang được cập nhật theo."))
        return redirect("catalogue:sharing_library", code)
    withdrawal = Withdrawal.objects.filter(library=found).exclude(state=WithdrawalState.RESTORED).first()
    context = {
        "library": found,
        "form": form,
        "under_way": bool(sharing and sharing.position is not None),
        "withdrawal": withdrawal,
        "state": withdrawal.get_state_display() if withdrawal else "",
        "done": bool(withdrawal and withdrawal.state == WithdrawalState.DONE),
        "records": found.records.filter(status="ACTIVE").count(),
    }
    return render(request, "catalogue/sharing.html", context, status=400 if form.errors else 200)


@requires(SHARE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, then take all records of a library out."""
    found = _library(request, code)
    if request.method == "GET":
        records = found.records.filter(status="ACTIVE").count()
        return render(request, "catalogue/withdraw_library.html", {"library": found, "records": records})
    try:
        withdraw_library_records(actor=actor_of(request), library=found)
    except NotPossible as reason:
        messages.warning(request, not_possible(reason.code))
    else:
        messages.success(request, _("Đang rút toàn bộ biểu ghi. Không có gì bị mất; có thể đưa trở lại."))
    return redirect("catalogue:sharing_library", code)


@requires(SHARE)
@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Bring the records of a library back."""
    found = _library(request, code)
    withdrawal = Withdrawal.objects.select_related("library__scope").filter(library=found, state="DONE").first()
    if withdrawal is None:
        raise Http404
    try:
        restore_library_records(actor=actor_of(request), withdrawal=withdrawal)
    except NotPossible as reason:
        messages.warning(request, not_possible(reason.code))
    else:
        messages.success(request, _("Đang đưa các biểu ghi trở lại."))
    return redirect("catalogue:sharing_library", code)
