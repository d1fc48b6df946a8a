"""Carrying a change of the authority file to the records, a hundred at a time, so that a killed job just goes on."""

from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import F

from lienthu.audit.actions import writing
from lienthu.authorities.actions.starting import add_records
from lienthu.authorities.models import Change, ChangeKind, ChangeState, RecordState
from lienthu.authorities.policy.forms import HeadingForm, key_of
from lienthu.authorities.policy.rewriting import rewritten
from lienthu.authorities.queries.families import records_under
from lienthu.authorities.queries.locks import locked_fields
from lienthu.authorities.queries.outcomes import outcome_counts
from lienthu.catalogue.actions.saving import save_many
from lienthu.catalogue.actions.saving.content import locked_records
from lienthu.catalogue.marc import Record
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.locks import sole_runner

CHUNK = 100
# One runner per change; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_305

Progress = Callable[[Change], None]


def form_of_change(change: Change) -> HeadingForm:
    """The form that a change brings."""
    subfields = tuple((code, value) for code, value in change.new["subfields"])
    return HeadingForm(change.heading_kind, subfields, change.new["indicators"])


def carry_change(*, actor: Actor, change: Change, progress: Progress | None = None) -> Change:
    """Rewrite the records that a change still has before it, and finish it. May run twice; AlreadyRunning."""
    with sole_runner(LOCK_CLASS, change.pk):
        change.refresh_from_db()
        if change.state not in (ChangeState.WAITING, ChangeState.RUNNING):
            return change
        Change.objects.filter(pk=change.pk, state=ChangeState.WAITING).update(
            state=ChangeState.RUNNING, started_at=clock.now()
        )
        while chunk := _next_chunk(change) or _late_comers(change):
            _carry_chunk(actor, change, chunk)
            if progress:
                change.refresh_from_db()
                progress(change)
        with writing(actor) as w:
            Change.objects.filter(pk=change.pk, state=ChangeState.RUNNING).update(
                state=ChangeState.DONE, finished_at=clock.now()
            )
            w.audit("authorities.change_finished", target=("change", change.public_id), details=outcome_counts(change))
        change.refresh_from_db()
    return change


def _next_chunk(change: Change) -> list[int]:
    rows = change.records.filter(state=RecordState.WAITING).order_by("record_id")
    return list(rows.values_list("record_id", flat=True)[:CHUNK])


def _late_comers(change: Change) -> list[int]:
    """Records that came to use the old words while the others were being rewritten."""
    if change.kind == ChangeKind.SPLIT:
        return []
    using = set(records_under([one["id"] for one in change.old]))
    late = sorted(using - set(change.records.values_list("record_id", flat=True)))
    add_records(change, late)
    Change.objects.filter(pk=change.pk).update(total=F("total") + len(late))
    return late[:CHUNK]


def _carry_chunk(actor: Actor, change: Change, record_ids: Sequence[int]) -> None:
    form = form_of_change(change)
    old = {key_of(one["text"]) for one in change.old}
    with writing(actor) as w:
        # Locked here and read as they are now: what somebody saved a moment ago is rewritten, never written over.
        current = {record_id: state for record_id, (_known, state) in locked_records(list(record_ids)).items()}
        locks = locked_fields(list(record_ids))
        states: dict[int, tuple[str, str]] = {}
        wanted: list[tuple[int, int, Record]] = []
        for record_id, now in current.items():
            if not now.is_active:
                states[record_id] = "UNCHANGED", ""
                continue
            result = rewritten(
                now.marc,
                old=old,
                form=form,
                locked=locks.get(record_id, ()),
                drop_numbers=change.kind in (ChangeKind.MERGE, ChangeKind.SPLIT),
            )
            if result.record is not None:
                wanted.append((record_id, now.revision, result.record))
            states[record_id] = ("LOCKED" if result.kept else "UNCHANGED", " ".join(result.kept))
        outcome = save_many(w, wanted) if wanted else None
        after = {}
        if outcome:
            after = {one.record_id: one.revision for one in outcome.saved}
            for left in outcome.not_saved:
                states[left.record_id] = "REFUSED", "; ".join(p.message for p in left.problems)[:300]
        before = {record_id: revision for record_id, revision, _marc in wanted}
        _note(change, states, before, after)
        if after:
            w.audit("authorities.records_carried", target=("change", change.public_id), details={"records": len(after)})
        else:
            w.nothing_changed()


def _note(change: Change, states: dict[int, tuple[str, str]], before: dict[int, int], after: dict[int, int]) -> None:
    rows = [
        (one, "CHANGED" if one in after else state, detail, before.get(one) if one in after else None, after.get(one))
        for one, (state, detail) in states.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE authorities_changedrecord d
            SET state = u.state, detail = u.detail, before = u.before, after = u.after
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[])
                AS u (record_id, state, detail, before, after)
            WHERE d.change_id = %s AND d.record_id = u.record_id
            """,
            [*(list(column) for column in zip(*rows, strict=True)), change.pk],
        )
    Change.objects.filter(pk=change.pk).update(done=F("done") + len(states))
