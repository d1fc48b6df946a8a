"""Moving records between union records, with a journal from which every deed can be undone exactly.

Copies, holdings, headings and numbers hang on the source record, so they move with it. Locks, local notes and whatever
other modules keep (holds, lists) stay with the union record they were given to: one that was merged away leads to its
survivor, and has everything again when it is brought back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from lienthu.audit.actions import Author
from lienthu.catalogue.actions.tables import allocate, copy_rows
from lienthu.catalogue.matching import MatchDecision


@dataclass(frozen=True, slots=True)
class Move:
    """A record goes from one union record (None: it is new) to another."""

    record_id: int
    from_cluster: int | None
    to_cluster: int
    revision: int


@dataclass(frozen=True, slots=True)
class Deed:
    """Moves that belong together, and why: the decision about the record and the one `beside` it."""

    kind: str
    moves: Sequence[Move]
    decision: MatchDecision | None = None
    beside: int | None = None


def move_records(moves: Sequence[Move]) -> list[Move]:
    """Move the records; what is left of an emptied union record follows, and its address leads to where they went.

    Returns all moves, those of withdrawn records that followed too.
    """
    moving = [move for move in moves if move.from_cluster is not None]
    if not moving:
        return list(moves)
    with connection.cursor() as cursor:
        _set_clusters(cursor, [(move.record_id, move.to_cluster) for move in moving])
        # A union record that comes back stands for itself again.
        cursor.execute(
            "UPDATE catalogue_cluster SET merged_into_id = NULL WHERE id = ANY(%s) AND merged_into_id IS NOT NULL",
            [sorted({move.to_cluster for move in moving})],
        )
        target = {move.from_cluster: move.to_cluster for move in moving}
        cursor.execute(
            """
            SELECT c.id FROM catalogue_cluster c WHERE c.id = ANY(%s) AND NOT EXISTS (
                SELECT 1 FROM catalogue_sourcerecord r WHERE r.cluster_id = c.id AND r.status = 'ACTIVE')
            """,
            [list(target)],
        )
        emptied = [row[0] for row in cursor.fetchall()]
        if not emptied:
            return list(moves)
        cursor.execute(
            "SELECT id, cluster_id, revision FROM catalogue_sourcerecord WHERE cluster_id = ANY(%s)", [emptied]
        )
        following = [Move(record, home, target[home], revision) for record, home, revision in cursor.fetchall()]
        _set_clusters(cursor, [(move.record_id, move.to_cluster) for move in following])
        cursor.execute(
            """
            UPDATE catalogue_cluster c SET merged_into_id = w.survivor, is_active = false, updated_at = now()
            FROM unnest(%s::bigint[], %s::bigint[]) AS w (id, survivor) WHERE c.id = w.id
            """,
            [emptied, [target[home] for home in emptied]],
        )
    return [*moves, *following]


def _set_clusters(cursor: Any, pairs: Iterable[tuple[int, int]]) -> None:
    records, clusters = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    cursor.execute(
        """
        UPDATE catalogue_sourcerecord r SET cluster_id = w.cluster_id
        FROM unnest(%s::bigint[], %s::bigint[]) AS w (id, cluster_id) WHERE r.id = w.id
        """,
        [list(records), list(clusters)],
    )


def journal(author: Author, deeds: Sequence[Deed], *, batch_id: int | None = None) -> list[int]:
    """Write down deeds; returns their numbers in the journal."""
    numbers = allocate("catalogue_merge", len(deeds))
    copy_rows(
        "catalogue_merge",
        ["id", "kind", "actor_id", "actor_name", "reasons", "beside_id", "batch_id"],
        (
            (
                *(number, deed.kind, author.account_id, author.name),
                *(Jsonb(reasons_json(deed.decision)), deed.beside, batch_id),
            )
            for number, deed in zip(numbers, deeds, strict=True)
        ),
    )
    copy_rows(
        "catalogue_mergemove",
        ["merge_id", "record_id", "from_cluster_id", "to_cluster_id", "revision"],
        (
            (number, move.record_id, move.from_cluster, move.to_cluster, move.revision)
            for number, deed in zip(numbers, deeds, strict=True)
            for move in deed.moves
        ),
    )
    return numbers


def reasons_json(decision: MatchDecision | None) -> list[dict[str, Any]]:
    """The reasons of a decision for storage. NUL, which jsonb cannot hold, is left out."""
    if decision is None:
        return []
    return [
        {
            "code": reason.code,
            "weight": reason.weight,
            "left": reason.left.replace("\x00", ""),
            "right": reason.right.replace("\x00", ""),
            "veto": reason.veto,
        }
        for reason in decision.reasons
    ]
