"""Taking an edit back whole: every record to the revision before it, every copy to what it was."""

from collections.abc import Sequence

from django.db.models import F

from lienthu.audit.actions import Writing, writing
from lienthu.batchedit.access import require_edit
from lienthu.batchedit.actions.runners import NotPossible, Progress, sole_runner
from lienthu.batchedit.actions.running import item_values
from lienthu.batchedit.models import BatchEdit, EditedRecord, EditState, Outcome
from lienthu.batchedit.queries.contents import items_by_record, state_of
from lienthu.batchedit.queries.outcomes import outcome_counts
from lienthu.catalogue.actions.clustering import lock_matching
from lienthu.catalogue.actions.keeping import change_each
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.actions.saving.content import Current, locked_records
from lienthu.catalogue.queries.desk import Item
from lienthu.identity.access import Actor
from lienthu.kernel import clock

CHUNK = 250


def request_return(*, actor: Actor, edit: BatchEdit) -> None:
    """Ask for a job that takes the edit back. Raises Refused, NotPossible."""
    require_edit(actor, edit.library)
    with writing(actor) as w:
        edit = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.state not in (EditState.DONE, EditState.STOPPED):
            raise NotPossible("state")
        changed = edit.records.filter(outcome=Outcome.CHANGED).count()
        if not changed:
            raise NotPossible("nothing_to_return")
        edit.state, edit.total, edit.done = EditState.REVERTING, changed, 0
        edit.phase_at, edit.finished_at, edit.problem = clock.now(), None, None
        edit.actor_id, edit.reverted_by = w.actor.account_id, w.actor.name
        edit.save()
        w.audit(
            "batchedit.return_started",
            target=("batchedit", edit.public_id),
            at=edit.library.code,
            details={"title": edit.title, "records": changed},
        )
        w.publish("batchedit.work_requested", edit_id=edit.pk)


def return_edit(*, actor: Actor, edit: BatchEdit, progress: Progress | None = None) -> BatchEdit:
    """Bring the records back. What somebody changed since is left and listed.

    May run twice. Raises AlreadyRunning, Refused.
    """
    with sole_runner(edit):
        edit.refresh_from_db()
        if edit.state != EditState.REVERTING:
            return edit
        require_edit(actor, edit.library)
        while _return_chunk(actor, edit):
            edit.refresh_from_db()
            if progress:
                progress(edit)
        with writing(actor) as w:
            BatchEdit.objects.filter(pk=edit.pk).update(state=EditState.REVERTED, finished_at=clock.now())
            w.audit(
                "batchedit.return_finished",
                target=("batchedit", edit.public_id),
                at=edit.library.code,
                details=outcome_counts(edit),
            )
        edit.refresh_from_db()
    return edit


def _return_chunk(actor: Actor, edit: BatchEdit) -> bool:
    rows = list(edit.records.filter(outcome=Outcome.CHANGED).order_by("record_id")[:CHUNK])
    if not rows:
        return False
    with writing(actor) as w:
        lock_matching()
        record_ids = [row.record_id for row in rows]
        items = {item.pk: item for of_record in items_by_record(record_ids, locked=True).values() for item in of_record}
        current = {record_id: state for record_id, (_known, state) in locked_records(record_ids).items()}
        unmoved = [row for row in rows if _is_unmoved(row, current[row.record_id], items)]
        _put_back(w, edit, unmoved, current)
        returned = [row.record_id for row in unmoved]
        edit.records.filter(record_id__in=returned).update(outcome=Outcome.RESTORED)
        kept = [record_id for record_id in record_ids if record_id not in set(returned)]
        edit.records.filter(record_id__in=kept).update(outcome=Outcome.KEPT, why=[{"code": "changed_since"}])
        BatchEdit.objects.filter(pk=edit.pk).update(done=F("done") + len(rows))
        if returned:
            w.audit(
                "batchedit.records_returned",
                target=("batchedit", edit.public_id),
                at=edit.library.code,
                details={"records": len(returned)},
            )
        else:
            w.nothing_changed()
    return True


def _put_back(w: Writing, edit: BatchEdit, rows: Sequence[EditedRecord], current: dict[int, Current]) -> None:
    placed = rewrite_records(
        w,
        [(row.record_id, row.before or 1) for row in rows if row.after],
        change="RESTORED",
        current={row.record_id: current[row.record_id].marc for row in rows},
    )
    copies = {one[0]: one[2] for row in rows for one in row.copies or ()}
    change_each(
        w,
        library=edit.library,
        changes={item_id: item_values(changes, new=False) for item_id, changes in copies.items()},
    )
    if placed:
        w.publish("catalogue.records_saved", cluster_ids=sorted({one.cluster_id for one in placed}))


def _is_unmoved(row: EditedRecord, current: Current, items: dict[int, Item]) -> bool:
    """Whether record and copies stand as the edit left them."""
    if not current.is_active or (row.after and current.revision != row.after):
        return False
    for item_id, _number, changes in row.copies or ():
        if item_id not in items:
            return False
        values = state_of(items[item_id]).values
        if any(values[name] != pair[1] for name, pair in changes.items()):
            return False
    return True
