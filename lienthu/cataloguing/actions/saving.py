"""From the sheet on the desk to a record of the catalogue, with its copies, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.keeping import ItemValues, add_items
from lienthu.catalogue.actions.merging import NotPossible, merge_clusters
from lienthu.catalogue.actions.saving import Saved, save_record
from lienthu.catalogue.queries.desk import records_by_id
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.models import Draft, SavedForm
from lienthu.cataloguing.queries.working import kept
from lienthu.cataloguing.rules.checking import Finding, check, errors
from lienthu.cataloguing.rules.sheets import Sheet, record_of
from lienthu.identity.access import Actor, Refused, require
from lienthu.kernel import clock
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
    `key` names the page that asks for a new record: the same page sent again is answered with the first result.
    """

    library: Library
    sheet: Sheet
    record_id: int | None = None
    expected: int | None = None
    copies: Sequence[ItemValues] = ()
    keys: Sequence[str] = ()
    origin: int | None = None
    key: UUID | None = None


# Nobody sends a page again after that long.
_REMEMBERED = timedelta(days=2)


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
    with writing(actor) as w:
        form = _form(actor, wanted) if record is None else None
        if form and form.record_id:
            w.nothing_changed()
            return records_saved(Saved(form.record_id, 0, form.revision))
        saved = save_record(
            actor=actor, library=wanted.library, marc=record_of(sheet), record=record, expected=wanted.expected
        )
        if wanted.copies:
            target = records_by_id([saved.record_id])[saved.record_id]
            add_items(actor=actor, record=target, items=wanted.copies, keys=wanted.keys)
        if draft is not None:
            Draft.objects.filter(pk=draft.pk, account_id=actor.account_id).delete()
        if form:
            form.record_id, form.revision = saved.record_id, saved.revision
            form.save(update_fields=["record_id", "revision"])
    if wanted.origin:
        _bring_together(actor, saved, wanted.origin)
    return records_saved(saved)


def _form(actor: Actor, wanted: Wanted) -> SavedForm | None:
    """The page as it is remembered. One that is being saved in this moment is waited for.

    A page that was gone back to and changed asks for another record: what it says is part of its name.
    """
    if actor.account_id is None or wanted.key is None:
        return None
    key = uuid5(wanted.key, repr((wanted.library.pk, wanted.sheet.packed(), wanted.copies)))
    SavedForm.objects.filter(account_id=actor.account_id, saved_at__lt=clock.now() - _REMEMBERED).delete()
    return SavedForm.objects.get_or_create(account_id=actor.account_id, key=key)[0]


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
