"""What targeting works with: requests without a copy to fetch, copies nobody has asked for, libraries on the map."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lienthu.circulation.models import Custody, Hold, HoldState, Loan, Purpose, Transit
from lienthu.circulation.policy.targeting import LATELY_DAYS, Ask, Free, Score, Spot, score
from lienthu.circulation.queries.custody import keeper_of, keepers_of
from lienthu.libraries.queries import Library, libraries

# A request for one title of a work may be served by all of them; merged records lead to the one that stands.
_ASKS = """
SELECT h.id, h.pickup_library_id, h.copy_id, h.passed, h.position, may.ids
FROM circulation_hold h
JOIN catalogue_cluster c ON c.id = h.cluster_id
JOIN catalogue_cluster now_at ON now_at.id = COALESCE(c.merged_into_id, c.id)
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.level = 'TITLE' AND now_at.work_id IS NOT NULL
        THEN ARRAY(SELECT w.id FROM catalogue_cluster w WHERE w.work_id = now_at.work_id AND w.merged_into_id IS NULL)
        ELSE ARRAY[now_at.id] END AS ids
) may
WHERE h.state = 'PENDING' AND h.target_id IS NULL AND h.id > %(after)s
  AND (h.frozen_until IS NULL OR h.frozen_until <= %(today)s)
  AND (h.expires_on IS NULL OR h.expires_on >= %(today)s)
  AND EXISTS (
    SELECT 1 FROM catalogue_sourcerecord r JOIN catalogue_item i ON i.record_id = r.id
    WHERE r.cluster_id = ANY(may.ids) AND i.status = 'AVAILABLE' AND i.visibility <> 'HIDDEN')
  {only}
ORDER BY h.id LIMIT %(most)s FOR UPDATE OF h
"""
# A copy of a set stands on the shelf of the library that has it; at a point without a library nobody fetches it.
_AT_POINT = "EXISTS (SELECT 1 FROM circulation_stay p WHERE p.item_id = i.id AND p.ended_at IS NULL AND p.point <> '')"
_FREE = f"""
SELECT i.id, COALESCE(u.library_id, i.library_id), r.cluster_id
FROM catalogue_sourcerecord r JOIN catalogue_item i ON i.record_id = r.id
LEFT JOIN circulation_custody u ON u.item_id = i.id AND u.until IS NULL
WHERE r.cluster_id = ANY(%(clusters)s) AND r.status = 'ACTIVE' AND i.status = 'AVAILABLE' AND i.visibility <> 'HIDDEN'
  AND NOT EXISTS (SELECT 1 FROM circulation_hold t WHERE t.target_id = i.id) AND NOT {_AT_POINT}
ORDER BY i.id
"""
# A copy that left its shelf, or whose request waits for a later day, is asked for no longer.
_RELEASE = f"""
UPDATE circulation_hold h SET target_id = NULL, asked_at = NULL
FROM catalogue_item i
WHERE i.id = h.target_id AND h.state = 'PENDING'
  AND (i.status <> 'AVAILABLE' OR i.visibility = 'HIDDEN' OR h.frozen_until > %(today)s OR {_AT_POINT})
"""


def asks_without_target(*, after: int, today: date, most: int, holds: Sequence[int] | None = None) -> list[Ask]:
    """Waiting requests with numbers above `after`, locked, in the order of asking."""
    only = "" if holds is None else "AND h.id = ANY(%(holds)s)"
    values: dict[str, Any] = {"after": after, "today": today, "most": most, "holds": list(holds or [])}
    with connection.cursor() as cursor:
        cursor.execute(_ASKS.format(only=only), values)
        return [
            Ask(number, pickup, tuple(clusters), item_id=copy, passed=frozenset(passed), position=position)
            for number, pickup, copy, passed, position, clusters in cursor.fetchall()
        ]


def free_for(clusters: Sequence[int]) -> list[Free]:
    """Copies of these records that stand on a shelf and that nobody has been asked to fetch."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"clusters": list(clusters)})
        return [Free(item, library, cluster) for item, library, cluster in cursor.fetchall()]


def release_stale(*, today: date) -> int:
    """Let go of targets that cannot serve any more; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"today": today})
        return int(cursor.rowcount)


def spots() -> dict[int, Spot]:
    """All libraries on the map."""
    rows = libraries().values_list("pk", "latitude", "longitude")
    return {number: Spot(latitude, longitude) for number, latitude, longitude in rows}


def sent_lately(*, now: datetime) -> Mapping[int, int]:
    """How many copies each library sent to readers of others, or is asked to send now."""
    since = now - timedelta(days=LATELY_DAYS)
    sent = Transit.objects.filter(purpose=Purpose.PICKUP, sent_at__gte=since).values_list("from_library_id")
    found = dict(sent.annotate(number=Count("pk")))
    asked = _with_keeper(Hold.objects.filter(target__isnull=False)).exclude(keeper_id=F("pickup_library_id"))
    for library_id, number in asked.values_list("keeper_id").annotate(number=Count("pk")):
        found[library_id] = found.get(library_id, 0) + number
    return found


def pull_list(library_ids: Sequence[int]) -> QuerySet[Hold]:
    """Requests whose copy staff of these libraries are asked to fetch from the shelf; `keeper_id` is the library."""
    asking = _with_keeper(Hold.objects.filter(state=HoldState.PENDING, target__isnull=False))
    return asking.filter(keeper_id__in=list(library_ids)).select_related(
        "pickup_library", "target__record__cluster", "target__library"
    )


def _with_keeper(holds: QuerySet[Hold]) -> QuerySet[Hold]:
    keeper = Custody.objects.filter(item=OuterRef("target_id"), until=None).values("library_id")
    return holds.annotate(keeper_id=Coalesce(Subquery(keeper), F("target__library_id"), output_field=BigIntegerField()))


def target_library(hold_id: int) -> Library | None:
    """The library that is asked to fetch a copy for this request; None: nothing can be fetched now."""
    target = Hold.objects.select_related("target").get(pk=hold_id).target
    if target is None:
        return None
    return libraries().filter(pk=keeper_of(target.pk, owner_id=target.library_id)).first()


def scores_of(holds: Iterable[Hold], *, now: datetime) -> dict[int, Score]:
    """Why the targets of these requests (with their copies) were chosen, by the figures of now."""
    places, sent = spots(), sent_lately(now=now)
    asking = list(holds)
    keepers = keepers_of(hold.target_id for hold in asking if hold.target_id is not None)
    found = {}
    for hold in asking:
        if hold.target_id is not None:
            copy = Free(hold.target_id, keepers[hold.target_id], hold.cluster_id)
            others = {**sent, copy.library_id: max(0, sent.get(copy.library_id, 0) - 1)}
            found[hold.pk] = score(copy=copy, pickup=hold.pickup_library_id, spots=places, sent=others, left=2)
    return found


def recallable(library_ids: Sequence[int]) -> QuerySet[Loan]:
    """Loans of these libraries whose title somebody waits for while nothing can be fetched from a shelf."""
    waiting = Hold.objects.filter(
        cluster_id=OuterRef("item__record__cluster_id"), state=HoldState.PENDING, target=None, frozen_until=None
    )
    loans = Loan.objects.filter(Exists(waiting), library_id__in=list(library_ids), ended_at=None, claimed_at=None)
    return loans.select_related("library", "item__record__cluster").order_by("due_at", "pk")
