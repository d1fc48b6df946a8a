"""Running an import: read, decide, write, a chunk a transaction, so that any death leaves a whole number of chunks."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import move, sole_runner
from lienthu.catalogue.actions.chunks import (
    HeadingCache,
    copy_rows,
    find_existing,
    insert_headings,
    insert_identifiers,
    insert_new,
    insert_revisions,
    update_known,
)
from lienthu.catalogue.actions.copies import CopiesWritten, Places, places_for, write_copies
from lienthu.catalogue.actions.incoming import Incoming, Placed
from lienthu.catalogue.actions.mfhd import write_holdings
from lienthu.catalogue.actions.overlap import OneBehind
from lienthu.catalogue.actions.preparing import HOLDINGS_TYPES, Refused, prepare
from lienthu.catalogue.actions.reading import Reading, open_batch
from lienthu.catalogue.models import Batch, BatchStatus, Rejection, RejectionKind, Unchanged
from lienthu.catalogue.policy import Existing, Outcome, decide_record
from lienthu.identity.access import Actor

CHUNK_RECORDS = 1000
CHUNK_BYTES = 8 << 20
RAW_KEPT = 64 << 10
ANALYSE_AFTER = frozenset({1, 10, 100})
FILLED_TABLES = [
    f"catalogue_{name}"
    for name in ("cluster", "sourcerecord", "revision", "identifier", "heading", "headinglink", "item")
]
SAMPLES = 8

Progress = Callable[[dict[str, int], int, int], None]


@dataclass(slots=True)
class Chunk:
    """What was read of a file before the next write; `end_*` is where the rest of the file begins."""

    incoming: list[Incoming] = field(default_factory=list)
    holdings: list[Incoming] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    read: int = 0
    size: int = 0
    end_offset: int = 0
    end_number: int = 0

    @property
    def full(self) -> bool:
        return self.read >= CHUNK_RECORDS or self.size >= CHUNK_BYTES


def chunks_of(reading: Reading) -> Iterator[Chunk]:
    """Cut a reading into chunks. The cut depends on the file alone, so a resumed run cuts as an unbroken one."""
    chunk = Chunk()
    for found in reading:
        prepared = prepare(found, profile=reading.item_profile)
        chunk.read += 1
        chunk.size += len(found.raw)
        chunk.end_offset, chunk.end_number = found.next
        if isinstance(prepared, Refused):
            chunk.refused.append(prepared)
        elif prepared.record.leader[6:7] in HOLDINGS_TYPES:
            chunk.holdings.append(prepared)
        else:
            chunk.incoming.append(prepared)
        if chunk.full:
            yield chunk
            chunk = Chunk()
    if chunk.read:
        yield chunk


def _analyse(*, filled_with: int) -> None:
    """Tell the planner when the tables have doubled by this import: plans made for empty tables read them whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'catalogue_sourcerecord'::regclass")
        if cursor.fetchone()[0] >= filled_with:
            return
        cursor.execute(f"ANALYZE {', '.join(FILLED_TABLES)}")


@contextmanager
def _without_gc() -> Iterator[None]:
    # Parsed records are trees without cycles; walking them over and over costs a fifth of the import.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


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
            _give_up(actor, batch, reading)
            return batch
        places = places_for(batch.library_id)
        cache = HeadingCache()
        with reading, _without_gc(), OneBehind() as writer:
            for place, chunk in enumerate(chunks_of(reading), start=1):
                writer.do(partial(_write_chunk, actor, batch, chunk, places=places, cache=cache, place=place))
                if progress:
                    progress(batch.counts, batch.done_offset, reading.size)
        _finish(actor, batch, reading)
    return batch


def _give_up(actor: Actor, batch: Batch, reading: Reading) -> None:
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
        plan = decide_chunk(chunk, library_id=batch.library_id, batch_id=batch.pk)
        placed = insert_new(plan.created, library_id=batch.library_id, batch_id=batch.pk)
        placed += update_known(plan.updated, batch_id=batch.pk, change="UPDATED")
        insert_revisions(placed, batch_id=batch.pk, actor_id=actor.account_id, actor_name=actor.name)
        insert_identifiers(placed)
        insert_headings(placed, cache)
        copies = write_copies(placed, places=places, batch_id=batch.pk)
        held, unplaced = write_holdings(chunk.holdings, library_id=batch.library_id, batch_id=batch.pk)
        refused = chunk.refused + plan.refused + unplaced
        _keep_refused(batch, refused, copies)
        copy_rows("catalogue_unchanged", ["batch_id", "record_id"], ((batch.pk, r) for r in plan.unchanged_ids))
        counts = _added(
            batch.counts,
            read=chunk.read,
            created=len(plan.created) + held.created,
            updated=len(plan.updated) + held.updated,
            merged=0,
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
        w.publish("catalogue.records_saved", cluster_ids=[p.cluster_id for p in placed])
    return counts


def _fingerprint(placed: list[Placed]) -> str:
    """One digest over what this chunk wrote, so that the audit chain covers every record and its bytes."""
    digest = blake2b(digest_size=16)
    for p in placed:
        digest.update(b"%d.%d." % (p.record_id, p.revision))
        digest.update(p.incoming.digest)
    return digest.hexdigest()


@dataclass(slots=True)
class Plan:
    """What a chunk comes to, before anything is written."""

    created: list[Incoming] = field(default_factory=list)
    updated: list[tuple[Incoming, Existing]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0
    unchanged_ids: set[int] = field(default_factory=set)


def decide_chunk(chunk: Chunk, *, library_id: int, batch_id: int) -> Plan:
    """Decide about every record of a chunk with one look at the database."""
    known = find_existing(
        library_id=library_id, batch_id=batch_id, control_numbers=[i.control_number for i in chunk.incoming]
    )
    plan = Plan()
    met: dict[str, Existing] = {}
    for incoming in chunk.incoming:
        number = incoming.control_number
        existing = met.get(number) or known.get(number)
        decision = decide_record(
            existing=existing, digest=incoming.digest, title=incoming.description.title, control_number=number
        )
        if decision.outcome is Outcome.REJECTED:
            plan.refused.append(Refused.of(incoming, code=decision.code, params=decision.params))
            continue
        if decision.outcome is Outcome.CREATED:
            plan.created.append(incoming)
        elif decision.outcome is Outcome.UPDATED and existing:
            plan.updated.append((incoming, existing))
        else:
            plan.unchanged += 1
            if existing and not existing.met_in_this_file:
                plan.unchanged_ids.add(existing.record_id)
        met.setdefault(
            number,
            Existing(
                record_id=existing.record_id if existing else 0,
                cluster_id=existing.cluster_id if existing else 0,
                digest=incoming.digest,
                is_active=True,
                met_in_this_file=True,
            ),
        )
    return plan


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


def _added(counts: dict[str, int], **more: int) -> dict[str, int]:
    return {key: counts.get(key, 0) + value for key, value in more.items()}


class LostPlace(RuntimeError):
    """The import moved under our feet: another process wrote the chunk that this one holds."""


def _advance(batch: Batch, chunk: Chunk, counts: dict[str, int]) -> None:
    moved = Batch.objects.filter(pk=batch.pk, status=BatchStatus.RUNNING, done_number=batch.done_number).update(
        done_offset=chunk.end_offset, done_number=chunk.end_number, counts=counts, moved_at=timezone.now()
    )
    if not moved:
        raise LostPlace(batch.public_id)


def check_import(*, actor: Actor, batch: Batch, progress: Progress | None = None) -> Batch:
    """Trial run of an import in state CHECKING: read everything, decide, write nothing but the report of the trial."""
    with sole_runner(batch):
        batch.refresh_from_db()
        if batch.status != BatchStatus.CHECKING:
            return batch
        reading = open_batch(batch, from_start=True)
        if reading.problem:
            _give_up(actor, batch, reading)
            return batch
        report = _trial(batch, reading, progress)
        with writing(actor) as w:
            move(batch, "CHECKED", dry_run=report, format=reading.format, encoding=reading.encoding)
            w.nothing_changed()
    return batch


def _trial(batch: Batch, reading: Reading, progress: Progress | None) -> dict[str, Any]:
    counts: dict[str, int] = {}
    samples: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    with reading, _without_gc(), connection.cursor() as cursor:
        # Numbers met so far lie in the database, not in memory: a file may hold millions.
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS trial_met (control_number text PRIMARY KEY, digest bytea)")
        cursor.execute("TRUNCATE trial_met")
        for chunk in chunks_of(reading):
            plan = _decide_against_trial(chunk, batch)
            all_refused = chunk.refused + plan.refused
            counts = _added(
                counts,
                read=chunk.read,
                created=len(plan.created),
                updated=len(plan.updated),
                merged=0,
                unchanged=plan.unchanged,
                rejected=len(all_refused),
                holdings=len(chunk.holdings),
                items=sum(len(i.copies) for i in plan.created),
            )
            samples += [_sample(i) for i in plan.created[: SAMPLES - len(samples)]]
            refused += [r.as_dict() for r in all_refused[: 200 - len(refused)]]
            _note_progress(batch, counts, chunk, reading.size)
            if progress:
                progress(counts, chunk.end_offset, reading.size)
        cursor.execute("DROP TABLE trial_met")
    if reading.problem:
        counts["rejected"] = counts.get("rejected", 0) + 1
        at = counts.get("read", 0) + 1
        refused.append(Refused(at, 0, 0, reading.problem.code, dict(reading.problem.params)).as_dict())
    return {"counts": counts, "samples": samples, "refused": refused, "size": reading.size, "position": reading.size}


def _decide_against_trial(chunk: Chunk, batch: Batch) -> Plan:
    plan = decide_chunk(chunk, library_id=batch.library_id, batch_id=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT control_number, digest FROM trial_met WHERE control_number = ANY(%s)",
            [[i.control_number for i in chunk.incoming]],
        )
        earlier = {number: bytes(digest) for number, digest in cursor.fetchall()}
        cursor.execute(
            "INSERT INTO trial_met SELECT * FROM unnest(%s::text[], %s::bytea[]) ON CONFLICT DO NOTHING",
            [[i.control_number for i in chunk.incoming], [i.digest for i in chunk.incoming]],
        )
    if not earlier:
        return plan
    again = [i for i in plan.created if i.control_number in earlier]
    again += [i for i, _ in plan.updated if i.control_number in earlier]
    for incoming in again:
        if earlier[incoming.control_number] == incoming.digest:
            plan.unchanged += 1
        else:
            params = {"control_number": incoming.control_number}
            plan.refused.append(Refused.of(incoming, code="control_number_twice", params=params))
    plan.created = [i for i in plan.created if i.control_number not in earlier]
    plan.updated = [(i, e) for i, e in plan.updated if i.control_number not in earlier]
    return plan


def _sample(incoming: Incoming) -> dict[str, Any]:
    description = incoming.description
    return {
        "number": incoming.number,
        "title": description.title,
        "authors": description.authors[:3],
        "year": description.year,
        "items": len(incoming.copies),
    }


def _note_progress(batch: Batch, counts: dict[str, int], chunk: Chunk, size: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(
        dry_run={"counts": counts, "position": chunk.end_offset, "size": size}, moved_at=timezone.now()
    )
