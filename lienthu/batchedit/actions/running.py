"""Carrying an edit out, a few hundred records at a time, so that a killed job just goes on."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from lienthu.audit.actions import Writing, writing
from lienthu.batchedit.access import require_edit
from lienthu.batchedit.actions.judging import Judged, copy_refusals, judge_for, problem_told
from lienthu.batchedit.actions.runners import Note, NotPossible, Progress, note_outcomes, sole_runner
from lienthu.batchedit.models import BatchEdit, EditedRecord, EditState, Outcome
from lienthu.batchedit.policy.copying import CopyChange, copies_after
from lienthu.batchedit.policy.steps import Step
from lienthu.batchedit.queries.contents import AWAY, Content, contents_of, editable, items_by_record
from lienthu.batchedit.queries.outcomes import outcome_counts
from lienthu.catalogue.actions.clustering import lock_matching
from lienthu.catalogue.actions.keeping import ItemValues, change_each
from lienthu.catalogue.actions.saving import save_many
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries.desk import Item, SourceRecord
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import branches_of

CHUNK = 250


def request_run(*, actor: Actor, edit: BatchEdit, version: int) -> None:
    """Ask for the run of an edit that was previewed as `version`, or for the rest of one that was stopped.

    Raises Refused, NotPossible.
    """
    require_edit(actor, edit.library)
    with writing(actor) as w:
        edit = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.state not in (EditState.PREVIEWED, EditState.STOPPED):
            raise NotPossible("state")
        if edit.version != version:
            raise NotPossible("version")
        planned = edit.records.filter(outcome=Outcome.PLANNED).count()
        if not planned:
            raise NotPossible("nothing")
        if edit.state == EditState.PREVIEWED:
            edit.total, edit.done = planned, 0
        edit.state, edit.phase_at, edit.finished_at = EditState.RUNNING, clock.now(), None
        edit.stop_wanted, edit.problem = False, None
        edit.actor_id, edit.actor_name = w.actor.account_id, w.actor.name
        edit.save()
        w.audit(
            "batchedit.run_started",
            target=("batchedit", edit.public_id),
            at=edit.library.code,
            details={"title": edit.title, "records": planned, "steps": edit.steps},
        )
        w.publish("batchedit.work_requested", edit_id=edit.pk)


def request_stop(*, actor: Actor, edit: BatchEdit) -> None:
    """Ask the job to stop after the records it has in hand. Raises Refused, NotPossible."""
    require_edit(actor, edit.library)
    with writing(actor) as w:
        stopped = BatchEdit.objects.filter(pk=edit.pk, state__in=[EditState.PREVIEWING, EditState.RUNNING]).update(
            stop_wanted=True
        )
        if not stopped:
            raise NotPossible("state")
        # Nobody may be at work: the job then finds the wish and ends.
        w.publish("batchedit.work_requested", edit_id=edit.pk)
        w.nothing_changed()


def run_edit(*, actor: Actor, edit: BatchEdit, progress: Progress | None = None) -> BatchEdit:
    """Edit the records that are still planned, and finish. May run twice; AlreadyRunning, Refused."""
    with sole_runner(edit):
        edit.refresh_from_db()
        if edit.state != EditState.RUNNING:
            return edit
        while not edit.stop_wanted:
            # Asked again and again: a role may end while a long edit runs.
            require_edit(actor, edit.library)
            if not _run_chunk(actor, edit):
                break
            edit.refresh_from_db()
            if progress:
                progress(edit)
                edit.refresh_from_db()
        finish(actor, edit, stopped=edit.stop_wanted)
    return edit


def finish(actor: Actor, edit: BatchEdit, *, stopped: bool, problem: dict[str, Any] | None = None) -> None:
    """Close a run."""
    with writing(actor) as w:
        left = edit.records.filter(outcome=Outcome.PLANNED).exists()
        state = EditState.STOPPED if stopped and left else EditState.DONE
        BatchEdit.objects.filter(pk=edit.pk).update(
            state=state, finished_at=clock.now(), stop_wanted=False, problem=problem
        )
        w.audit(
            "batchedit.run_stopped" if state == EditState.STOPPED else "batchedit.run_finished",
            target=("batchedit", edit.public_id),
            at=edit.library.code,
            details=outcome_counts(edit),
        )
    edit.refresh_from_db()


def _run_chunk(actor: Actor, edit: BatchEdit) -> bool:
    rows = list(edit.records.filter(outcome=Outcome.PLANNED).order_by("record_id")[:CHUNK])
    if not rows:
        return False
    judge = judge_for(edit, again=True)
    contents = contents_of(
        edit.library_id,
        [(row.record_id, row.seen or 1) for row in rows],
        {row.record_id: row.only_items for row in rows},
    )
    # Judged before anything is locked: other people's saves wait for the writing only.
    judged = {record_id: judge(content) for record_id, content in contents.items()}
    with writing(actor) as w:
        notes = _write(w, edit, rows, contents, judged)
        note_outcomes(edit, notes)
        BatchEdit.objects.filter(pk=edit.pk).update(done=F("done") + len(rows))
        changed = sum(note[1] == Outcome.CHANGED for note in notes)
        if changed:
            copies = sum(len(note[3] or ()) for note in notes if note[1] == Outcome.CHANGED)
            w.audit(
                "batchedit.records_edited",
                target=("batchedit", edit.public_id),
                at=edit.library.code,
                details={"records": changed, "copies": copies},
            )
        else:
            w.nothing_changed()
    return True


def _write(
    w: Writing,
    edit: BatchEdit,
    rows: Sequence[EditedRecord],
    contents: dict[int, Content],
    judged: dict[int, Judged],
) -> list[Note]:
    notes: dict[int, Note] = {}
    lock_matching()
    items = items_by_record([row.record_id for row in rows], locked=True)
    current = dict(SourceRecord.objects.filter(pk__in=[row.record_id for row in rows]).values_list("pk", "revision"))
    steps = [Step.unpacked(one) for one in edit.steps]
    branches = frozenset(str(branch.pk) for branch in branches_of(edit.library))
    wanted: list[tuple[int, int, Record]] = []
    copies: dict[int, list[CopyChange]] = {}
    for row in rows:
        record_id, one = row.record_id, judged[row.record_id]
        if current[record_id] != row.seen:
            notes[record_id] = (record_id, "SKIPPED", [{"code": "changed"}], None, None, None)
            continue
        if one.outcome != "PLANNED":
            notes[record_id] = (record_id, one.outcome, one.why, None, None, None)
            continue
        # The copies as they are under lock; a reader may have borrowed one a moment ago.
        states = editable(items.get(record_id, []), edit.library_id, row.only_items)
        copies[record_id] = copies_after(contents[record_id].marc, states, steps)
        refusals = copy_refusals(copies[record_id], _away(items.get(record_id, [])), branches)
        if refusals:
            notes[record_id] = (record_id, "REFUSED", refusals, None, None, None)
        elif one.marc is not None:
            wanted.append((record_id, row.seen, one.marc))
        else:
            notes[record_id] = _changed(record_id, copies[record_id], None, None)
    notes |= _save(w, wanted, copies)
    done = [record_id for record_id, note in notes.items() if note[1] == "CHANGED"]
    values = {copy.item_id: item_values(copy.changes, new=True) for record_id in done for copy in copies[record_id]}
    change_each(w, library=edit.library, changes=values)
    return list(notes.values())


def _save(
    w: Writing, wanted: Sequence[tuple[int, int, Record]], copies: dict[int, list[CopyChange]]
) -> dict[int, Note]:
    if not wanted:
        return {}
    saved = save_many(w, wanted)
    notes: dict[int, Note] = {}
    for left in saved.not_saved:
        if left.problems:
            why = [problem_told(one.code, one.params) for one in left.problems]
            notes[left.record_id] = (left.record_id, "REFUSED", why, None, None, None)
        else:
            notes[left.record_id] = (left.record_id, "SKIPPED", [{"code": "changed"}], None, None, None)
    revisions = {one.record_id: one.revision for one in saved.saved}
    for record_id, seen, _marc in wanted:
        if record_id in revisions:
            notes[record_id] = _changed(record_id, copies[record_id], seen, revisions[record_id])
        elif record_id not in notes:
            # It came out as it was, but for the length of its bytes.
            why = [] if copies[record_id] else [{"code": "nothing"}]
            outcome = "CHANGED" if copies[record_id] else "UNCHANGED"
            notes[record_id] = (record_id, outcome, why, _told(copies[record_id]), None, None)
    return notes


def _changed(record_id: int, copies: list[CopyChange], before: int | None, after: int | None) -> Note:
    outcome = "CHANGED" if copies or after else "UNCHANGED"
    return (record_id, outcome, None if copies or after else [{"code": "nothing"}], _told(copies), before, after)


def _told(copies: Sequence[CopyChange]) -> list[list[Any]]:
    return [[one.item_id, one.accession_number, one.changes] for one in copies]


def _away(items: Sequence[Item]) -> frozenset[int]:
    return frozenset(item.pk for item in items if item.status in AWAY)


def item_values(changes: dict[str, tuple[str, str]], *, new: bool) -> ItemValues:
    """The values after (`new`) or before a change, as the catalogue takes them."""
    values: dict[str, Any] = {name: pair[1 if new else 0] for name, pair in changes.items()}
    branch = values.pop("branch", None)
    return ItemValues(**values, branch=None if branch is None else int(branch or 0))
