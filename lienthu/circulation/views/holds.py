"""Placing a request: by the reader who is signed in, or at the desk for the reader before it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import UnionRecord, find_union_record
from lienthu.catalogue.queries.items import copies_of_clusters
from lienthu.circulation import actions
from lienthu.circulation.access import LEND, desk_libraries, own_patron
from lienthu.circulation.actions import Refused, Wish
from lienthu.circulation.actions.holds import SERVING
from lienthu.circulation.forms import HoldForm
from lienthu.circulation.models import Hold
from lienthu.circulation.policy import Reason
from lienthu.circulation.queries import waiting_count
from lienthu.circulation.queries.readers import summaries
from lienthu.circulation.queries.targets import target_library
from lienthu.circulation.views.session import load, new_key
from lienthu.circulation.wording import next_step, reason_sentence, rule_sentence
from lienthu.identity.access import Actor, actor_of, may_anywhere, signed_in
from lienthu.kernel import ids
from lienthu.libraries.queries import libraries, public_libraries


def record_of(request: HttpRequest, public: str) -> UnionRecord:
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


def _copies(record: UnionRecord) -> list[tuple[str, str]]:
    """The copies that one may ask for, as choices."""
    names = libraries().in_bulk()
    return [
        (str(copy.item_id), " · ".join((copy.accession_number, names[copy.library_id].name_vi)))
        for copy in copies_of_clusters([record.id])
        if copy.visibility == "PUBLIC" and copy.status in SERVING
    ]


def _say_placed(request: HttpRequest, record: UnionRecord, hold: Hold) -> None:
    messages.success(request, _("Đã đặt mượn: %(title)s.") % {"title": record.full_title})
    asked = target_library(hold.pk)
    if asked is not None:
        text = _("Có sẵn tại %(library)s; thư viện sẽ lấy cho bạn.") % {"library": asked.name_vi}
        messages.info(request, text)


def shown(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    """Reasons as the notice of a refusal shows them."""
    return [
        {
            "text": reason_sentence(one),
            "next": next_step(one),
            "rule": rule_sentence(one.rule) if one.rule is not None else "",
        }
        for one in reasons
    ]


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def place(request: HttpRequest, public: str) -> HttpResponse:
    """Ask where to pick up, then put the reader into the queue."""
    record, actor = record_of(request, public), actor_of(request)
    patron_id, at_desk = _for_whom(request, actor)
    reader = summaries([patron_id]).get(patron_id) if patron_id else None
    places = desk_libraries(actor) if at_desk else public_libraries()
    start: dict[str, Any] = {"key": new_key(), "library": load(request).library_id or None}
    if reader is not None and not at_desk:
        start["library"] = reader.home_library_id
    start["copy"] = request.GET.get("ban", "")
    form = HoldForm(
        request.POST or None,
        places=places,
        has_work=record.work_id is not None,
        copies=_copies(record),
        initial=start,
    )
    reasons: list[dict[str, str]] = []
    if request.method == "POST" and reader is not None and form.is_valid():
        given = form.cleaned_data
        try:
            hold = actions.place_hold(
                actor=actor,
                patron_id=reader.id,
                wish=Wish(record.id, given.get("level") or "EDITION", int(given.get("copy") or 0) or None),
                pickup_library_id=given["library"].pk,
                expires_on=given["expires_on"],
                channel="DESK" if at_desk else "WEB",
                request_key=f"hold-{actor.account_id}-{given['key']}" if given["key"] else "",
            )
        except Refused as refusal:
            reasons = shown(refusal.reasons)
        else:
            _say_placed(request, record, hold)
            return redirect("circulation:desk" if at_desk else "circulation:own")
    context = {
        "record": record,
        "reader": reader,
        "at_desk": at_desk,
        "form": form,
        "waiting": waiting_count(record.id),
        "reasons": reasons,
        "group_url": reverse("circulation:place_group", args=[public]) if may_anywhere(actor, LEND) else "",
    }
    return render(request, "circulation/place_hold.html", context, status=422 if reasons or form.errors else 200)
