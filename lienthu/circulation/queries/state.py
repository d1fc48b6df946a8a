"""What stands around one copy: its loan, its way, the request it serves, the queue that waits. Read under its lock."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from lienthu.catalogue.queries.items import CopySummary, locked_copy
from lienthu.circulation.models import BOUND_HOLDS, Hold, Loan, Transit
from lienthu.circulation.policy import LENT, Request, Waiting, first_for
from lienthu.kernel.postgresql.planned import as_models, ask, columns

M = TypeVar("M", bound=Model)

# Requests for this union record, for one that was merged into it, or for any edition of its work.
_QUEUE = """
SELECT {columns} FROM circulation_hold h
WHERE h.ended_at IS NULL AND (h.assigned_id = %(item)s OR (h.state = 'PENDING' AND (
    (h.cluster_id = %(cluster)s AND (h.copy_id IS NULL OR h.copy_id = %(item)s))
    OR h.cluster_id IN (SELECT id FROM catalogue_cluster WHERE merged_into_id = %(cluster)s)
    OR (h.level = 'TITLE' AND h.work_id IS NOT NULL
        AND h.work_id = (SELECT work_id FROM catalogue_cluster WHERE id = %(cluster)s)))))
ORDER BY h.id FOR UPDATE
"""
_LOAN = "SELECT {columns} FROM circulation_loan l WHERE l.item_id = %s AND l.ended_at IS NULL"
_TRANSIT = "SELECT {columns} FROM circulation_transit t WHERE t.item_id = %s AND t.ended_at IS NULL"
_FREE = """
SELECT count(*) FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE r.cluster_id = %s AND i.id <> %s AND i.status = 'AVAILABLE'
"""


@dataclass(slots=True)
class Scene:
    """One copy with everything around it, as long as its row is locked."""

    copy: CopySummary
    loan: Loan | None = None
    transit: Transit | None = None
    bound: Hold | None = None
    pending: dict[int, Hold] = field(default_factory=dict)

    def queue(self) -> list[Waiting]:
        """The pending requests that this copy can serve."""
        return [waiting_of(hold) for hold in self.pending.values()]

    def next_hold(self, today: date) -> Hold | None:
        """The request that this copy serves next."""
        first = first_for(self.queue(), item_id=self.copy.item_id, today=today)
        return self.pending[first.hold_id] if first else None

    def request(self, *, library_id: int, today: date) -> Request:
        """What waits for the copy, seen from a desk."""
        if self.bound is not None:
            here = self.bound.pickup_library_id == library_id
            return Request.BOUND_HERE if here else Request.BOUND_ELSEWHERE
        hold = self.next_hold(today)
        if hold is None:
            return Request.NONE
        return Request.PENDING_HERE if hold.pickup_library_id == library_id else Request.PENDING_ELSEWHERE


def waiting_of(hold: Hold) -> Waiting:
    """A request as the rules of the queue see it."""
    return Waiting(
        hold_id=hold.pk,
        patron_id=hold.patron_id or 0,
        pickup_library_id=hold.pickup_library_id,
        position=hold.position,
        item_id=hold.copy_id,
        frozen_until=hold.frozen_until,
        expires_on=hold.expires_on,
    )


def locked_scene(item_id: int) -> Scene | None:
    """The copy and what stands around it, locked: the copy first, then the requests in the order of their numbers."""
    copy = locked_copy(item_id)
    if copy is None:
        return None
    scene = Scene(copy)
    if copy.status in LENT:
        scene.loan = next(iter(_models(Loan, "l", _LOAN, [item_id])), None)
    if copy.status == "IN_TRANSIT":
        scene.transit = next(iter(_models(Transit, "t", _TRANSIT, [item_id])), None)
    for hold in _models(Hold, "h", _QUEUE, {"item": item_id, "cluster": copy.cluster_id}):
        if hold.assigned_id == item_id and hold.state in BOUND_HOLDS:
            scene.bound = hold
        else:
            scene.pending[hold.pk] = hold
    return scene


def free_copies(copy: CopySummary) -> int:
    """Available copies of the same union record beside this one."""
    ((free,),) = ask(_FREE, [copy.cluster_id, copy.item_id])
    return int(free)


def _models(model: type[M], alias: str, sql: str, values: Any) -> list[M]:
    return as_models(model, ask(sql.format(columns=columns(model, alias)), values))
