"""Who is next: the queue of requests that one copy can serve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Waiting:
    """One pending request: its place in the queue is `position`, then the order of asking (`hold_id`)."""

    hold_id: int
    patron_id: int
    pickup_library_id: int
    position: int
    item_id: int | None = None
    """The one copy that is asked for; None: any copy of the edition (or title)."""
    frozen_until: date | None = None
    expires_on: date | None = None

    def waits(self, today: date) -> bool:
        """Does it count today: neither frozen nor past its last day?"""
        frozen = self.frozen_until is not None and today < self.frozen_until
        return not frozen and (self.expires_on is None or today <= self.expires_on)


def in_order(queue: Iterable[Waiting], *, item_id: int, today: date) -> list[Waiting]:
    """The requests that this copy can serve today, in their order."""
    fitting = [one for one in queue if one.item_id in (None, item_id) and one.waits(today)]
    return sorted(fitting, key=lambda one: (one.position, one.hold_id))


def first_for(queue: Iterable[Waiting], *, item_id: int, today: date) -> Waiting | None:
    """The request that this copy serves next."""
    return next(iter(in_order(queue, item_id=item_id, today=today)), None)


def may_take(queue: Sequence[Waiting], *, item_id: int, free_copies: int, patron_id: int, today: date) -> str:
    """Say what the queue means for a reader who stands at the desk with this copy: NONE, OWNER or OTHER.

    `free_copies` are the available copies of the same records beside this one: with as many of them as there are
    requests, nobody who waits loses anything. A reader's own request is served when it is within that reach.
    """
    waiting = in_order(queue, item_id=item_id, today=today)
    own = next((place for place, one in enumerate(waiting) if one.patron_id == patron_id), None)
    if own is not None and own <= free_copies:
        return "OWNER"
    asked_for_this = any(one.item_id == item_id for one in waiting)
    if waiting and (asked_for_this or len(waiting) > free_copies):
        return "OTHER"
    return "NONE"
