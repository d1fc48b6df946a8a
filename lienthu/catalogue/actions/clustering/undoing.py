"""Taking moves back: every record returns to where it was, if it is still where the moves had brought it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from lienthu.catalogue.actions.clustering.moving import Move, move_records
from lienthu.catalogue.actions.tables import allocate

_SURVIVORS = """
WITH RECURSIVE chain AS (
    SELECT w.id AS root, w.id FROM unnest(%s::bigint[]) AS w (id)
    UNION
    SELECT h.root, c.merged_into_id FROM chain h JOIN catalogue_cluster c ON c.id = h.id
    WHERE c.merged_into_id IS NOT NULL
)
SELECT h.root, h.id FROM chain h JOIN catalogue_cluster c ON c.id = h.id WHERE c.merged_into_id IS NULL
"""


@dataclass(slots=True)
class Undone:
    """`moves` were made to take others back; `elsewhere`: records that somebody has put somewhere else since."""

    moves: list[Move] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)

    @property
    def clusters(self) -> set[int]:
        """Union records that changed."""
        return {c for move in self.moves for c in (move.from_cluster, move.to_cluster) if c is not None}


def survivors(cluster_ids: Iterable[int]) -> dict[int, int]:
    """Union record -> the one that stands for it now: itself, or where it was merged into."""
    with connection.cursor() as cursor:
        cursor.execute(_SURVIVORS, [sorted(set(cluster_ids))])
        return dict(cursor.fetchall())


def take_back(moves: Sequence[Move]) -> Undone:
    """Undo these moves; the caller composes the union records of the result and holds `lock_matching`.

    A record keeps what it says now, whoever changed it since. One that came new with the move gets a union record of
    its own.
    """
    undone = Undone()
    now = _clusters_of([move.record_id for move in moves])
    standing = survivors([c for move in moves for c in (move.from_cluster, move.to_cluster) if c is not None])
    alone = 0
    wanted: list[Move] = []
    for move in moves:
        home, revision = now[move.record_id]
        if home != standing.get(move.to_cluster):
            undone.elsewhere.append(move.record_id)
            continue
        target = standing.get(move.from_cluster, 0) if move.from_cluster is not None else 0
        if target == home:
            target = move.from_cluster or 0
        if target == home:
            continue
        alone += not target
        wanted.append(Move(move.record_id, home, target, revision))
    fresh = iter(new_clusters(alone))
    undone.moves = move_records([move if move.to_cluster else replace(move, to_cluster=next(fresh)) for move in wanted])
    return undone


def _clusters_of(record_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, cluster_id, revision FROM catalogue_sourcerecord WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(record_ids)],
        )
        return {record_id: (cluster_id, revision) for record_id, cluster_id, revision in cursor.fetchall()}


def new_clusters(count: int) -> list[int]:
    """Empty union records, to be filled and composed at once."""
    ids = allocate("catalogue_cluster", count)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_cluster (id, title, title_sort, summary) SELECT w.id, '', '', '{}' FROM"
            " unnest(%s::bigint[]) AS w (id)",
            [ids],
        )
    return ids
