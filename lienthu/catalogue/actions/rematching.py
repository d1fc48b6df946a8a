"""Matching records again: those that came in unmatched, and all of them when the rules have a new version."""

from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import F

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.actions.chunks import change_seats
from lienthu.catalogue.actions.clustering import lock_matching, settle
from lienthu.catalogue.actions.incoming import Placed
from lienthu.catalogue.actions.preparing import incoming_of_revision
from lienthu.catalogue.matching import VERSION
from lienthu.catalogue.models import Revision
from lienthu.identity.access import Actor

CHUNK = 500

Progress = Callable[[int, int, int], None]
"""Called with records done, records in all, and how many of them joined another union record."""

_WAITING = """
FROM catalogue_sourcerecord r
WHERE r.status = 'ACTIVE' AND r.id > %s
      AND NOT EXISTS (SELECT 1 FROM catalogue_matchrecord m WHERE m.record_id = r.id AND m.version = %s)
"""


def rematch(*, actor: Actor, progress: Progress | None = None) -> tuple[int, int]:
    """Match every active record that has no evidence of the current rules; returns (records, how many joined).

    A chunk is one transaction; a killed run is simply started again. What people decided stays, and a record stays
    where it is unless the rules now say that it differs from everything there.
    """
    after = done = joined = 0
    total = _count()
    while record_ids := _next(after):
        after = record_ids[-1]
        joined += _rematch_chunk(actor, record_ids)
        done += len(record_ids)
        if progress:
            progress(done, max(done, total), joined)
    return done, joined


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) " + _WAITING, [0, VERSION])
        return int(cursor.fetchone()[0])


def _next(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT r.id {_WAITING} ORDER BY r.id LIMIT %s", [after, VERSION, CHUNK])
        return [row[0] for row in cursor.fetchall()]


def _rematch_chunk(actor: Actor, record_ids: Sequence[int]) -> int:
    with writing(actor) as w:
        lock_matching()
        placed = _placed(record_ids)
        change_seats(placed)
        joined = settle(w, placed, matched=True)
        _report(w, placed, joined)
    return joined


def _placed(record_ids: Sequence[int]) -> list[Placed]:
    """Records in their current revisions, as if they were written now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, cluster_id, revision, library_id FROM catalogue_sourcerecord"
            " WHERE id = ANY(%s) AND status = 'ACTIVE' ORDER BY id FOR UPDATE",
            [list(record_ids)],
        )
        rows = cursor.fetchall()
    revisions = {
        r.record_id: r for r in Revision.objects.filter(record_id__in=record_ids, number=F("record__revision"))
    }
    return [
        Placed(
            incoming_of_revision(revisions[record_id]),
            record_id=record_id,
            cluster_id=cluster_id,
            revision=revision,
            change="UPDATED",
            library_id=library_id,
        )
        for record_id, cluster_id, revision, library_id in rows
    ]


def _report(w: Writing, placed: Sequence[Placed], joined: int) -> None:
    if not placed:
        w.nothing_changed()
        return
    w.audit(
        "catalogue.records_rematched",
        target=("records", len(placed)),
        details={"first": placed[0].record_id, "last": placed[-1].record_id, "joined": joined, "rules": VERSION},
    )
    moved = sorted({p.cluster_id for p in placed if p.former_cluster is not None})
    if moved:
        w.publish("catalogue.records_saved", cluster_ids=moved)
