"""The reader's own part: messages, and how one wants to be told."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel.http import page_number
from lienthu.notices.access import own_notices, own_patron
from lienthu.notices.actions import BadDevice, NoCard, add_device, choose, mark_read, remove_device
from lienthu.notices.models import Channel, Device
from lienthu.notices.policy import CHANNELS, TOPICS, Reach, route
from lienthu.notices.ports import configured, push
from lienthu.notices.queries import devices_of, preferences_of
from lienthu.notices.wording import kind_label, topic_label
from lienthu.patrons.actions import set_language
from lienthu.patrons.queries import Contact, contacts_of

SIZE = 20
_LONGEST_BODY = 8_000


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """What the library has told me, newest first; a button notes all of it as read."""
    actor = actor_of(request)
    patron_id = own_patron(actor)
    if request.method == "POST":
        try:
            mark_read(actor=actor)
        except NoCard:
            raise Http404 from None
        return redirect("notices:inbox")
    context: dict[str, Any] = {"reader": patron_id}
    if patron_id is not None:
        pages = Paginator(own_notices(patron_id), SIZE)
        page = pages.page(page_number(request.GET.get("page"), last=pages.num_pages))
        context |= {
            "page": page,
            "size": SIZE,
            "unread": own_notices(patron_id).filter(read_at=None).count(),
            "lines": [(one, kind_label(one.kind)) for one in page.object_list],
        }
    return render(request, "notices/inbox.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def choices(request: HttpRequest) -> HttpResponse:
    """About what I want to be told, and how; my language; my devices."""
    actor = actor_of(request)
    patron_id = own_patron(actor)
    if request.method == "POST":
        if patron_id is None:
            raise Http404
        wanted = {(topic, channel): f"{topic}-{channel}" in request.POST for topic in TOPICS for channel in _offered()}
        choose(actor=actor, wanted=wanted)
        set_language(actor=actor, patron_id=patron_id, language=request.POST.get("language", "vi"))
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return redirect("notices:choices")
    return render(request, "notices/choices.html", _context(patron_id))


def _offered() -> list[str]:
    ways = configured()
    return [channel for channel in CHANNELS if ways[channel]]


def _context(patron_id: int | None) -> dict[str, Any]:
    contact = contacts_of([patron_id]).get(patron_id) if patron_id is not None else None
    if contact is None:
        return {"reader": None}
    devices = devices_of(contact.patron_id)
    offered = _offered()
    return {
        "reader": contact,
        "channels": [
            (channel, Channel(channel).label, _address(contact, channel, len(devices))) for channel in offered
        ],
        "topics": [
            (topic, topic_label(topic), [(one, Channel(one).label, on[one]) for one in offered])
            for topic, on in _in_force(contact, devices).items()
        ],
        "devices": devices,
        "push_key": push.public_key() if "PUSH" in offered else "",
    }


def _in_force(contact: Contact, devices: list[Device]) -> dict[str, dict[str, bool]]:
    """What holds now: the reader's choice, else what the rule would do."""
    chosen = preferences_of([contact.patron_id])
    ways = configured()
    found = {}
    for topic in TOPICS:
        own = chosen.get((contact.patron_id, topic), {})
        addresses = {"EMAIL": bool(contact.email), "SMS": bool(contact.phone), "PUSH": bool(devices)}
        routed = route(Reach(addresses, ways, own, consented=contact.agreed))
        found[topic] = {one: own.get(one, routed[one] == "") for one in CHANNELS}
    return found


def _address(contact: Contact, channel: str, devices: int) -> str:
    """Where it goes to, covered: somebody may look over the shoulder."""
    if channel == "EMAIL":
        name, _at, domain = contact.email.partition("@")
        return f"{name[:2]}…@{domain}" if domain else _("chưa có địa chỉ")
    if channel == "SMS":
        return f"…{contact.phone[-3:]}" if contact.phone else _("chưa có số")
    return _("%(count)d thiết bị") % {"count": devices}


@signed_in
@require_POST
def device(request: HttpRequest) -> HttpResponse:
    """A browser of the reader subscribes; called by the script of the page."""
    if len(request.body) > _LONGEST_BODY:
        return JsonResponse({"detail": "too large"}, status=413)
    try:
        given = json.loads(request.body)
        keys = given["keys"]
        add_device(
            actor=actor_of(request),
            endpoint=str(given["endpoint"]),
            key=str(keys["p256dh"]),
            secret=str(keys["auth"]),
            name=str(given.get("name", "")),
        )
    except NoCard:
        raise Http404 from None
    except (BadDevice, ValueError, KeyError, TypeError):
        return JsonResponse({"detail": _("Thiết bị này không nhận được thông báo.")}, status=422)
    return JsonResponse({}, status=201)


@signed_in
@require_POST
def drop_device(request: HttpRequest, number: int) -> HttpResponse:
    """A device of mine gets no messages any more."""
    try:
        remove_device(actor=actor_of(request), number=number)
    except (NoCard, Device.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("Thiết bị không nhận thông báo nữa."))
    return redirect("notices:choices")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows push messages; its scope is the reader's part alone."""
    return render(request, "notices/sw.js", content_type="text/javascript; charset=utf-8")
