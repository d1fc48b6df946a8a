"""Changing single records: every change is a new revision, and every old one can come back."""

from collections.abc import Mapping, Sequence

from django.db import connection

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.chunks import (
    HeadingCache,
    find_by_id,
    insert_headings,
    insert_identifiers,
    insert_revisions,
    update_known,
)
from lienthu.catalogue.actions.clustering import lock_matching, settle
from lienthu.catalogue.actions.copies import places_for, write_copies
from lienthu.catalogue.actions.incoming import Placed
from lienthu.catalogue.actions.preparing import copies_of, incoming_of_revision
from lienthu.catalogue.marc import Record
from lienthu.catalogue.models import Revision, SourceRecord
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids


class ChangedMeanwhile(ValueError):
    """Somebody saved the record after the caller had read it; nothing was written."""

    def __init__(self, *, current: int) -> None:
        super().__init__(str(current))
        self.current = current


def rewrite_records(
    w: Writing,
    wanted: Sequence[tuple[int, int]],
    *,
    change: str,
    reverted_batch_id: int | None = None,
    matching: bool = True,
    current: Mapping[int, Record] | None = None,
) -> list[Placed]:
    """Bring records back to earlier revisions: each (record id, revision number) becomes the newest revision again.

    Without `matching` they stay in their union records. The copies are described anew from that revision; those that it
    does not name are left as they are, and with `current` (contents by record id) also those that it describes as the
    present content does.
    """
    if not wanted:
        return []
    revisions = _revisions(wanted)
    existing = find_by_id([record_id for record_id, _ in wanted])
    pairs = [(incoming_of_revision(revisions[pair]), existing[pair[0]]) for pair in wanted]
    for incoming, known in pairs:
        if current and known.record_id in current:
            told = set(copies_of(current[known.record_id], profile="auto"))
            incoming.copies = [draft for draft in incoming.copies if draft not in told]
    placed = update_known(pairs, batch_id=None, change=change, matching=matching)
    insert_revisions(placed, batch_id=reverted_batch_id, actor_id=w.actor.account_id, actor_name=w.actor.name)
    insert_identifiers(placed)
    insert_headings(placed, HeadingCache())
    settle(w, placed)
    for library_id, of_library in _by_library(placed).items():
        write_copies(of_library, places=places_for(library_id), batch_id=None)
    return placed


def _revisions(wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Revision]:
    rows = Revision.objects.filter(record_id__in={r for r, _ in wanted}, number__in={n for _, n in wanted})
    pairs = set(wanted)
    return {(row.record_id, row.number): row for row in rows if (row.record_id, row.number) in pairs}


def _by_library(placed: list[Placed]) -> dict[int, list[Placed]]:
    libraries = dict(SourceRecord.objects.filter(pk__in=[p.record_id for p in placed]).values_list("pk", "library_id"))
    grouped: dict[int, list[Placed]] = {}
    for p in placed:
        grouped.setdefault(libraries[p.record_id], []).append(p)
    return grouped


def restore_revision(*, actor: Actor, record: SourceRecord, number: int, expected: int) -> int:
    """Make an old revision of a record the current one again; return the number of the new revision.

    `expected` is the revision that the person saw: raises ChangedMeanwhile when another one came since,
    Revision.DoesNotExist when there is no such revision.
    """
    require(actor, EDIT, at=record.library.scope)
    with writing(actor) as w:
        lock_matching()
        with connection.cursor() as cursor:
            cursor.execute("SELECT revision FROM catalogue_sourcerecord WHERE id = %s FOR UPDATE", [record.pk])
            (current,) = cursor.fetchone()
        if current != expected:
            raise ChangedMeanwhile(current=current)
        Revision.objects.only("number").get(record=record, number=number)
        (placed,) = rewrite_records(w, [(record.pk, number)], change="RESTORED")
        w.audit(
            "catalogue.revision_restored",
            target=("record", ids.encode(placed.cluster_id)),
            at=record.library.code,
            details={"record": record.control_number, "from": number, "to": placed.revision},
        )
        w.publish("catalogue.records_saved", cluster_ids=[placed.cluster_id])
    return placed.revision
