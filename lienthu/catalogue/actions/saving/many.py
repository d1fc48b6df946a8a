"""Many records in one transaction, for rules of the network and edits of a whole selection."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.actions.chunks import update_known
from lienthu.catalogue.actions.copies import places_for
from lienthu.catalogue.actions.incoming import Incoming, Placed
from lienthu.catalogue.actions.saving.content import (
    RecordRefused,
    fingerprint,
    locked_records,
    next_state,
    same_content,
)
from lienthu.catalogue.actions.saving.details import taken_numbers, write_details
from lienthu.catalogue.actions.saving.single import TRIES, Saved
from lienthu.catalogue.marc import Problem, Record
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.policy import Existing


@dataclass(frozen=True, slots=True)
class NotSaved:
    """A record of `save_many` that was left alone: somebody changed it (`current`), or it was refused (`problems`)."""

    record_id: int
    current: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class SavedMany:
    """What became of the records of `save_many`; one that came out as it was is in neither list."""

    saved: list[Saved] = field(default_factory=list)
    not_saved: list[NotSaved] = field(default_factory=list)


def save_many(w: Writing, changes: Sequence[tuple[int, int, Record]]) -> SavedMany:
    """Write the next revision of many records: (record id, revision that was read, new content).

    Asks for no permission: the caller has asked, or a rule of the network acts. A record that somebody changed since,
    or that cannot be kept, is left alone and named in the result; the others are written all the same.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with writing(w.actor) as inner:
                return _save_many(inner, changes)
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _save_many(w: Writing, changes: Sequence[tuple[int, int, Record]]) -> SavedMany:
    result = SavedMany()
    locked = locked_records([record_id for record_id, _, _ in changes])
    owners = {
        pk: (number, library_id)
        for pk, number, library_id in SourceRecord.objects.filter(pk__in=locked).values_list(
            "pk", "control_number", "library_id"
        )
    }
    places = {library_id: places_for(library_id) for library_id in {library for _number, library in owners.values()}}
    pairs: list[tuple[Incoming, Existing]] = []
    for record_id, expected, marc in changes:
        existing, current = locked[record_id]
        if current.revision != expected:
            result.not_saved.append(NotSaved(record_id, current=current.revision))
            continue
        try:
            incoming = next_state(marc, current, owners[record_id][0])
            taken = taken_numbers(incoming, record_id=record_id, places=places[owners[record_id][1]])
            if taken:
                raise RecordRefused(taken)
        except RecordRefused as refusal:
            result.not_saved.append(NotSaved(record_id, problems=refusal.problems))
            continue
        if not same_content(incoming.record, current.marc):
            pairs.append((incoming, existing))
    if not pairs:
        w.nothing_changed()
        return result
    placed = update_known(pairs, batch_id=None, change="UPDATED")
    grouped: dict[int, list[Placed]] = {}
    for p in placed:
        grouped.setdefault(owners[p.record_id][1], []).append(p)
    for library_id, of_library in grouped.items():
        write_details(w, of_library, places[library_id])
    result.saved = [Saved(p.record_id, p.cluster_id, p.revision) for p in placed]
    w.audit(
        "catalogue.records_changed",
        target=("records", len(placed)),
        details={"records": fingerprint(placed), "first": placed[0].record_id, "last": placed[-1].record_id},
    )
    w.publish("catalogue.records_saved", cluster_ids=sorted({p.cluster_id for p in placed}))
    return result
