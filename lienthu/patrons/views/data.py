"""What is kept of a reader and what they agreed to: on their own page, and at the desk."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, may, requires, signed_in
from lienthu.kernel import ids
from lienthu.patrons.access import EDIT, READ, get_patron, own_patron, patron_to_change
from lienthu.patrons.actions import OpenMatters, as_json, erase, export, record_consent
from lienthu.patrons.actions.erasing import open_matters
from lienthu.patrons.models import Consent, Patron, Purpose
from lienthu.patrons.views.frame import found_or_404, patron_crumbs
from lienthu.web.tags.filters import vn_date, vn_datetime, vn_number

_REVOCABLE = (Purpose.HISTORY, Purpose.NEWS)


def _consent_context(patron: Patron) -> dict[str, Any]:
    log = list(Consent.objects.filter(patron=patron).order_by("-id"))
    latest: dict[str, Consent] = {}
    for one in log:
        latest.setdefault(one.purpose, one)
    standing = [(purpose, latest.get(purpose), purpose in _REVOCABLE) for purpose in map(Purpose, Purpose.values)]
    return {
        "patron": patron,
        "log": log,
        "standing": [one for one in standing if one[1] or one[2]],
        "hindrances": open_matters(patron),
    }


def _answered(request: HttpRequest, patron: Patron, *, how: str) -> None:
    purpose = request.POST.get("purpose", "")
    if purpose not in _REVOCABLE:
        raise Http404
    given = request.POST.get("given") == "1"
    by = "GUARDIAN" if how == "DESK" and request.POST.get("by") == "GUARDIAN" else "SELF"
    record_consent(actor=actor_of(request), patron=patron, purpose=purpose, given=given, by=by, how=how)
    messages.success(request, _("Đã ghi sự đồng ý.") if given else _("Đã rút lại sự đồng ý."))


def _own(request: HttpRequest) -> Patron:
    patron = own_patron(actor_of(request))
    if patron is None:
        raise Http404
    return patron


def _file(request: HttpRequest, patron: Patron, kind: str) -> HttpResponse:
    sections = export(actor=actor_of(request), patron=patron)
    name = f"du-lieu-{ids.encode(patron.pk)}"
    if kind == "json":
        answer: HttpResponse = JsonResponse(as_json(sections), json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return answer
    shown = [(one, [[_shown(value) for value in row] for row in one.rows]) for one in sections]
    return render(request, "patrons/export.html", {"sections": shown, "patron": patron})


def _shown(value: Any) -> Any:
    """A day or a moment as people read it, a number with its points."""
    if isinstance(value, datetime):
        return vn_datetime(value)
    if isinstance(value, date):
        return vn_date(value)
    if isinstance(value, int):
        return vn_number(value)
    return "" if value is None else value


@signed_in
@require_GET
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """What I agreed to, my data to take along, and the way to be forgotten."""
    patron = own_patron(actor_of(request))
    return render(request, "patrons/own_data.html", _consent_context(patron) if patron else {"patron": None})


@signed_in
@require_POST
def own_consent(request: HttpRequest) -> HttpResponse:
    """Give or take back one consent."""
    _answered(request, _own(request), how="WEB")
    return redirect("patrons:own_data")


@signed_in
@require_GET
@never_cache
def own_export(request: HttpRequest, kind: str) -> HttpResponse:
    """All my data, to read or for machines."""
    return _file(request, _own(request), kind)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def own_erase(request: HttpRequest) -> HttpResponse:
    """Ask, then forget me."""
    patron = _own(request)
    if request.method == "POST" and "sure" in request.POST:
        try:
            erase(actor=actor_of(request), patron=patron)
        except OpenMatters:
            messages.warning(request, _("Chưa xóa được; hãy giải quyết những việc dưới đây trước."))
            return redirect("patrons:own_data")
        if not actor_of(request).is_staff:
            logout(request)
        messages.success(request, _("Đã xóa dữ liệu cá nhân của bạn ở thư viện."))
        return redirect("portal:home")
    context = {"patron": patron, "hindrances": open_matters(patron)}
    return render(request, "patrons/own_erase.html", context)


@requires(READ)
@require_http_methods(["GET", "POST"])
@never_cache
def desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """The log of consents of a reader, with what is given and withdrawn at the desk."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id, permission=EDIT if request.method == "POST" else READ)
        if request.method == "POST":
            _answered(request, patron, how="DESK")
            return redirect("patrons:data", public_id)
        get_patron(actor, public_id)
    crumbs = patron_crumbs((patron.full_name, "."), (_("Dữ liệu và sự đồng ý"), ""))
    may_edit = may(actor, EDIT, patron.home_library.scope)
    return render(request, "patrons/data.html", {**_consent_context(patron), "crumbs": crumbs, "may_edit": may_edit})


@requires(READ)
@require_GET
@never_cache
def desk_export(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """All data of a reader who asked for them at the desk."""
    with found_or_404():
        patron = patron_to_change(actor_of(request), public_id, permission=READ)
    return _file(request, patron, kind)


@requires(EDIT)
@require_POST
def desk_erase(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget a reader who asked for it at the desk."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
    if "sure" not in request.POST:
        messages.warning(request, _("Đánh dấu rằng bạn đọc đã yêu cầu xóa."))
        return redirect("patrons:data", public_id)
    try:
        erase(actor=actor, patron=patron)
    except OpenMatters as refusal:
        messages.warning(request, _("Chưa xóa được. %(why)s") % {"why": " ".join(refusal.sentences)})
        return redirect("patrons:data", public_id)
    messages.success(request, _("Đã xóa dữ liệu cá nhân của bạn đọc này."))
    return redirect("patrons:list")
