"""The preview: the selection is frozen, and every record is judged. Nothing of the catalogue is written."""

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import F

from lienthu.audit.actions import writing
from lienthu.batchedit.access import require_edit
from lienthu.batchedit.actions.judging import judge_for
from lienthu.batchedit.actions.runners import NotPossible, Progress, note_outcomes, sole_runner
from lienthu.batchedit.models import BatchEdit, EditState, Outcome
from lienthu.batchedit.queries.choosing import chosen
from lienthu.batchedit.queries.contents import contents_of
from lienthu.identity.access import Actor
from lienthu.kernel import clock

CHUNK = 500


def request_preview(*, actor: Actor, edit: BatchEdit) -> None:
    """Ask for a preview of the edit as it is now. Raises Refused, NotPossible."""
    require_edit(actor, edit.library)
    with writing(actor) as w:
        edit = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.state not in (EditState.DRAFT, EditState.PREVIEWED):
            raise NotPossible("state")
        if not edit.steps:
            raise NotPossible("no_steps")
        edit.records.all().delete()
        edit.state, edit.total, edit.done = EditState.PREVIEWING, 0, 0
        edit.problem, edit.not_found, edit.stop_wanted = None, [], False
        edit.phase_at, edit.finished_at = None, None
        edit.save()
        w.publish("batchedit.work_requested", edit_id=edit.pk)
        w.nothing_changed()


def preview_edit(*, actor: Actor, edit: BatchEdit, progress: Progress | None = None) -> BatchEdit:
    """Freeze the selection and judge its records. May run twice and goes on where it was; AlreadyRunning, Refused."""
    with sole_runner(edit):
        edit.refresh_from_db()
        if edit.state != EditState.PREVIEWING:
            return edit
        require_edit(actor, edit.library)
        if edit.phase_at is None and not _freeze(actor, edit):
            return edit
        while not edit.stop_wanted and _judge_chunk(actor, edit):
            edit.refresh_from_db()
            if progress:
                progress(edit)
        _finish(actor, edit)
    return edit


def _freeze(actor: Actor, edit: BatchEdit) -> bool:
    """Write down which records, in which revision. False when there is nothing to preview or too much."""
    most = settings.BATCH_EDIT_MOST
    found = chosen(edit.library, edit.selection, most=most)
    count = len(found.records)
    with writing(actor) as w:
        w.nothing_changed()
        edit.not_found = [list(line) for line in found.left]
        edit.phase_at = clock.now()
        if not count or count > most:
            code = "too_many" if count else "empty"
            edit.state, edit.problem = EditState.DRAFT, {"code": code, "count": count, "most": most}
            edit.save(update_fields=["state", "problem", "not_found", "phase_at"])
            return False
        _insert(edit, found.records)
        edit.total = count
        edit.save(update_fields=["total", "not_found", "phase_at"])
    return True


def _insert(edit: BatchEdit, records: dict[int, list[int] | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO batchedit_editedrecord (edit_id, record_id, seen)
            SELECT %s, id, revision FROM catalogue_sourcerecord WHERE id = ANY(%s)
            """,
            [edit.pk, list(records)],
        )
        named = {record_id: items for record_id, items in records.items() if items is not None}
        cursor.execute(
            """
            UPDATE batchedit_editedrecord d SET only_items = u.items
            FROM unnest(%s::bigint[], %s::jsonb[]) AS u (record_id, items)
            WHERE d.edit_id = %s AND d.record_id = u.record_id
            """,
            [list(named), [orjson.dumps(items).decode() for items in named.values()], edit.pk],
        )


def _judge_chunk(actor: Actor, edit: BatchEdit) -> bool:
    waiting = edit.records.filter(outcome=Outcome.SELECTED).order_by("record_id")
    rows = list(waiting.values_list("record_id", "seen", "only_items")[:CHUNK])
    if not rows:
        return False
    judge = judge_for(edit)
    contents = contents_of(
        edit.library_id, [(record_id, seen) for record_id, seen, _items in rows], {row[0]: row[2] for row in rows}
    )
    notes = []
    for record_id, content in contents.items():
        judged = judge(content)
        copies = [[one.item_id, one.accession_number, one.changes] for one in judged.copies]
        notes.append((record_id, judged.outcome, judged.why, copies, None, None))
    with writing(actor) as w:
        note_outcomes(edit, notes)
        BatchEdit.objects.filter(pk=edit.pk).update(done=F("done") + len(rows))
        w.nothing_changed()
    return True


def _finish(actor: Actor, edit: BatchEdit) -> None:
    with writing(actor) as w:
        w.nothing_changed()
        # A preview that was stopped is none: back to the draft.
        state = EditState.DRAFT if edit.stop_wanted else EditState.PREVIEWED
        if edit.stop_wanted:
            edit.records.all().delete()
        BatchEdit.objects.filter(pk=edit.pk).update(state=state, finished_at=clock.now(), stop_wanted=False)
    edit.refresh_from_db()
