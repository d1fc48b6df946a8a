"""Asking for copies: which library's staff fetch which copy for whom, and what happens when they do not find it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from lienthu.audit.actions import writing
from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.marks import mark
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import refuse
from lienthu.circulation.models import Hold, HoldState
from lienthu.circulation.policy import Action
from lienthu.circulation.policy.targeting import Choice, allocate
from lienthu.circulation.queries.counting import local_day
from lienthu.circulation.queries.custody import keeper_of
from lienthu.circulation.queries.targets import asks_without_target, free_for, release_stale, sent_lately, spots
from lienthu.identity.access import Actor, system_actor
from lienthu.kernel import clock

AT_ONCE = 2_000
_ASK = """
UPDATE circulation_hold h SET target_id = v.item, asked_at = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS v (hold, item)
WHERE h.id = v.hold AND h.state = 'PENDING' AND h.target_id IS NULL
"""


def retarget(*, at: datetime | None = None) -> int:
    """Choose copies for all waiting requests that have none; how many were chosen. For the periodic job."""
    moment = at or clock.now()
    with writing(system_actor("circulation")) as w:
        w.nothing_changed()
        release_stale(today=local_day(moment))
    after, chosen = 0, 0
    places, sent = spots(), dict(sent_lately(now=moment))
    while True:
        with writing(system_actor("circulation")) as w:
            # What is asked of whom changes no reader's right and no copy: the requests tell it themselves.
            w.nothing_changed()
            asks = asks_without_target(after=after, today=local_day(moment), most=AT_ONCE)
            if not asks:
                return chosen
            after = max(ask.hold_id for ask in asks)
            free = free_for(sorted({cluster for ask in asks for cluster in ask.clusters}))
            choices = allocate(asks=asks, free=free, spots=places, sent=sent)
            if _write(choices, moment):
                chosen += len(choices)
                for choice in choices:
                    sent[choice.copy.library_id] = sent.get(choice.copy.library_id, 0) + (choice.score.handover > 0)


def retarget_holds(hold_ids: Sequence[int], *, at: datetime | None = None) -> int:
    """Choose copies for these requests; how many were chosen."""
    moment = at or clock.now()
    with writing(system_actor("circulation")) as w:
        w.nothing_changed()
        return len(target_now(hold_ids, moment=moment))


def target_now(hold_ids: Sequence[int], *, moment: datetime) -> list[Choice]:
    """Choose copies for these requests within the transaction of the caller; what another was quicker to ask for is
    left to the periodic job."""
    asks = asks_without_target(after=0, today=local_day(moment), most=AT_ONCE, holds=hold_ids)
    free = free_for(sorted({cluster for ask in asks for cluster in ask.clusters}))
    if not free:
        return []
    choices = allocate(asks=asks, free=free, spots=spots(), sent=sent_lately(now=moment))
    return choices if _write(choices, moment) else []


def _write(choices: Sequence[Choice], moment: datetime) -> bool:
    """Write the targets; False when one of the copies was asked for at the same moment: the constraint says so."""
    if not choices:
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            numbers = [choice.hold_id for choice in choices]
            cursor.execute(_ASK, [moment, numbers, [choice.copy.item_id for choice in choices]])
    except IntegrityError:
        return False
    return True


def not_found(*, actor: Actor, hold_id: int, at: datetime | None = None) -> Hold:
    """The copy is not on its shelf: it is marked missing, and another copy is asked for. Raises Hold.DoesNotExist,
    both Refused."""
    moment = at or clock.now()
    found = Hold.objects.select_related("target").get(pk=hold_id, state=HoldState.PENDING)
    if found.target is None:
        raise refuse("NO_HOLD")
    item = found.target
    library = library_at(keeper_of(item.pk, owner_id=item.library_id))
    require_desk(actor, library)
    with writing(actor) as w:
        mark(actor=actor, action=Action.MARK_MISSING, item_id=item.pk, library_id=library.pk, at=moment, note="")
        hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold_id)
        if hold.ended_at is None:
            hold.passed = [*hold.passed, item.pk][-50:]
            hold.save(update_fields=["passed"])
            target_now([hold.pk], moment=moment)
        w.publish("circulation.copy_not_found", hold_id=hold.pk, item_id=item.pk, library_id=library.pk)
        return hold
