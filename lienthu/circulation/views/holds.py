"""Placing a request: by the reader who is signed in, or at the desk for the reader before it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import UnionRecord, find_union_record
from lienthu.circulation import actions
from lienthu.circulation.access import LEND, desk_libraries, own_patron
from lienthu.circulation.actions import Refused, Wish
from lienthu.circulation.forms import HoldForm
from lienthu.circulation.queries import waiting_count
from lienthu.circulation.queries.readers import summaries
from lienthu.circulation.views.session import load, new_key
from lienthu.circulation.wording import next_step, reason_sentence, rule_sentence
from lienthu.identity.access import Actor, actor_of, may_anywhere, signed_in
from lienthu.kernel import ids
from lienthu.libraries.queries import public_libraries


def _record(request: HttpRequest, public: str) -> UnionRecord:
    number = ids.decode(public)
    found = find_union_record(number, sight=sight_of(actor_of(request))) if number is not None else None
    if not isinstance(found, UnionRecord):
        raise Http404
    return found


def _for_whom(request: HttpRequest, actor: Actor) -> tuple[int | None, bool]:
    """The reader, and whether a desk asks for them."""
    desk = load(request)
    if desk.patron_id and may_anywhere(actor, LEND):
        return desk.patron_id, True
    return own_patron(actor), False


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def place(request: HttpRequest, public: str) -> HttpResponse:
    """Ask where to pick up, then put the reader into the queue."""
    record, actor = _record(request, public), actor_of(request)
    patron_id, at_desk = _for_whom(request, actor)
    reader = summaries([patron_id]).get(patron_id) if patron_id else None
    places = desk_libraries(actor) if at_desk else public_libraries()
    start: dict[str, Any] = {"key": new_key(), "library": load(request).library_id or None}
    if reader is not None and not at_desk:
        start["library"] = reader.home_library_id
    form = HoldForm(request.POST or None, places=places, has_work=record.work_id is not None, initial=start)
    reasons: list[dict[str, str]] = []
    if request.method == "POST" and reader is not None and form.is_valid():
        given = form.cleaned_data
        try:
            actions.place_hold(
                actor=actor,
                patron_id=reader.id,
                wish=Wish(record.id, given.get("level") or "EDITION"),
                pickup_library_id=given["library"].pk,
                expires_on=given["expires_on"],
                channel="DESK" if at_desk else "WEB",
                request_key=f"hold-{actor.account_id}-{given['key']}" if given["key"] else "",
            )
        except Refused as refusal:
            reasons = [
                {
                    "text": reason_sentence(one),
                    "next": next_step(one),
                    "rule": rule_sentence(one.rule) if one.rule is not None else "",
                }
                for one in refusal.reasons
            ]
        else:
            messages.success(request, _("Đã đặt mượn: %(title)s.") % {"title": record.full_title})
            return redirect("circulation:desk" if at_desk else "circulation:own")
    context = {
        "record": record,
        "reader": reader,
        "at_desk": at_desk,
        "form": form,
        "waiting": waiting_count(record.id),
        "reasons": reasons,
    }
    return render(request, "circulation/place_hold.html", context, status=422 if reasons or form.errors else 200)
