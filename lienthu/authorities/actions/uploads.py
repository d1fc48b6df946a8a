"""A file of authority records at the desk: kept, tried, and taken in by a job that goes on where it was killed."""

from typing import BinaryIO

from django.conf import settings
from django.db.models import F

from lienthu.audit.actions import writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.importing import ImportReport, import_file, try_file
from lienthu.authorities.actions.taking_back import take_back
from lienthu.authorities.models import Upload, UploadLeft, UploadState
from lienthu.authorities.policy.left import Left
from lienthu.identity.access import Actor
from lienthu.intake.names import display_name
from lienthu.kernel import clock, storage
from lienthu.kernel.locks import sole_runner

# One runner per file; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_308
WORKING = (UploadState.CHECKING, UploadState.RUNNING, UploadState.RETURNING)


def start_upload(*, actor: Actor, source: BinaryIO, file_name: str) -> Upload:
    """Keep the file byte for byte and have it tried; nothing of it is read yet.

    Raises Refused, storage.TooLarge beyond the upload limit.
    """
    require_edit(actor)
    stored = storage.save_stream(source, max_bytes=settings.UPLOAD_MAX_BYTES)
    with writing(actor) as w:
        upload = Upload.objects.create(
            file_key=stored.key,
            file_name=display_name(file_name),
            file_size=stored.size,
            actor_id=actor.account_id,
            actor_name=actor.name,
        )
        w.audit(
            "authorities.file_uploaded",
            target=("authority_file", upload.public_id),
            details={"file": upload.file_name, "size": stored.size, "sha256": stored.sha256},
        )
        w.publish("authorities.upload_requested", upload_id=upload.pk)
    return upload


def commit_upload(*, actor: Actor, upload: Upload) -> None:
    """Let a file that was tried be taken in. Raises Refused, NotPossible when it is not waiting for that."""
    require_edit(actor)
    with writing(actor) as w:
        moved = Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKED).update(
            state=UploadState.RUNNING, counts={}, position=0, problem=""
        )
        if not moved:
            raise NotPossible("not_waiting")
        upload.left.all().delete()
        w.audit("authorities.file_committed", target=("authority_file", upload.public_id))
        w.publish("authorities.upload_requested", upload_id=upload.pk)


def work_on_upload(*, actor: Actor, upload: Upload) -> Upload:
    """Try the file, take it in or take it back, as its state asks. May run twice.

    Raises AlreadyRunning while another process is at it.
    """
    with sole_runner(LOCK_CLASS, upload.pk):
        upload.refresh_from_db()
        if upload.state == UploadState.RETURNING:
            take_back(actor, upload)
        elif upload.state in WORKING:
            with storage.open_stored(upload.file_key) as file:
                work = _try if upload.state == UploadState.CHECKING else _take
                work(actor, upload, file.file)
        upload.refresh_from_db()
    return upload


def _try(actor: Actor, upload: Upload, source: BinaryIO) -> None:
    upload.left.all().delete()

    def keep(report: ImportReport, left: list[Left], position: int) -> None:
        _note(upload, report, left, position)

    report = try_file(actor=actor, source=source, keep=keep)
    unreadable = report.problem and not report.counts["read"]
    Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKING).update(
        state=UploadState.UNREADABLE if unreadable else UploadState.CHECKED,
        counts=report.counts,
        samples=report.samples,
        problem=report.problem,
        position=F("file_size"),
    )


def _take(actor: Actor, upload: Upload, source: BinaryIO) -> None:
    def keep(report: ImportReport, left: list[Left], position: int) -> None:
        _note(upload, report, left, position)

    report = ImportReport(upload_id=upload.pk)
    report.counts.update(upload.counts)
    import_file(actor=actor, source=source, report=report, keep=keep)
    with writing(actor) as w:
        Upload.objects.filter(pk=upload.pk, state=UploadState.RUNNING).update(
            state=UploadState.DONE,
            counts=report.counts,
            problem=report.problem,
            position=F("file_size"),
            finished_at=clock.now(),
        )
        w.audit("authorities.file_finished", target=("authority_file", upload.public_id), details=dict(report.counts))


def _note(upload: Upload, report: ImportReport, left: list[Left], position: int) -> None:
    """What is known after a chunk; for an import it commits with the chunk."""
    UploadLeft.objects.bulk_create(
        [UploadLeft(upload=upload, number=o.number, offset=o.offset, code=o.code, text=o.text) for o in left]
    )
    Upload.objects.filter(pk=upload.pk).update(counts=report.counts, position=position)
