"""Sets whose day of return comes near or has passed: the managers of both libraries are written to, each day once."""

from datetime import date

from lienthu.audit.actions import writing
from lienthu.identity.access import actor_by_id, may, system_actor
from lienthu.identity.queries import Account, AccountFilter, find_accounts
from lienthu.kernel import clock
from lienthu.rotation.access import MANAGE
from lienthu.rotation.actions.frame import note
from lienthu.rotation.models import Letter, RotationSet, State
from lienthu.rotation.policy import reminder_of

MANAGER = "LIBRARY_MANAGER"


def remind_of_sets() -> int:
    """Lay letters ready for each set that is to be told of today; how many sets. Doing it again adds nothing."""
    today, told = clock.today(), 0
    waiting = RotationSet.objects.filter(state__in=[State.SENT, State.THERE]).order_by("pk")
    for set_id, due in list(waiting.values_list("pk", "due_on")):
        day = reminder_of(due=due, today=today)
        told += day is not None and _remind(set_id, day)
    return told


def people_to_remind(one: RotationSet) -> set[int]:
    """Accounts of those who look after the set today: the managers of both libraries, and who made it up and received
    it as long as they may still do so."""
    places = {one.owner_id: one.owner.scope, one.host_id: one.host.scope}
    people = {
        number
        for place in places.values()
        for number in find_accounts(
            AccountFilter(role=MANAGER, scope=place, state="active"), among=Account.objects.all()
        ).values_list("pk", flat=True)
    }
    for number, place in ((one.made_by, one.owner.scope), (one.received_by, one.host.scope)):
        if number and may(actor_by_id(number), MANAGE, place):
            people.add(number)
    return people


def _remind(set_id: int, day: date) -> bool:
    with writing(system_actor("rotation")) as w:
        sets = RotationSet.objects.select_for_update(of=("self",)).select_related("owner__scope", "host__scope")
        one = sets.get(pk=set_id)
        if one.told_for == day or one.state not in (State.SENT, State.THERE):
            w.nothing_changed()
            return False
        one.told_for = day
        one.save(update_fields=["told_for"])
        now = clock.now()
        Letter.objects.bulk_create(
            [Letter(set=one, day=day, account_id=number, due_at=now) for number in sorted(people_to_remind(one))],
            ignore_conflicts=True,
        )
        note(w, one, "reminded", at=now)
        return True
