"""Readers who look the same: the list with reasons, making two one, parting them, and finding them different."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lienthu.audit.actions import writing
from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import libraries
from lienthu.patrons.access import EDIT, merge_to_undo, patron_to_change
from lienthu.patrons.actions import CannotMerge, CannotPart, found_different, merge, undo_merge
from lienthu.patrons.duplicates import SHOWN, likely_pairs
from lienthu.patrons.forms import MergeForm
from lienthu.patrons.models import Patron
from lienthu.patrons.queries import patron_of_card
from lienthu.patrons.views.frame import found_or_404, patron_crumbs
from lienthu.patrons.views.one import show


@requires(EDIT)
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs among the readers of one's libraries, with what speaks for it."""
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, EDIT)).values_list("pk", flat=True)
    pairs = likely_pairs(own)
    with writing(actor) as w:
        w.audit("patrons.listed", target=("patron", "*"), details={"rows": 2 * len(pairs), "list": "duplicates"})
    context = {"pairs": pairs, "shown": SHOWN, "crumbs": patron_crumbs((_("Bạn đọc nghi trùng"), ""))}
    return render(request, "patrons/duplicates.html", context)


@requires(EDIT)
@require_POST
def merge_by_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the page of a reader: another record, named by its card, becomes part of this one."""
    actor = actor_of(request)
    form = MergeForm(request.POST, prefix="merge")
    with found_or_404():
        winner = patron_to_change(actor, public_id)
        if form.is_valid():
            held = patron_of_card(form.cleaned_data["number"])
            if held is None:
                form.add_error("number", _("Không có thẻ nào mang số này."))
            elif held.patron_id == winner.pk:
                form.add_error("number", _("Đây là thẻ của chính bạn đọc này."))
            else:
                loser = patron_to_change(actor, held.patron.public_id)
                return _merged(request, loser, winner, form.cleaned_data["reason"])
    return show(request, winner, status=422, merge_form=form)


@requires(EDIT)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """From the list: the two are one (`keep` stays), or two people."""
    actor = actor_of(request)
    with found_or_404():
        keep = patron_to_change(actor, request.POST.get("keep", ""))
        other = patron_to_change(actor, request.POST.get("other", ""))
    if keep.pk == other.pk:
        raise Http404
    if "different" in request.POST:
        found_different(actor=actor, first=keep, second=other)
        messages.success(request, _("Đã ghi nhận: hai người khác nhau."))
        return redirect("patrons:duplicates")
    return _merged(request, other, keep, _("Chọn trong danh sách nghi trùng"))


def _merged(request: HttpRequest, loser: Patron, winner: Patron, reason: str) -> HttpResponse:
    try:
        merge(actor=actor_of(request), loser=loser, winner=winner, reason=reason)
    except CannotMerge as refusal:
        why = " ".join(refusal.sentences) or _("Một trong hai hồ sơ không còn dùng.")
        messages.warning(request, _("Chưa gộp được. %(why)s") % {"why": why})
    else:
        messages.success(request, _("Đã gộp. Mọi số thẻ của cả hai dẫn đến hồ sơ này; có thể bỏ gộp bên dưới."))
    return redirect("patrons:patron", ids.encode(winner.pk))


@requires(EDIT)
@require_POST
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Part two readers again."""
    actor = actor_of(request)
    with found_or_404():
        made = merge_to_undo(actor, merge_id)
    try:
        undo_merge(actor=actor, made=made)
    except CannotPart:
        messages.warning(request, _("Lần gộp này đã được bỏ, hoặc hồ sơ đã gộp tiếp vào hồ sơ khác: bỏ lần sau trước."))
    else:
        messages.success(request, _("Đã bỏ gộp: mỗi hồ sơ trở lại như trước."))
    return redirect(reverse("patrons:patron", args=[ids.encode(made.loser_id)]))
