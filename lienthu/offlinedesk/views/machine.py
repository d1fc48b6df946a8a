"""What devices call: signed by the device, without session or cookie. JSON in and out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lienthu.kernel import clock
from lienthu.offlinedesk.access import NotGenuine, actor_behind, challenge_for, device_of_request, is_live
from lienthu.offlinedesk.actions import note_copied, receive, replay
from lienthu.offlinedesk.models import Device, Event, EventState, Received
from lienthu.offlinedesk.queries.copying import parts_for
from lienthu.offlinedesk.wording import sentences

MOST_PARTS = 400
MOST_OUTCOMES = 200
REPLAY_SECONDS = 8.0

Signed = Callable[[HttpRequest, Device, bytes], JsonResponse]


def _problem(status: int, code: str, text: str) -> JsonResponse:
    """A problem document (RFC 9457)."""
    return JsonResponse(
        {"status": status, "title": text, "code": code}, status=status, content_type="application/problem+json"
    )


def _signed(view: Signed) -> Callable[..., JsonResponse]:
    """Only what the device itself signed; its key is the permission, and access.actor_behind says in whose name."""

    @csrf_exempt
    @require_POST
    @never_cache
    @wraps(view)
    def answered(request: HttpRequest) -> JsonResponse:
        try:
            body = request.body
        except (RequestDataTooBig, RawPostDataException):
            return _problem(413, "TOO_LARGE", _("Nhật ký gửi một lần quá lớn; máy sẽ gửi từng phần."))
        try:
            device = device_of_request(
                device_id=request.headers.get("X-Lienthu-Device", ""),
                challenge=request.headers.get("X-Lienthu-Challenge", ""),
                signature=request.headers.get("X-Lienthu-Signature", ""),
                what=request.path,
                body=body,
            )
        except NotGenuine as why:
            return _problem(401, why.code, _("Yêu cầu không do máy đã ghi danh ký."))
        return view(request, device, body)

    return answered


@csrf_exempt
@require_POST
@never_cache
def hello(request: HttpRequest) -> JsonResponse:
    """The server's clock, and what the device signs along; whether it is known is only said to who signs."""
    given = _json(request.body[:2_000])
    name = str(given.get("device", ""))[:40]
    return JsonResponse({"now": clock.now().isoformat(), "challenge": challenge_for(name)})


@_signed
def copy(request: HttpRequest, device: Device, body: bytes) -> JsonResponse:
    """The parts of the copy that the device does not have as they are now."""
    if not is_live(device):
        return JsonResponse({"state": _state(device)})
    actor = actor_behind(device)
    if actor is None:
        return JsonResponse({"state": "NO_PERSON"})
    have = _json(body).get("have")
    known = have if isinstance(have, dict) else {}
    parts = parts_for(device)
    changed = [part for part in parts if known.get(part.name) != part.digest]
    note_copied(actor=actor, device=device, cards=sum(part.name.startswith("cards-") for part in changed))
    return JsonResponse(
        {
            "state": "LIVE",
            "now": clock.now().isoformat(),
            "days": device.copy_days,
            "until": device.until.isoformat(),
            "library": device.library.name_vi,
            "name": device.name,
            "parts": {part.name: {"digest": part.digest, "text": part.text} for part in changed},
            "all": [part.name for part in parts],
            "last": device.last_number,
        }
    )


@_signed
def log(request: HttpRequest, device: Device, body: bytes) -> JsonResponse:
    """Take the log, do what is new, and say what came of it. A revoked device's events wait for a person."""
    received = receive(device=device, body=body)
    device.refresh_from_db()
    return JsonResponse(_outcome(device, received=received, after=max(0, received.first_number - 1)))


@_signed
def outcomes(request: HttpRequest, device: Device, body: bytes) -> JsonResponse:
    """What came of the events after a number; goes on with what is pending."""
    after = _json(body).get("after")
    return JsonResponse(_outcome(device, received=None, after=after if isinstance(after, int) else 0))


def _outcome(device: Device, *, received: Received | None, after: int) -> dict[str, Any]:
    actor = actor_behind(device)
    if actor is not None:
        replay(device=device, actor=actor, seconds=REPLAY_SECONDS)
    known = Event.objects.filter(device=device)
    told = known.filter(number__gt=after).exclude(state=EventState.PENDING).order_by("number")[:MOST_OUTCOMES]
    return {
        "state": _state(device) if not is_live(device) else "LIVE" if actor else "NO_PERSON",
        "now": clock.now().isoformat(),
        "last": device.last_number,
        "head": bytes(device.head).hex(),
        "pending": known.filter(state=EventState.PENDING).count(),
        "problem": {"code": received.problem, "at": received.problem_at} if received and received.problem else None,
        "events": [_told(event) for event in told],
    }


def _told(event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "state": event.state,
        "label": str(EventState(event.state).label),
        "copy": event.copy,
        "title": event.title,
        "due": event.due_on.isoformat() if event.due_on else "",
        "notices": [{"text": one.text, "then": one.then} for one in sentences(event)],
    }


def _state(device: Device) -> str:
    return "REVOKED" if device.revoked_at is not None else "EXPIRED" if not is_live(device) else "LIVE"


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
