"""Taking an import back whole: chunk by chunk, resumable, and without touching what somebody changed since."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.actions.batches import move, sole_runner
from lienthu.catalogue.actions.planning import Progress
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.models import Batch, BatchStatus, Change, Revision
from lienthu.identity.access import Actor

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class _Touched:
    record_id: int
    cluster_id: int
    first: int  # number of the first revision that the import wrote
    batch_id: int | None  # last import that wrote the record
    before: str | None  # what the revision before the import was


def revert_import(*, actor: Actor, batch: Batch, progress: Progress | None = None) -> Batch:
    """Undo an import in state REVERTING.

    A record that the import created is withdrawn with its copies; one that it changed returns to the revision before.
    A record that was changed again afterwards is left alone and counted as `kept`. May run twice.
    """
    with sole_runner(batch):
        batch.refresh_from_db()
        if batch.status != BatchStatus.REVERTING:
            return batch
        total = Revision.objects.filter(batch=batch, change__in=[Change.CREATED, Change.UPDATED]).count()
        after = done = 0
        while chunk := _next_chunk(batch, after):
            after = chunk[-1].record_id
            _revert_chunk(actor, batch, chunk)
            done += len(chunk)
            if progress:
                progress(batch.counts, done, total)
        with writing(actor) as w:
            move(batch, "REVERTED", finished_at=timezone.now())
            w.audit("catalogue.import_reverted", target=("import", batch.public_id), at=batch.library.code)
            w.publish("catalogue.import_reverted", batch_id=batch.pk)
    return batch


def _next_chunk(batch: Batch, after: int) -> list[_Touched]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id, r.cluster_id, t.first, r.batch_id,
                   (SELECT b.change FROM catalogue_revision b WHERE b.record_id = r.id AND b.number = t.first - 1)
            FROM (
                SELECT v.record_id, min(v.number) FILTER (WHERE v.change IN ('CREATED', 'UPDATED')) AS first
                FROM catalogue_revision v WHERE v.batch_id = %s AND v.record_id > %s
                GROUP BY v.record_id
                -- a record that an interrupted run of this revert has seen to already is done
                HAVING bool_and(v.change IN ('CREATED', 'UPDATED'))
            ) AS t JOIN catalogue_sourcerecord r ON r.id = t.record_id
            ORDER BY r.id LIMIT %s
            """,
            [batch.pk, after, CHUNK],
        )
        return [_Touched(*row) for row in cursor.fetchall()]


def _revert_chunk(actor: Actor, batch: Batch, chunk: list[_Touched]) -> None:
    with writing(actor) as w:
        untouched = [t for t in chunk if t.batch_id == batch.pk]
        withdrawn = [t for t in untouched if t.before in (None, Change.DELETED)]
        returned = [t for t in untouched if t.before not in (None, Change.DELETED)]
        _withdraw(w, batch, withdrawn)
        _remove_new_copies(batch, [t.record_id for t in untouched])
        rewrite_records(
            w, [(t.record_id, t.first - 1) for t in returned], change="REVERTED", reverted_batch_id=batch.pk
        )
        counts = dict(batch.counts)
        counts["withdrawn"] = counts.get("withdrawn", 0) + len(withdrawn)
        counts["returned"] = counts.get("returned", 0) + len(returned)
        counts["kept"] = counts.get("kept", 0) + len(chunk) - len(untouched)
        Batch.objects.filter(pk=batch.pk).update(counts=counts, moved_at=timezone.now())
        batch.counts = counts
        w.audit(
            "catalogue.records_reverted",
            target=("import", batch.public_id),
            at=batch.library.code,
            details={"withdrawn": len(withdrawn), "returned": len(returned)},
        )
        w.publish("catalogue.records_saved", cluster_ids=[t.cluster_id for t in chunk])


def _withdraw(w: Writing, batch: Batch, touched: list[_Touched]) -> None:
    ids = [t.record_id for t in touched]
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_sourcerecord
            SET status = 'DELETED', revision = revision + 1, batch_id = NULL, updated_at = now() WHERE id = ANY(%s)
            """,
            [ids],
        )
        cursor.execute(
            """
            INSERT INTO catalogue_revision
                (record_id, number, change, original, dictionary, format, encoding, content,
                 batch_id, actor_id, actor_name)
            SELECT r.id, r.revision, 'DELETED', v.original, v.dictionary, v.format, v.encoding, v.content, %s, %s, %s
            FROM catalogue_sourcerecord r JOIN catalogue_revision v ON v.record_id = r.id AND v.number = r.revision - 1
            WHERE r.id = ANY(%s)
            """,
            [batch.pk, w.actor.account_id, w.actor.name, ids],
        )
        cursor.execute("DELETE FROM catalogue_headinglink WHERE record_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM catalogue_identifier WHERE record_id = ANY(%s)", [ids])
        cursor.execute(
            """
            UPDATE catalogue_cluster c SET is_active = false, updated_at = now()
            WHERE c.id = ANY(%s) AND NOT EXISTS (
                SELECT 1 FROM catalogue_sourcerecord r WHERE r.cluster_id = c.id AND r.status = 'ACTIVE')
            """,
            [[t.cluster_id for t in touched]],
        )


def _remove_new_copies(batch: Batch, record_ids: list[int]) -> None:
    """Remove the copies that this import added. What the file said of them stays in the file and the revisions."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_item WHERE record_id = ANY(%s) AND batch_id = %s", [record_ids, batch.pk])
