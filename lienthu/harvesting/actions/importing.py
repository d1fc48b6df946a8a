"""Bringing what a run has collected into the catalogue: one import for all records, then the deletions."""

import gzip
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from lienthu.audit.actions import writing
from lienthu.catalogue import marc
from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.marc.marcxml import CLOSING, OPENING, build, standalone
from lienthu.catalogue.marc.problems import MarcError
from lienthu.harvesting.actions.collecting import latest
from lienthu.harvesting.actions.runs import change, counted, finish, worker_of
from lienthu.harvesting.actions.withdrawing import withdraw_gone
from lienthu.harvesting.models import Entry, Page, Run, Source
from lienthu.harvesting.oai import Record, UnknownMetadata, marcxml_of, read_page
from lienthu.harvesting.policy import synced_until
from lienthu.kernel import storage
from lienthu.kernel.locks import AlreadyRunning
from lienthu.libraries.queries import libraries


def import_collected(run: Run) -> None:
    """Import what came, withdraw what is gone, and close the run. May run twice; leaves an import to who is at it."""
    if run.batch_id is None and "unreadable" not in run.counts:
        _open_import(run)
    if run.batch is not None:
        try:
            batch = run_import(actor=worker_of(run), batch=run.batch)
        except AlreadyRunning:
            return
        if batch.status == "RUNNING":
            return
        if batch.status == "UNREADABLE":
            finish(run, state="STOPPED", problem={"code": "import_unreadable", "params": {}})
            return
    withdraw_gone(run)
    _close(run)


@dataclass(slots=True)
class _Gathered:
    """What went into the file of a run: records written, records in no known format, copies of others left out."""

    written: int = 0
    unreadable: int = 0
    foreign_copies: int = 0


def _open_import(run: Run) -> None:
    """Gather the newest form of every record in one file and open an import for it."""
    with tempfile.TemporaryFile() as file:
        gathered = _gather(run, file)
        notes = run.notes
        if gathered.foreign_copies:
            notes = [*notes, ["foreign_copies", {"count": gathered.foreign_copies}]]
        progress = {"counts": counted(run, unreadable=gathered.unreadable), "notes": notes}
        file.seek(0)
        actor = worker_of(run)
        with writing(actor) as w:
            if not gathered.written:
                w.nothing_changed()
                change(run, **progress)
                return
            batch = start_import(
                actor=actor,
                library=run.source.library,
                source=file,
                file_name=f"{run.source.name} {run.public_id}.xml.gz",
            )
            commit_import(actor=actor, batch=batch, in_background=False)
            change(run, batch_id=batch.pk, **progress)
    run.batch = batch


def _gather(run: Run, file: BinaryIO) -> _Gathered:
    """Write the records of all pages, each identifier once, as compressed MARCXML."""
    gathered, foreign = _Gathered(), _foreign_codes(run.source)
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=2, mtime=0) as packed:
        packed.write(OPENING)
        for page in run.pages.order_by("number").iterator():
            wanted = dict(
                Entry.objects.filter(source=run.source, run=run, page_number=page.number, deleted=False).values_list(
                    "identifier", "control_number"
                )
            )
            for identifier, record in latest(read_page(bytes_of(page)).records if wanted else []).items():
                if identifier in wanted and record.metadata is not None:
                    packed.write(_element(record, wanted[identifier], foreign, gathered))
        packed.write(CLOSING)
    return gathered


def _element(record: Record, number: str, foreign: frozenset[str], gathered: _Gathered) -> bytes:
    """One record as MARCXML under its control number, without copies that belong to others; empty when unreadable."""
    assert record.metadata is not None
    try:
        element = marcxml_of(record.metadata, number=number, keep=record.control_number == number)
        own, left_out = _own_copies(element, foreign)
    except UnknownMetadata:
        gathered.unreadable += 1
        return b""
    except MarcError:
        # The import will say what is wrong with it.
        own, left_out = record.metadata + b"\n", 0
    gathered.written += 1
    gathered.foreign_copies += left_out
    return own


def _foreign_codes(source: Source) -> frozenset[str]:
    """Codes of the network's libraries that the fed library does not speak for."""
    inside = source.library.scope.path
    return frozenset(
        code.casefold() for code, path in libraries().values_list("code", "scope__path") if not path.startswith(inside)
    )


def _own_copies(element: bytes, foreign: frozenset[str]) -> tuple[bytes, int]:
    """Leave out the copies that a source states for libraries of the network that are not its own; how many.

    An outside server must not put books on anybody else's shelves.
    """
    if b'tag="852"' not in element and b'tag="9' not in element:
        return element, 0
    record = standalone(element)
    kept = [
        one
        for one in record.fields
        if not (one.tag == "852" or one.tag.startswith("9"))
        or not any(value.strip().casefold() in foreign for _code, value in one.subfields)
    ]
    left_out = len(record.fields) - len(kept)
    return (build(marc.Record(record.leader, kept)), left_out) if left_out else (element, 0)


def bytes_of(page: Page) -> bytes:
    """A page exactly as it came."""
    with storage.open_stored(page.file_key) as file:
        return zstandard.ZstdDecompressor().decompress(file.read(), max_output_size=page.size)


def _close(run: Run) -> None:
    """Note how far the source is complete now, and end the run."""
    if run.problem is None:
        begun = run.started_at or run.created_at
        Source.objects.filter(pk=run.source_id).update(
            synced_to=synced_until(server_time=run.server_time, started=begun), succeeded_at=begun
        )
        finish(run, state="DONE")
    else:
        finish(run, state="STOPPED", problem=run.problem)
