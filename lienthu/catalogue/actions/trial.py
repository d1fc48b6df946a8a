"""The trial run of an import: everything is read and decided, and nothing is written but the report."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import move, sole_runner
from lienthu.catalogue.actions.beside import chunks_beside
from lienthu.catalogue.actions.clustering.trying import Joining, close_trial, open_trial, try_seats
from lienthu.catalogue.actions.imports import give_up
from lienthu.catalogue.actions.incoming import Incoming
from lienthu.catalogue.actions.planning import Chunk, Plan, Progress, added, decide_chunk
from lienthu.catalogue.actions.preparing import Refused
from lienthu.catalogue.actions.reading import Reading, open_batch
from lienthu.catalogue.models import Batch, BatchStatus, Cluster
from lienthu.identity.access import Actor
from lienthu.kernel.memory import without_cycle_search

SAMPLES = 8
REFUSED_LISTED = 200


def check_import(*, actor: Actor, batch: Batch, progress: Progress | None = None) -> Batch:
    """Trial run of an import in state CHECKING: read everything, decide, write nothing but the report of the trial."""
    with sole_runner(batch):
        batch.refresh_from_db()
        if batch.status != BatchStatus.CHECKING:
            return batch
        reading = open_batch(batch, from_start=True)
        if reading.problem:
            give_up(actor, batch, reading)
            return batch
        report = _trial(batch, reading, progress)
        with writing(actor) as w:
            move(batch, "CHECKED", dry_run=report, format=reading.format, encoding=reading.encoding)
            w.nothing_changed()
    return batch


def _trial(batch: Batch, reading: Reading, progress: Progress | None) -> dict[str, Any]:
    counts: dict[str, int] = {}
    samples: list[dict[str, Any]] = []
    merging: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    with (
        reading,
        without_cycle_search(),
        chunks_beside(batch, reading, from_start=True) as chunks,
        connection.cursor() as cursor,
    ):
        # Numbers met so far lie in the database, not in memory: a file may hold millions.
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS trial_met (control_number text PRIMARY KEY, digest bytea)")
        cursor.execute("TRUNCATE trial_met")
        open_trial()
        for chunk in chunks:
            plan = _decide_against_trial(chunk, batch)
            joining = try_seats(plan.created, plan.updated)
            all_refused = chunk.refused + plan.refused
            counts = added(
                counts,
                read=chunk.read,
                created=len(plan.created),
                updated=len(plan.updated),
                merged=len(joining),
                unchanged=plan.unchanged,
                rejected=len(all_refused),
                holdings=len(chunk.holdings),
                items=sum(len(i.copies) for i in plan.created),
            )
            samples += [_sample(i) for i in plan.created[: SAMPLES - len(samples)]]
            merging += _merge_samples(joining[: SAMPLES - len(merging)])
            refused += [r.as_dict() for r in all_refused[: REFUSED_LISTED - len(refused)]]
            _note_progress(batch, counts, chunk, reading.size)
            if progress:
                progress(counts, chunk.end_offset, reading.size)
        cursor.execute("DROP TABLE trial_met")
        close_trial()
    if reading.problem:
        counts["rejected"] = counts.get("rejected", 0) + 1
        at = counts.get("read", 0) + 1
        refused.append(Refused(at, 0, 0, reading.problem.code, dict(reading.problem.params)).as_dict())
    return {
        "counts": counts,
        "samples": samples,
        "merging": merging,
        "refused": refused,
        **reading.old_text(),
        "size": reading.size,
        "position": reading.size,
    }


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


def _merge_samples(joining: Sequence[Joining]) -> list[dict[str, Any]]:
    """Records that would join, each with the title and the address of the union record that is there already."""
    there = Cluster.objects.in_bulk([one.cluster_id for one in joining if one.cluster_id])
    samples = []
    for one in joining:
        found = there.get(one.cluster_id or 0)
        samples.append(
            _sample(one.incoming)
            | {"with": found.public_id if found else "", "with_title": found.title if found else ""}
        )
    return samples


def _note_progress(batch: Batch, counts: dict[str, int], chunk: Chunk, size: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(
        dry_run={"counts": counts, "position": chunk.end_offset, "size": size}, moved_at=timezone.now()
    )
