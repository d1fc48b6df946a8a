"""Running an import: read, decide, write, a chunk a transaction, so that any death leaves a whole number of chunks."""

from functools import partial
from hashlib import blake2b

from django.db import IntegrityError, connection
from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import move, sole_runner
from lienthu.catalogue.actions.beside import chunks_beside
from lienthu.catalogue.actions.chunks import (
    HeadingCache,
    copy_rows,
    insert_headings,
    insert_identifiers,
    insert_new,
    insert_revisions,
    update_known,
)
from lienthu.catalogue.actions.clustering import settle
from lienthu.catalogue.actions.copies import CopiesWritten, Places, places_for, write_copies
from lienthu.catalogue.actions.incoming import Placed
from lienthu.catalogue.actions.mfhd import write_holdings
from lienthu.catalogue.actions.overlap import OneBehind
from lienthu.catalogue.actions.planning import Chunk, Progress, added, decide_chunk
from lienthu.catalogue.actions.preparing import Refused
from lienthu.catalogue.actions.reading import Reading, open_batch
from lienthu.catalogue.models import Batch, BatchStatus, Rejection, RejectionKind, Unchanged
from lienthu.identity.access import Actor
from lienthu.kernel.memory import without_cycle_search

RAW_KEPT = 64 << 10
ANALYSE_AFTER = frozenset({1, 10, 100})
FILLED_TABLES = [
    f"catalogue_{name}"
    for name in ("cluster", "sourcerecord", "revision", "identifier", "heading", "headinglink", "item")
]


def _analyse(*, filled_with: int) -> None:
    """Tell the planner when the tables have doubled by this import: plans made for empty tables read them whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'catalogue_sourcerecord'::regclass")
        if cursor.fetchone()[0] >= filled_with:
            return
        cursor.execute(f"ANALYZE {', '.join(FILLED_TABLES)}")


def run_import(*, actor: Actor, batch: Batch, progress: Progress | None = None) -> Batch:
    """Write what an import in state RUNNING has not written yet, and finish it.

    May run twice: the second run finds nothing left. Raises AlreadyRunning while another process is at it.
    """
    with sole_runner(batch):
        batch.refresh_from_db()
        if batch.status != BatchStatus.RUNNING:
            return batch
        reading = open_batch(batch)
        if reading.problem:
            give_up(actor, batch, reading)
            return batch
        places = places_for(batch.library_id)
        cache = HeadingCache()
        with reading, without_cycle_search(), chunks_beside(batch, reading) as chunks, OneBehind() as writer:
            for place, chunk in enumerate(chunks, start=1):
                writer.do(partial(_write_chunk, actor, batch, chunk, places=places, cache=cache, place=place))
                if progress:
                    progress(batch.counts, batch.done_offset, reading.size)
        _finish(actor, batch, reading)
    return batch


def give_up(actor: Actor, batch: Batch, reading: Reading) -> None:
    problem = reading.problem
    assert problem is not None
    with writing(actor) as w:
        move(batch, "UNREADABLE", problem={"code": problem.code, "params": problem.params})
        w.audit(
            "catalogue.import_unreadable",
            target=("import", batch.public_id),
            at=batch.library.code,
            details={"reason": problem.code},
        )


def _broke_off(batch: Batch, reading: Reading) -> list[Refused]:
    """An archive that turns out broken: what came out of it counts, and the report says where it ended."""
    problem = reading.problem
    if problem is None:
        return []
    return [Refused(batch.done_number + 1, batch.done_offset, 0, problem.code, dict(problem.params))]


def _finish(actor: Actor, batch: Batch, reading: Reading) -> None:
    with writing(actor) as w:
        broken = _broke_off(batch, reading)
        _keep_refused(batch, broken, CopiesWritten())
        counts = dict.fromkeys(("read", "created", "updated", "merged", "unchanged", "rejected"), 0) | batch.counts
        counts["rejected"] += len(broken)
        move(
            batch,
            "DONE",
            counts=counts,
            finished_at=timezone.now(),
            format=reading.format,
            encoding=reading.encoding,
        )
        Unchanged.objects.filter(batch_id=batch.pk).delete()
        w.audit(
            "catalogue.import_finished",
            target=("import", batch.public_id),
            at=batch.library.code,
            details={"counts": batch.counts},
        )


def _write_chunk(actor: Actor, batch: Batch, chunk: Chunk, *, places: Places, cache: HeadingCache, place: int) -> None:
    for last in (False, False, False, True):
        try:
            batch.counts = _write_chunk_once(actor, batch, chunk, places=places, cache=cache)
            batch.done_offset, batch.done_number = chunk.end_offset, chunk.end_number
            if place in ANALYSE_AFTER:
                _analyse(filled_with=batch.counts["created"])
            return
        except BaseException as error:
            # What this try put into the cache was taken back with its rows.
            cache.clear()
            # Another import took a number or made a heading between our look and our write: look again.
            if last or not isinstance(error, IntegrityError):
                raise


def _write_chunk_once(
    actor: Actor, batch: Batch, chunk: Chunk, *, places: Places, cache: HeadingCache
) -> dict[str, int]:
    with writing(actor) as w:
        _wait_for_no_disk()
        plan = decide_chunk(chunk, library_id=batch.library_id, batch_id=batch.pk)
        placed = insert_new(plan.created, library_id=batch.library_id, batch_id=batch.pk)
        placed += update_known(plan.updated, batch_id=batch.pk, change="UPDATED")
        insert_revisions(placed, batch_id=batch.pk, actor_id=actor.account_id, actor_name=actor.name)
        insert_identifiers(placed)
        insert_headings(placed, cache)
        merged = settle(w, placed, batch_id=batch.pk)
        copies = write_copies(placed, places=places, batch_id=batch.pk)
        held, unplaced = write_holdings(chunk.holdings, library_id=batch.library_id, batch_id=batch.pk)
        refused = chunk.refused + plan.refused + unplaced
        _keep_refused(batch, refused, copies)
        copy_rows("catalogue_unchanged", ["batch_id", "record_id"], ((batch.pk, r) for r in plan.unchanged_ids))
        counts = added(
            batch.counts,
            read=chunk.read,
            created=len(plan.created) + held.created,
            updated=len(plan.updated) + held.updated,
            merged=merged,
            unchanged=plan.unchanged + held.unchanged,
            rejected=len(refused),
            items_created=copies.created,
            items_updated=copies.updated,
            items_rejected=len(copies.refused),
        )
        _advance(batch, chunk, counts)
        w.audit(
            "catalogue.records_imported",
            target=("import", batch.public_id),
            at=batch.library.code,
            details={
                "numbers": [batch.done_number + 1, chunk.end_number],
                "created": len(plan.created),
                "updated": len(plan.updated),
                "records": _fingerprint(placed),
            },
        )
        w.publish("catalogue.records_saved", cluster_ids=list(dict.fromkeys(p.cluster_id for p in placed)))
    return counts


def _wait_for_no_disk() -> None:
    """Let this transaction commit before the disk has it.

    It carries its place in the file, so what a power cut takes back is done again by the resumed import; the end of the
    import is written as usual and takes everything before it to the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _fingerprint(placed: list[Placed]) -> str:
    """One digest over what this chunk wrote, so that the audit chain covers every record and its bytes."""
    digest = blake2b(digest_size=16)
    for p in placed:
        digest.update(b"%d.%d." % (p.record_id, p.revision))
        digest.update(p.incoming.digest)
    return digest.hexdigest()


def _keep_refused(batch: Batch, refused: list[Refused], copies: CopiesWritten) -> None:
    Rejection.objects.bulk_create(
        [
            Rejection(
                batch=batch,
                number=r.number,
                offset=r.offset,
                length=r.length,
                code=r.code,
                params=r.params,
                raw=r.raw[:RAW_KEPT],
            )
            for r in refused
        ]
        + [
            Rejection(
                batch=batch,
                kind=RejectionKind.ITEM,
                number=c.number,
                offset=c.offset,
                code="accession_number_taken",
                params={"accession_number": c.accession_number},
                raw=b"",
            )
            for c in copies.refused
        ]
    )


class LostPlace(RuntimeError):
    """The import moved under our feet: another process wrote the chunk that this one holds."""


def _advance(batch: Batch, chunk: Chunk, counts: dict[str, int]) -> None:
    moved = Batch.objects.filter(pk=batch.pk, status=BatchStatus.RUNNING, done_number=batch.done_number).update(
        done_offset=chunk.end_offset, done_number=chunk.end_number, counts=counts, moved_at=timezone.now()
    )
    if not moved:
        raise LostPlace(batch.public_id)
