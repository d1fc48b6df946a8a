"""The life of an import as a whole: taken in, checked, committed, finished."""

from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.access import IMPORT, REVERT
from lienthu.catalogue.actions.sources import remember
from lienthu.catalogue.models import Batch
from lienthu.catalogue.policy import may_follow
from lienthu.identity.access import Actor, require
from lienthu.intake.names import display_name
from lienthu.kernel import locks, storage
from lienthu.libraries.queries import Library

# One runner per import; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_301


class WrongState(ValueError):
    """The import is not in a state from which this step may start."""

    def __init__(self, *, current: str, wanted: str) -> None:
        super().__init__(f"{current} -> {wanted}")
        self.current, self.wanted = current, wanted


def start_import(
    *,
    actor: Actor,
    library: Library,
    source: BinaryIO,
    file_name: str,
    item_profile: str = "auto",
    mapping: dict[str, Any] | None = None,
) -> Batch:
    """Keep the file byte for byte and open an import for it; nothing of it is read yet.

    Raises Refused without the permission at the library, storage.TooLarge beyond the upload limit.
    """
    require(actor, IMPORT, at=library.scope)
    stored = storage.save_stream(source, max_bytes=settings.UPLOAD_MAX_BYTES)
    with writing(actor) as w:
        batch = Batch.objects.create(
            library=library,
            file_key=stored.key,
            file_name=display_name(file_name),
            file_size=stored.size,
            file_sha256=stored.sha256,
            item_profile=item_profile,
            mapping=mapping,
            actor_id=actor.account_id,
            actor_name=actor.name,
        )
        w.audit(
            "catalogue.import_started",
            target=("import", batch.public_id),
            at=library.code,
            details={"file": batch.file_name, "size": stored.size, "sha256": stored.sha256},
        )
    return batch


def move(batch: Batch, status: str, **changes: Any) -> None:
    """Bring an import to its next state; WrongState when the table of transitions does not allow it.

    Updates only where the row still has the state that the caller saw, so two clicks start one run.
    """
    if not may_follow(current=batch.status, wanted=status):
        raise WrongState(current=batch.status, wanted=status)
    changes |= {"status": status, "moved_at": timezone.now()}
    if not Batch.objects.filter(pk=batch.pk, status=batch.status).update(**changes):
        raise WrongState(current=Batch.objects.values_list("status", flat=True).get(pk=batch.pk), wanted=status)
    for name, value in changes.items():
        setattr(batch, name, value)


def request_check(*, actor: Actor, batch: Batch, mapping: dict[str, Any] | None = None) -> None:
    """Ask for a trial run in the background: it reads everything and writes no record."""
    require(actor, IMPORT, at=batch.library.scope)
    with writing(actor) as w:
        changes = {"mapping": mapping} if mapping is not None else {}
        move(batch, "CHECKING", dry_run=None, **changes)
        w.audit("catalogue.import_checked", target=("import", batch.public_id), at=batch.library.code)
        w.publish("catalogue.import_requested", batch_id=batch.pk, step="check")


def commit_import(*, actor: Actor, batch: Batch, in_background: bool = True) -> None:
    """Let an import write. With `in_background` a job does it; else the caller runs it."""
    require(actor, IMPORT, at=batch.library.scope)
    with writing(actor) as w:
        move(batch, "RUNNING", done_offset=0, done_number=0, counts={}, started_at=timezone.now())
        batch.rejections.all().delete()
        remember(actor=actor, batch=batch)
        w.audit("catalogue.import_committed", target=("import", batch.public_id), at=batch.library.code)
        if in_background:
            w.publish("catalogue.import_requested", batch_id=batch.pk, step="run")


def request_revert(*, actor: Actor, batch: Batch, in_background: bool = True) -> None:
    """Take an import back whole: its new records are withdrawn, those it changed return to the state before."""
    require(actor, REVERT, at=batch.library.scope)
    with writing(actor) as w:
        move(batch, "REVERTING")
        w.audit("catalogue.import_revert_started", target=("import", batch.public_id), at=batch.library.code)
        if in_background:
            w.publish("catalogue.import_requested", batch_id=batch.pk, step="revert")


def sole_runner(batch: Batch) -> AbstractContextManager[None]:
    """Hold the lock of an import while working on it. Raises AlreadyRunning when somebody else holds it."""
    return locks.sole_runner(LOCK_CLASS, batch.pk)
