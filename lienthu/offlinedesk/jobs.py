"""Work at fixed times: ids in, one action call."""

from datetime import timedelta

from lienthu.kernel import clock, jobs
from lienthu.offlinedesk.access import actor_behind
from lienthu.offlinedesk.actions import forget_old, replay
from lienthu.offlinedesk.models import Device, Event, EventState


@jobs.task(queue="default", name="offlinedesk.resume")
def resume(timestamp: int | None = None) -> None:
    """Go on with what a killed process left pending; what waits for a person is left alone."""
    before = clock.now() - timedelta(minutes=1)
    waiting = Event.objects.filter(state=EventState.PENDING, received__at__lt=before).values("device_id").distinct()
    for device in Device.objects.filter(pk__in=waiting).select_related("library__scope"):
        actor = actor_behind(device)
        if actor is not None:
            replay(device=device, actor=actor)


@jobs.task(queue="maintenance", name="offlinedesk.forget")
def forget(timestamp: int | None = None) -> None:
    """Forget old card numbers and raw logs."""
    while forget_old():
        pass
