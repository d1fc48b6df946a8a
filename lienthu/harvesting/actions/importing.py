"""Bringing what a run has collected into the catalogue: one import for all records, then the deletions."""

import gzip
import tempfile
from typing import BinaryIO

import zstandard

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import AlreadyRunning, commit_import, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.marc.marcxml import CLOSING, OPENING
from lienthu.catalogue.marc.problems import MarcError
from lienthu.harvesting.actions.collecting import latest
from lienthu.harvesting.actions.runs import change, counted, finish, worker_of
from lienthu.harvesting.actions.withdrawing import withdraw_gone
from lienthu.harvesting.models import Entry, Page, Run, Source
from lienthu.harvesting.oai import UnknownMetadata, marcxml_of, read_page
from lienthu.harvesting.policy import synced_until
from lienthu.kernel import storage


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


def _open_import(run: Run) -> None:
    """Gather the newest form of every record in one file and open an import for it."""
    with tempfile.TemporaryFile() as file:
        gathered, unreadable = _gather(run, file)
        file.seek(0)
        actor = worker_of(run)
        with writing(actor) as w:
            if not gathered:
                w.nothing_changed()
                change(run, counts=counted(run, unreadable=unreadable))
                return
            batch = start_import(
                actor=actor,
                library=run.source.library,
                source=file,
                file_name=f"{run.source.name} {run.public_id}.xml.gz",
            )
            commit_import(actor=actor, batch=batch, in_background=False)
            change(run, batch_id=batch.pk, counts=counted(run, unreadable=unreadable))
    run.batch = batch


def _gather(run: Run, file: BinaryIO) -> tuple[int, int]:
    """Write the records of all pages, each identifier once, as compressed MARCXML; (written, unreadable)."""
    gathered = unreadable = 0
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=2, mtime=0) as packed:
        packed.write(OPENING)
        for page in run.pages.order_by("number").iterator():
            wanted = dict(
                Entry.objects.filter(source=run.source, run=run, page_number=page.number, deleted=False).values_list(
                    "identifier", "control_number"
                )
            )
            for identifier, record in latest(read_page(bytes_of(page)).records if wanted else []).items():
                if identifier not in wanted or record.metadata is None:
                    continue
                number = wanted[identifier]
                try:
                    packed.write(marcxml_of(record.metadata, number=number, keep=record.control_number == number))
                except UnknownMetadata:
                    unreadable += 1
                    continue
                except MarcError:
                    # The import will say what is wrong with it.
                    packed.write(record.metadata + b"\n")
                gathered += 1
        packed.write(CLOSING)
    return gathered, unreadable


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
