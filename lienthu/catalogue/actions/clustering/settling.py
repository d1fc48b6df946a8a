"""What follows when records have been written: evidence, journal, doubtful pairs, union records."""

from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg.types.json import Jsonb

from lienthu.audit.actions import Writing
from lienthu.catalogue.actions.clustering.composing import (
    Shared,
    Union,
    locks_of,
    recompose,
    sharing,
    write_unions,
)
from lienthu.catalogue.actions.clustering.moving import Deed, Move, journal, move_records, reasons_json
from lienthu.catalogue.actions.clustering.seats import keys_for, matching_is_on
from lienthu.catalogue.actions.clustering.works import WorkChange, settle_works
from lienthu.catalogue.actions.incoming import Placed
from lienthu.catalogue.actions.tables import copy_rows
from lienthu.catalogue.matching import VERSION, MatchDecision
from lienthu.catalogue.policy import Part, compose

_PAIRS = """
INSERT INTO catalogue_reviewpair (left_id, right_id, score, reasons)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::jsonb[])
ON CONFLICT (left_id, right_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons, state = 'OPEN'
WHERE catalogue_reviewpair.state <> 'DECIDED'
"""


def settle(w: Writing, placed: Sequence[Placed], *, batch_id: int | None = None, matched: bool | None = None) -> int:
    """Finish the union records of written records; returns how many joined one that existed.

    `matched` says whether the records have been matched; by default as the installation is set to. Publishes the union
    records that changed besides those of `placed`, which the caller publishes.
    """
    if not placed:
        return 0
    _write_evidence(placed, matched=matching_is_on() if matched is None else matched)
    deeds = [_deed(p) for p in placed if (p.seat and p.seat.joined) or p.former_cluster is not None]
    following = move_records([move for deed in deeds for move in deed.moves])
    journal(w.actor, _with_following(deeds, following), batch_id=batch_id)
    _write_pairs(placed)
    left = {p.former_cluster for p in placed if p.former_cluster is not None}
    _compose(placed, left)
    others = left - {p.cluster_id for p in placed}
    if others:
        w.publish("catalogue.records_saved", cluster_ids=sorted(others))
    return sum(1 for p in placed if p.seat and p.seat.joined)


def settle_gone(w: Writing, record_ids: Sequence[int], cluster_ids: Iterable[int]) -> None:
    """Finish the union records that lost these records to a withdrawal."""
    forget_evidence(record_ids)
    recompose(cluster_ids)


def forget_evidence(record_ids: Sequence[int]) -> None:
    """Let these records be nobody's candidates any more, and take their open pairs out of the queue."""
    with connection.cursor() as cursor:
        _delete_evidence(cursor, list(record_ids))
        cursor.execute(
            "DELETE FROM catalogue_reviewpair"
            " WHERE state = 'OPEN' AND (left_id = ANY(%(ids)s) OR right_id = ANY(%(ids)s))",
            {"ids": list(record_ids)},
        )


def _delete_evidence(cursor: object, record_ids: list[int]) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        """
        WITH gone AS (DELETE FROM catalogue_matchrecord WHERE record_id = ANY(%s) RETURNING record_id, keys)
        DELETE FROM catalogue_matchkey k USING gone
        WHERE k.record_id = gone.record_id AND k.key = ANY(gone.keys)
        """,
        [record_ids],
    )


def _write_evidence(placed: Sequence[Placed], *, matched: bool) -> None:
    known = [p.record_id for p in placed if p.change != "CREATED"]
    if known:
        forget_evidence(known)
    if not matched:
        return
    rows = [(p, keys_for(p.incoming)) for p in placed if p.incoming.evidence is not None]
    copy_rows(
        "catalogue_matchrecord",
        ["record_id", "version", "evidence", "keys"],
        ((p.record_id, VERSION, p.incoming.evidence.packed(), list(keys)) for p, keys in rows if p.incoming.evidence),
    )
    copy_rows("catalogue_matchkey", ["key", "record_id"], ((key, p.record_id) for p, keys in rows for key in keys))


def _deed(p: Placed) -> Deed:
    move = Move(p.record_id, p.former_cluster, p.cluster_id, p.revision)
    kind = "JOINED" if p.former_cluster is None else "MOVED"
    decision, beside = (p.seat.decision, p.seat.beside) if p.seat else (None, None)
    return Deed(kind, [move], decision, beside)


def _with_following(deeds: Sequence[Deed], moves: Sequence[Move]) -> list[Deed]:
    """Withdrawn records that followed belong to the deed that emptied their union record."""
    own = {move.record_id for deed in deeds for move in deed.moves}
    more: dict[int | None, list[Move]] = {}
    for move in moves:
        if move.record_id not in own:
            more.setdefault(move.from_cluster, []).append(move)
    return [
        Deed(deed.kind, [*deed.moves, *more.pop(deed.moves[0].from_cluster, [])], deed.decision, deed.beside)
        for deed in deeds
    ]


def write_pairs(pairs: Iterable[tuple[int, int, MatchDecision]]) -> None:
    """Put doubtful pairs into the queue; one that a person decided stays decided."""
    rows = {(min(one, other), max(one, other)): decision for one, other, decision in pairs if one != other}
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIRS,
            [
                [left for left, _ in rows],
                [right for _, right in rows],
                [decision.score for decision in rows.values()],
                [Jsonb(reasons_json(decision)) for decision in rows.values()],
            ],
        )


def _write_pairs(placed: Sequence[Placed]) -> None:
    write_pairs((p.record_id, other, d) for p in placed if p.seat for other, d in p.seat.asks)


def _compose(placed: Sequence[Placed], left: Iterable[int]) -> None:
    """New union records of one record were written whole; the others are composed now."""
    crowded = set(left) | {p.cluster_id for p in placed if p.seat and p.seat.joined}
    changed = [p for p in placed if p.change != "CREATED" and p.cluster_id not in crowded]
    crowded |= _of_several({p.cluster_id for p in changed})
    fresh = [p for p in placed if p.change == "CREATED" and p.cluster_id not in crowded]
    settle_works([WorkChange(p.cluster_id, None, p.incoming.work) for p in fresh])
    shared = sharing() if changed else {}
    write_unions(
        [
            Union(
                p.cluster_id,
                compose([Part(p.record_id, p.incoming.description)]),
                shared.get(p.library_id, Shared()).visibility,
                p.incoming.work,
            )
            for p in changed
            if p.cluster_id not in crowded
        ]
    )
    recompose(crowded)


def _of_several(cluster_ids: set[int]) -> set[int]:
    """Those of these union records that one record alone does not make: several records, or locked fields."""
    if not cluster_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.id FROM unnest(%s::bigint[]) AS w (id)
            WHERE (SELECT count(*) FROM catalogue_sourcerecord r WHERE r.cluster_id = w.id AND r.status = 'ACTIVE') > 1
            """,
            [sorted(cluster_ids)],
        )
        several = {row[0] for row in cursor.fetchall()}
    return several | set(locks_of(sorted(cluster_ids - several)))
