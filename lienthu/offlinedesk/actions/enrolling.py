"""Enrolling and revoking devices."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library, branches_of
from lienthu.offlinedesk.access import require_enrol
from lienthu.offlinedesk.models import Device
from lienthu.offlinedesk.policy.log import origin
from lienthu.offlinedesk.sealing import seal, unseal

MOST_DAYS = 400
MOST_COPY_DAYS = 30


class NotEnrolled(ValueError):
    """What was asked for cannot be. `code` is NAME, BRANCH or DAYS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new device with its two keys; they are told once, to the device."""

    device: Device
    key: bytes
    recovery: bytes


def enrol(
    *, actor: Actor, library: Library, name: str, branch_id: int | None = None, days: int = 365, copy_days: int = 7
) -> Enrolled:
    """Enrol the browser that asks. Raises identity's Refused and NotEnrolled; events are done in the actor's name."""
    require_enrol(actor, library)
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 100 or actor.account_id is None:
        raise NotEnrolled("NAME")
    if branch_id is not None and branch_id not in {branch.pk for branch in branches_of(library)}:
        raise NotEnrolled("BRANCH")
    if not (1 <= days <= MOST_DAYS and 1 <= copy_days <= MOST_COPY_DAYS):
        raise NotEnrolled("DAYS")
    key, recovery = secrets.token_bytes(32), secrets.token_bytes(32)
    with writing(actor) as w:
        device = Device.objects.create(
            library=library,
            branch_id=branch_id,
            name=name,
            key_sealed=seal(key),
            recovery_sealed=seal(recovery),
            enrolled_by=actor.account_id,
            enrolled_name=actor.name,
            enrolled_at=clock.now(),
            until=clock.today() + timedelta(days=days),
            copy_days=copy_days,
        )
        device.head = origin(device.public_id)
        device.save(update_fields=["head"])
        w.audit("offlinedesk.enrolled", target=("device", device.public_id), at=library.code, details={"name": name})
    return Enrolled(device, key, recovery)


def revoke(*, actor: Actor, device: Device) -> None:
    """Stop a device: it erases its copy when it hears of it; what it still sends waits for a person."""
    require_enrol(actor, device.library)
    with writing(actor) as w:
        changed = Device.objects.filter(pk=device.pk, revoked_at=None).update(
            revoked_at=clock.now(), revoked_by=actor.name
        )
        if not changed:
            w.nothing_changed()
            return
        w.audit("offlinedesk.revoked", target=("device", device.public_id), at=device.library.code)


def recovery_key(*, actor: Actor, device: Device) -> bytes | None:
    """What opens the copy again after five wrong PINs; None when the device was revoked. Raises Refused."""
    require_enrol(actor, device.library)
    if device.revoked_at is not None:
        return None
    with writing(actor) as w:
        w.audit("offlinedesk.unlocked", target=("device", device.public_id), at=device.library.code)
    return unseal(device.recovery_sealed)


def note_copied(*, actor: Actor, device: Device, cards: int) -> None:
    """Note that the device took (parts of) its copy along: personal data left the house."""
    with writing(actor) as w:
        Device.objects.filter(pk=device.pk).update(copied_at=clock.now(), seen_at=clock.now())
        w.audit(
            "offlinedesk.copied",
            target=("device", device.public_id),
            at=device.library.code,
            details={"parts_with_cards": cards},
        )
