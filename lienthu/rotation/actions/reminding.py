"""Sets whose day of return comes near or has passed: the librarians of both libraries are told, each day once."""

from collections.abc import Callable

from lienthu.audit.actions import writing
from lienthu.identity.access import system_actor
from lienthu.kernel import clock
from lienthu.rotation.actions.frame import note
from lienthu.rotation.models import RotationSet, State
from lienthu.rotation.policy import reminder_of

Send = Callable[[RotationSet], None]


def remind_of_sets(send: Send) -> int:
    """Tell of each set that is to be told of today; how many. What was told is noted before it is sent: never twice."""
    today, told = clock.today(), 0
    waiting = RotationSet.objects.filter(state__in=[State.SENT, State.THERE]).order_by("pk")
    for set_id, due in list(waiting.values_list("pk", "due_on")):
        day = reminder_of(due=due, today=today)
        if day is None or not _claim(set_id, day):
            continue
        send(RotationSet.objects.select_related("owner", "host").get(pk=set_id))
        told += 1
    return told


def _claim(set_id: int, day: object) -> bool:
    with writing(system_actor("rotation")) as w:
        one = RotationSet.objects.select_for_update(of=("self",)).select_related("owner").get(pk=set_id)
        if one.told_for == day or one.state not in (State.SENT, State.THERE):
            w.nothing_changed()
            return False
        one.told_for = day
        one.save(update_fields=["told_for"])
        note(w, one, "reminded", at=clock.now())
        return True
