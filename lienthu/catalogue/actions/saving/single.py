"""One record of the desk: made, changed."""

from dataclasses import dataclass

from django.db import IntegrityError

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.chunks import insert_new, update_known
from lienthu.catalogue.actions.copies import places_for
from lienthu.catalogue.actions.incoming import Incoming
from lienthu.catalogue.actions.records import ChangedMeanwhile
from lienthu.catalogue.actions.saving.content import (
    RecordRefused,
    incoming_of,
    locked_records,
    next_state,
    numbered,
    same_content,
)
from lienthu.catalogue.actions.saving.details import taken_numbers, write_details
from lienthu.catalogue.marc import Record
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.wording import problem
from lienthu.identity.access import Actor, may, require
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, libraries

TRIES = 4


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a record stands after a save; `revision` is the old one when nothing had to be written."""

    record_id: int
    cluster_id: int
    revision: int


def save_record(
    *,
    actor: Actor,
    library: Library,
    marc: Record,
    record: SourceRecord | None = None,
    expected: int | None = None,
) -> Saved:
    """Write a new record of `library`, or the next revision of `record`.

    `expected` is the revision that the person saw; None saves over whatever is there. The control number of a new
    record comes from the library's sequence and that of a known one stays, whatever 001 says; 005 is set here.
    Copies that the record states newly or differently are written; those of other libraries need permission there.
    Raises Refused, ChangedMeanwhile, RecordRefused.
    """
    holder = record.library if record else library
    require(actor, EDIT, at=holder.scope)
    for attempt in range(1, TRIES + 1):
        try:
            with writing(actor) as w:
                return _save(w, actor, holder, marc, record.pk if record else None, expected)
        except IntegrityError:
            # Somebody made the same heading, number or copy between our look and our write: look again.
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _save(
    w: Writing, actor: Actor, library: Library, marc: Record, record_id: int | None, expected: int | None
) -> Saved:
    if record_id is None:
        incoming = incoming_of(numbered(marc, library))
        _check_copies(actor, library, incoming, None)
        placed = insert_new([incoming], library_id=library.pk, batch_id=None)
    else:
        existing, current = locked_records([record_id])[record_id]
        if expected is not None and current.revision != expected:
            raise ChangedMeanwhile(current=current.revision)
        number = SourceRecord.objects.values_list("control_number", flat=True).get(pk=record_id)
        incoming = next_state(marc, current, number)
        if same_content(incoming.record, current.marc):
            w.nothing_changed()
            return Saved(record_id, existing.cluster_id, current.revision)
        _check_copies(actor, library, incoming, record_id)
        placed = update_known([(incoming, existing)], batch_id=None, change="UPDATED")
    write_details(w, placed, places_for(library.pk))
    (one,) = placed
    w.audit(
        "catalogue.record_saved",
        target=("record", ids.encode(one.cluster_id)),
        at=library.code,
        details={"record": incoming.control_number, "to": one.revision, "digest": incoming.digest.hex()},
    )
    w.publish("catalogue.records_saved", cluster_ids=[one.cluster_id])
    return Saved(one.record_id, one.cluster_id, one.revision)


def _check_copies(actor: Actor, library: Library, incoming: Incoming, record_id: int | None) -> None:
    problems = taken_numbers(incoming, record_id=record_id, places=places_for(library.pk))
    elsewhere = {draft.library: draft.source_key[:3] for draft in incoming.copies if draft.library != library.code}
    if elsewhere:
        problems += [
            problem("copy_elsewhere", tag=elsewhere[other.code], library=other.code)
            for other in libraries()
            if other.code in elsewhere and not may(actor, EDIT, other.scope)
        ]
    if problems:
        raise RecordRefused(problems)
