"""One request of several copies: for a class, a reading club, or the readers of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lienthu.audit.actions import writing
from lienthu.circulation.access import require_desk
from lienthu.circulation.actions.holds import Asking, Wish, add_hold
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused, refuse
from lienthu.circulation.actions.stage import lock_reader
from lienthu.circulation.actions.targeting import target_now
from lienthu.circulation.models import Hold, HoldGroup
from lienthu.circulation.policy import Reason
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids

MOST_COPIES = 200


@dataclass(frozen=True, slots=True)
class GroupPlaced:
    """The group's request, its parts, and for whom nothing could be asked and why."""

    group: HoldGroup
    holds: Sequence[Hold]
    refused: Mapping[int, tuple[Reason, ...]]


def place_group(
    *,
    actor: Actor,
    name: str,
    wish: Wish,
    pickup_library_id: int,
    patron_ids: Sequence[int],
    copies: int = 0,
    needed_by: date | None = None,
    at: datetime | None = None,
) -> GroupPlaced:
    """Ask for one copy for each reader of a list, or for `copies` copies for the one reader who stands for the group.

    For one reader the request counts once against the limit of requests. Raises both Refused; circulation's when
    nothing could be asked for anybody, with all reasons.
    """
    library, moment = library_at(pickup_library_id), at or clock.now()
    require_desk(actor, library)
    readers = sorted(set(patron_ids))
    times = max(1, copies) if len(readers) == 1 else 1
    if not readers or wish.item_id is not None or len(readers) * times > MOST_COPIES:
        raise refuse("GROUP_EMPTY")
    asking = Asking(wish, library, None, needed_by, moment, "DESK")
    refused: dict[int, tuple[Reason, ...]] = {}
    with writing(actor) as w:
        for patron_id in readers:
            lock_reader(patron_id)
        group = HoldGroup.objects.create(
            name=name.strip()[:120],
            cluster_id=wish.cluster_id,
            library=library,
            wanted=len(readers) * times,
            needed_by=needed_by,
            placed_by=actor.account_id,
            placed_at=moment,
        )
        for patron_id in readers:
            try:
                add_hold(asking, patron_id, group=group, times=times)
            except Refused as refusal:
                refused[patron_id] = refusal.reasons
        holds = list(Hold.objects.filter(group=group).order_by("pk"))
        if not holds:
            raise Refused([reason for reasons in refused.values() for reason in reasons])
        target_now([hold.pk for hold in holds], moment=moment)
        w.audit(
            "circulation.group_placed",
            target=("record", ids.encode(wish.cluster_id)),
            at=library.code,
            details={"group": group.pk, "copies": len(holds), "refused": len(refused)},
        )
        for hold in holds:
            w.publish("circulation.hold_placed", hold_id=hold.pk, cluster_id=hold.cluster_id, library_id=library.pk)
        return GroupPlaced(group, holds, refused)
