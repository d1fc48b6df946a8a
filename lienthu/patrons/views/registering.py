"""Registering a reader, and changing what is known of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import libraries
from lienthu.patrons.access import EDIT, Match, get_patron, matches_shown, patron_to_change
from lienthu.patrons.actions import CardTaken, ChangedMeanwhile, LooksTheSame, change, issue_card, register
from lienthu.patrons.forms import PatronForm, RegisterForm
from lienthu.patrons.views.frame import found_or_404, patron_crumbs


@requires(EDIT)
def register_reader(request: HttpRequest) -> HttpResponse:
    """A new reader with a card. Somebody who looks the same is shown first."""
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, EDIT)).order_by("name_vi")
    form = RegisterForm(request.POST or None, own=own, initial={"language": "vi"})
    same: list[Match] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            patron = register(
                actor=actor,
                library=given["library"],
                data=form.data_of_patron,
                consented=given["consented"],
                confirmed_new="confirmed_new" in request.POST,
            )
            card = issue_card(actor=actor, patron=patron, library=given["library"], number=given["number"])
        except LooksTheSame as found:
            same = matches_shown(actor, found.patrons)
        except CardTaken:
            # The reader stands; only the card is missing, and the page of the reader asks for it.
            messages.warning(request, _("Đã đăng ký, nhưng số thẻ này đã có người dùng. Hãy cấp số khác."))
            return redirect("patrons:patron", ids.encode(patron.pk))
        else:
            messages.success(request, _("Đã đăng ký. Số thẻ: %(number)s") % {"number": card.number})
            return redirect("patrons:patron", ids.encode(patron.pk))
    context = {"form": form, "same": same, "crumbs": patron_crumbs((_("Đăng ký bạn đọc"), ""))}
    return render(request, "patrons/register.html", context)


@requires(EDIT)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what is known of a reader."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
        if request.method == "GET":
            get_patron(actor, public_id)  # shows the whole record: a look like any other
    start = {name: getattr(patron, name) for name in PatronForm.base_fields if name != "identity_number"}
    form = PatronForm(request.POST or None, initial=start | {"category": patron.category.code})
    if request.method == "POST" and form.is_valid():
        expected = request.POST.get("revision", "")
        try:
            change(
                actor=actor,
                patron=patron,
                data=form.data_of_patron,
                expected=int(expected) if expected.isdecimal() and len(expected) < 10 else 0,
            )
        except ChangedMeanwhile:
            messages.warning(request, _("Người khác vừa sửa bạn đọc này. Hãy xem lại rồi lưu lần nữa."))
            return redirect("patrons:edit", public_id)
        messages.success(request, _("Đã lưu thông tin bạn đọc."))
        return redirect("patrons:patron", public_id)
    context = {"form": form, "patron": patron, "crumbs": patron_crumbs((patron.full_name, ".."), (_("Sửa"), ""))}
    return render(request, "patrons/edit.html", context)
