"""From the sheet on the desk to a record of the catalogue, with its copies, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.keeping import ItemValues, add_items
from lienthu.catalogue.actions.merging import NotPossible, merge_clusters
from lienthu.catalogue.actions.saving import Saved, save_record
from lienthu.catalogue.queries.desk import records_by_id
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.models import Draft
from lienthu.cataloguing.queries.working import kept
from lienthu.cataloguing.rules.checking import Finding, check, errors
from lienthu.cataloguing.rules.sheets import Sheet, record_of
from lienthu.identity.access import Actor, Refused, require
from lienthu.libraries.queries import Library


class NotReady(ValueError):
    """The sheet has faults of structure; `findings` name them. Nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be saved: a new record (`record_id` None) or a change of one; `expected` is the revision seen.

    `origin` is the record of another library that this one was derived from: both describe the same document.
    """

    library: Library
    sheet: Sheet
    record_id: int | None = None
    expected: int | None = None
    copies: Sequence[ItemValues] = ()
    keys: Sequence[str] = ()
    origin: int | None = None


def save_sheet(*, actor: Actor, wanted: Wanted, draft: Draft | None = None) -> Saved:
    """Save a sheet and throw its draft away.

    Raises Refused, NotReady, and whatever `save_record` and `add_items` raise; then nothing was written.
    """
    require(actor, EDIT, at=wanted.library.scope)
    sheet = kept(wanted.sheet)
    faults = errors(check(sheet))
    if faults:
        raise NotReady(faults)
    record = records_by_id([wanted.record_id]).get(wanted.record_id) if wanted.record_id else None
    with writing(actor):
        saved = save_record(
            actor=actor, library=wanted.library, marc=record_of(sheet), record=record, expected=wanted.expected
        )
        if wanted.copies:
            target = records_by_id([saved.record_id])[saved.record_id]
            add_items(actor=actor, record=target, items=wanted.copies, keys=wanted.keys)
        if draft is not None:
            Draft.objects.filter(pk=draft.pk, account_id=actor.account_id).delete()
    if wanted.origin:
        _bring_together(actor, saved, wanted.origin)
    return records_saved(saved)


def records_saved(saved: Saved) -> Saved:
    """The same, with the union record that it belongs to now."""
    record = records_by_id([saved.record_id])[saved.record_id]
    return Saved(saved.record_id, record.cluster_id, saved.revision)


def _bring_together(actor: Actor, saved: Saved, origin: int) -> None:
    """A derived record belongs to the union record of its origin; where rules did not see it, the person said so."""
    found = records_by_id([saved.record_id, origin])
    if origin not in found or found[origin].cluster_id == found[saved.record_id].cluster_id:
        return
    try:
        merge_clusters(actor=actor, keep=found[origin].cluster_id, absorb=found[saved.record_id].cluster_id)
    except (NotPossible, Refused):
        # Somebody merged, split or withdrew it meanwhile, or decisions are for others: the review desk has it.
        return
