"""People bring union records together and take them apart; every such deed can be undone exactly."""

from collections.abc import Iterable, Sequence
from itertools import product

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import require_review
from lienthu.catalogue.actions.clustering import Deed, Move, journal, lock_matching, move_records, recompose
from lienthu.catalogue.actions.clustering.undoing import Undone, new_clusters, take_back
from lienthu.catalogue.models import Cluster, Merge, MergeMove, RecordStatus, SourceRecord
from lienthu.identity.access import Actor
from lienthu.kernel import ids

# Two union records of many libraries would give too many pairs; the first ones say enough.
PAIRS_KEPT = 2_500
SAME, DIFFERENT = "SAME", "DIFFERENT"


class NotPossible(ValueError):
    """The deed makes no sense as things stand; `code` says why: same, gone, alone, undone, decided."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge_clusters(*, actor: Actor, keep: int, absorb: int) -> Merge:
    """Bring two union records together under the address of `keep`; that of `absorb` leads there.

    The decision is remembered for every pair of their records. Raises Refused, NotPossible (same, gone).
    """
    with writing(actor) as w:
        lock_matching()
        return merge_standing(w, actor, keep=keep, absorb=absorb)


def merge_standing(w: Writing, actor: Actor, *, keep: int, absorb: int, reasons: Sequence[object] = ()) -> Merge:
    """The same inside the caller's block, which holds the lock."""
    if keep == absorb:
        raise NotPossible("same")
    _require_standing([keep, absorb])
    staying, coming = _records(keep), _records(absorb)
    require_review(actor, [*staying, *coming])
    moves = [Move(record.pk, absorb, keep, record.revision) for record in coming]
    remember(w, product([r.pk for r in staying], [r.pk for r in coming]), SAME, reasons)
    return _done(w, "MERGED", move_records(moves), shown=keep)


def split_record(*, actor: Actor, record: SourceRecord) -> Merge:
    """Take a record out of its union record into one of its own. Raises Refused, NotPossible (alone)."""
    with writing(actor) as w:
        lock_matching()
        return split_standing(w, actor, record_id=record.pk)


def split_standing(w: Writing, actor: Actor, *, record_id: int) -> Merge:
    """The same inside the caller's block, which holds the lock."""
    record = SourceRecord.objects.select_for_update().get(pk=record_id)
    others = [r for r in _records(record.cluster_id) if r.pk != record.pk]
    require_review(actor, [record, *others])
    if not any(r.status == RecordStatus.ACTIVE for r in others):
        raise NotPossible("alone")
    (own,) = new_clusters(1)
    remember(w, ((record.pk, r.pk) for r in others), DIFFERENT)
    return _done(
        w, "SPLIT", move_records([Move(record.pk, record.cluster_id, own, record.revision)]), shown=record.cluster_id
    )


def unmerge(*, actor: Actor, merge: Merge) -> tuple[Merge, Undone]:
    """Undo a deed: its records return to where they were, with what they say now, and addresses lead there again.

    The decision is remembered, so that no rule does it again. Records that somebody put elsewhere since stay there.
    Raises Refused, NotPossible (undone).
    """
    with writing(actor) as w:
        lock_matching()
        locked = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        moves = [
            Move(move.record_id, move.from_cluster_id, move.to_cluster_id, move.revision)
            for move in MergeMove.objects.filter(merge=locked).order_by("record_id")
        ]
        records = list(
            SourceRecord.objects.select_related("library__scope").filter(pk__in=[m.record_id for m in moves])
        )
        require_review(actor, [*records, *_of_clusters({m.to_cluster for m in moves})])
        if locked.undone_at is not None:
            raise NotPossible("undone")
        undone = take_back(moves)
        _remember_undone(w, undone)
        Merge.objects.filter(pk=locked.pk).update(undone_at=timezone.now(), undone_by=actor.name)
        made = _done(w, "UNMERGED", undone.moves, shown=moves[0].to_cluster if moves else None)
    return made, undone


def _remember_undone(w: Writing, undone: Undone) -> None:
    """A record differs from those that it leaves, and is the same as those that it comes back to."""
    moved = [move.record_id for move in undone.moves]
    standing = SourceRecord.objects.exclude(pk__in=moved).order_by("pk")
    for move in undone.moves:
        left = standing.filter(cluster_id=move.from_cluster).values_list("pk", flat=True)[:PAIRS_KEPT]
        remember(w, ((move.record_id, other) for other in left), DIFFERENT)
        found = standing.filter(cluster_id=move.to_cluster).values_list("pk", flat=True)[:PAIRS_KEPT]
        remember(w, ((move.record_id, other) for other in found), SAME)


def remember(w: Writing, pairs: Iterable[tuple[int, int]], verdict: str, reasons: Sequence[object] = ()) -> None:
    """Keep what a person decided about pairs of records, and take those pairs out of the queue."""
    rows = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})[:PAIRS_KEPT]
    if not rows:
        return
    lefts, rights = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalogue_decision (left_id, right_id, verdict, actor_id, actor_name, reasons)
            SELECT w.l, w.r, %s, %s, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS w (l, r)
            ON CONFLICT (left_id, right_id) DO UPDATE
            SET verdict = excluded.verdict, actor_id = excluded.actor_id, actor_name = excluded.actor_name, at = now()
            """,
            [verdict, w.actor.account_id, w.actor.name, Jsonb(list(reasons)), lefts, rights],
        )
        cursor.execute(
            """
            UPDATE catalogue_reviewpair p SET state = 'DECIDED'
            FROM unnest(%s::bigint[], %s::bigint[]) AS w (l, r) WHERE p.left_id = w.l AND p.right_id = w.r
            """,
            [lefts, rights],
        )


def _done(w: Writing, kind: str, moves: Sequence[Move], *, shown: int | None) -> Merge:
    """Journal, compose, audit and publish a deed of a person."""
    (number,) = journal(w.actor, [Deed(kind, moves)])
    clusters = {c for move in moves for c in (move.from_cluster, move.to_cluster) if c is not None}
    recompose(clusters)
    w.audit(
        f"catalogue.records_{kind.lower()}",
        target=("record", ids.encode(shown) if shown else ""),
        details={
            "merge": ids.encode(number),
            "records": [[m.record_id, m.from_cluster, m.to_cluster] for m in moves[:200]],
        },
    )
    w.publish("catalogue.records_saved", cluster_ids=sorted(clusters))
    return Merge.objects.get(pk=number)


def _require_standing(cluster_ids: Sequence[int]) -> None:
    standing = Cluster.objects.filter(pk__in=cluster_ids, is_active=True, merged_into=None).count()
    if standing != len(cluster_ids):
        raise NotPossible("gone")


def _records(cluster_id: int) -> list[SourceRecord]:
    return _of_clusters({cluster_id})


def _of_clusters(cluster_ids: set[int]) -> list[SourceRecord]:
    rows = SourceRecord.objects.select_related("library__scope").filter(cluster_id__in=cluster_ids)
    return list(rows.order_by("pk"))
