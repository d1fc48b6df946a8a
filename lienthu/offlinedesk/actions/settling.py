"""What people do with conflicts, and what is forgotten."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, system_actor
from lienthu.kernel import clock
from lienthu.offlinedesk.access import require_enrol
from lienthu.offlinedesk.models import CONFLICTS, OPEN_CONFLICTS, Event, EventState, Received

# The readers' names of past loans are forgotten on return; the log that names their cards follows after this time.
KEEP_DAYS = 90


def settle(*, actor: Actor, event: Event, note: str = "") -> None:
    """A person has seen to this; once. Raises Refused."""
    require_enrol(actor, event.device.library)
    with writing(actor) as w:
        open_one = Event.objects.filter(pk=event.pk, state__in=CONFLICTS, settled_at=None)
        note = " ".join(note.replace("\x00", "").split())[:300]
        if not open_one.update(settled_at=clock.now(), settled_by=actor.name, settled_note=note):
            w.nothing_changed()
            return
        w.audit(
            "offlinedesk.settled",
            target=("offline_event", f"{event.device.public_id}-{event.number}"),
            at=event.device.library.code,
            details={"copy": event.copy},
        )


def note_downloaded(*, actor: Actor, received: Received) -> None:
    """Note that somebody took the raw log, which names cards. Raises Refused."""
    require_enrol(actor, received.device.library)
    with writing(actor) as w:
        w.audit(
            "offlinedesk.downloaded",
            target=("device", received.device.public_id),
            at=received.device.library.code,
            details={"sha256": received.digest},
        )


def forget_old() -> int:
    """Forget card numbers and raw logs that are old and wait for nobody; return how many logs."""
    before = clock.now() - timedelta(days=KEEP_DAYS)
    waiting = Event.objects.filter(received=OuterRef("pk")).filter(
        state__in=[EventState.PENDING, *OPEN_CONFLICTS], settled_at=None
    )
    with writing(system_actor("offlinedesk")) as w:
        old = Received.objects.filter(at__lt=before, body_sealed__isnull=False).exclude(Exists(waiting))
        ids = list(old.values_list("pk", flat=True)[:5_000])
        if not ids:
            w.nothing_changed()
            return 0
        Event.objects.filter(received__in=ids).update(card="")
        Received.objects.filter(pk__in=ids).update(body_sealed=None)
        w.audit("offlinedesk.forgotten", target=("offline_log", len(ids)), details={"logs": len(ids)})
    return len(ids)
