"""Taking in what a device sends: kept whole, verified, its new lines noted as events. Nothing is lent here."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256

from django.db import transaction

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, system_actor
from lienthu.kernel import clock
from lienthu.offlinedesk.access import device_key, require_enrol
from lienthu.offlinedesk.models import Device, Event, Received
from lienthu.offlinedesk.policy.clocks import corrected
from lienthu.offlinedesk.policy.log import MOST_ROWS, Line, Reading, Sent, read_log
from lienthu.offlinedesk.sealing import open_file, seal, unseal

_ROWS = 1_000


def receive(*, device: Device, body: bytes) -> Received:
    """Keep a body and note its new events; sent again, it finds them known. Not yet applied: see replaying."""
    return _take(device, body, author=system_actor("offlinedesk"), by="")


def receive_file(*, actor: Actor, device: Device, content: bytes) -> Received | None:
    """The same for a log brought as a file; None when the file is none of this device. Raises Refused."""
    require_enrol(actor, device.library)
    key = device_key(device)
    body = open_file(content, key) if key else None
    return None if body is None else _take(device, body, author=actor, by=actor.name)


def _take(device: Device, body: bytes, *, author: Actor, by: str) -> Received:
    with writing(author) as w:
        locked = Device.objects.select_for_update().get(pk=device.pk)
        now = clock.now()
        reading = read_log(
            body,
            key=device_key(locked) or b"",
            last=locked.last_number,
            head=bytes(locked.head),
            known=_digests(locked),
        )
        before = _same_as_before(locked, body, reading)
        if before is not None:
            w.nothing_changed()
            return before
        received = Received.objects.create(
            device=locked,
            at=now,
            by=by,
            body_sealed=seal(body),
            digest=sha256(body).hexdigest(),
            size=len(body),
            first_number=reading.lines[0].number if reading.lines else 0,
            taken=len(reading.lines),
            known=reading.known,
            problem=reading.problem,
            problem_at=reading.problem_at,
        )
        _note(locked, received, reading, now, sent=None if by else reading.sent)
        w.audit(
            "offlinedesk.received",
            target=("device", locked.public_id),
            at=device.library.code,
            details={
                "taken": len(reading.lines),
                "known": reading.known,
                "problem": reading.problem,
                "sha256": received.digest,
            },
        )
    return received


def _digests(device: Device) -> Callable[[int], bytes | None]:
    """Tells the digests of what a device sent before; they are read when one is asked for, mostly never."""

    @cache
    def recent() -> dict[int, bytes]:
        found = Event.objects.filter(device=device, number__gt=device.last_number - MOST_ROWS)
        return {number: bytes(digest) for number, digest in found.values_list("number", "digest")}

    return lambda number: recent().get(number)


def _same_as_before(device: Device, body: bytes, reading: Reading) -> Received | None:
    """A broken log that is sent again and again is kept once; only the clock in its first row differs."""
    if not reading.problem or reading.lines:
        return None
    last = Received.objects.filter(device=device).order_by("-pk").first()
    kept = unseal(last.body_sealed) if last is not None and last.body_sealed else None
    return last if kept is not None and _rows_of(kept) == _rows_of(body) else None


def _rows_of(body: bytes) -> list[bytes]:
    return [row for row in body.split(b"\n") if not row.startswith(b"#")]


def _note(device: Device, received: Received, reading: Reading, now: datetime, *, sent: Sent | None) -> None:
    """Add the events; none is earlier than the one before it."""
    floor = device.last_at or device.enrolled_at
    events = []
    for line in reading.lines:
        found = corrected(line, received=now, sent=sent, floor=floor)
        floor = found.at
        events.append(_event(device, received, line, at=found.at, doubt=found.doubt))
    with transaction.atomic():
        Event.objects.bulk_create(events, batch_size=_ROWS)
        device.seen_at = now
        if events:
            device.last_number, device.head, device.last_at = events[-1].number, reading.head, floor
        device.save(update_fields=["seen_at", "last_number", "head", "last_at"])


def _event(device: Device, received: Received, line: Line, *, at: datetime, doubt: str) -> Event:
    return Event(
        device=device,
        received=received,
        number=line.number,
        digest=line.digest,
        kind=line.kind,
        card=line.card,
        copy=line.copy,
        device_at=line.at,
        at=at,
        doubt=doubt,
        promised=line.due,
    )
