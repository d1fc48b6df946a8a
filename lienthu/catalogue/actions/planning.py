"""Cutting the file of an import into chunks and deciding about each; shared by the trial and the run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lienthu.catalogue.actions.chunks import find_existing
from lienthu.catalogue.actions.incoming import Incoming
from lienthu.catalogue.actions.preparing import HOLDINGS_TYPES, Refused, prepare
from lienthu.catalogue.actions.reading import Reading
from lienthu.catalogue.policy import Existing, Outcome, decide_record

CHUNK_RECORDS = 1000
CHUNK_BYTES = 8 << 20

Progress = Callable[[dict[str, int], int, int], None]
"""Called with the counts so far, bytes done and bytes in all."""


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


def added(counts: dict[str, int], **more: int) -> dict[str, int]:
    return {key: counts.get(key, 0) + value for key, value in more.items()}
