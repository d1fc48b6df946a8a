"""Taking an import back whole: chunk by chunk, resumable, and without touching what somebody changed since."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import move, sole_runner
from lienthu.catalogue.actions.clustering import Move, lock_matching, recompose
from lienthu.catalogue.actions.clustering.undoing import take_back
from lienthu.catalogue.actions.planning import Progress
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.actions.saving.withdrawing import withdraw_rows
from lienthu.catalogue.models import Batch, BatchStatus, Change, Merge, MergeMove, Revision
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
    A record that was changed again afterwards, or one of whose copies was lent, asked for or sent, is left alone and
    counted as `kept`. May run twice.
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
        circulating = _circulating([t.record_id for t in chunk])
        untouched = [t for t in chunk if t.batch_id == batch.pk and t.record_id not in circulating]
        withdrawn = [t for t in untouched if t.before in (None, Change.DELETED)]
        returned = [t for t in untouched if t.before not in (None, Change.DELETED)]
        lock_matching()
        record_ids = [t.record_id for t in untouched]
        moved = _put_back(batch, record_ids)
        if withdrawn:
            withdraw_rows(w, [t.record_id for t in withdrawn], [t.cluster_id for t in withdrawn], batch_id=batch.pk)
        _remove_new_copies(batch, record_ids)
        rewrite_records(
            w,
            [(t.record_id, t.first - 1) for t in returned],
            change="REVERTED",
            reverted_batch_id=batch.pk,
            matching=False,
        )
        recompose(moved)
        _close_journal(batch, record_ids)
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
        w.publish("catalogue.records_saved", cluster_ids=sorted(moved | {t.cluster_id for t in chunk}))


def _circulating(record_ids: list[int]) -> set[int]:
    """Records that rooms above the catalogue hold fast (config/copies.py); they are asked, never imported."""
    keepers: list[str] = import_string(settings.COPY_KEEPERS)
    found: set[int] = set()
    for path in keepers:
        keeper: Callable[[Collection[int]], set[int]] = import_string(path)
        found |= keeper(record_ids)
    return found


def _put_back(batch: Batch, record_ids: list[int]) -> set[int]:
    """Bring known records that the import moved back into the union records where they were; returns all touched."""
    moves = [
        Move(move.record_id, move.from_cluster_id, move.to_cluster_id, move.revision)
        for move in MergeMove.objects.filter(
            merge__batch=batch, merge__undone_at=None, from_cluster__isnull=False, record_id__in=record_ids
        ).order_by("-merge_id")
    ]
    return take_back(moves).clusters if moves else set()


def _close_journal(batch: Batch, record_ids: list[int]) -> None:
    moved = MergeMove.objects.filter(record_id__in=record_ids, merge__batch=batch).values("merge_id")
    Merge.objects.filter(pk__in=moved, undone_at=None).update(undone_at=timezone.now(), undone_by=batch.actor_name)


def _remove_new_copies(batch: Batch, record_ids: list[int]) -> None:
    """Remove the copies that this import added. What the file said of them stays in the file and the revisions."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_item WHERE record_id = ANY(%s) AND batch_id = %s", [record_ids, batch.pk])
