"""Taking a change of the authority file back whole: the authorities at once, the records in the background."""

from django.db.models import F
from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.carrying import CHUNK, LOCK_CLASS, Progress
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.restoring import restore_states
from lienthu.authorities.actions.state import heading_ids, tell
from lienthu.authorities.models import Authority, Change, ChangeState, RecordState
from lienthu.authorities.queries.outcomes import outcome_counts
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.actions.saving.content import locked_records
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.locks import sole_runner


def request_return(*, actor: Actor, change: Change) -> None:
    """Bring the authorities back to before the change and ask for a job that returns its records.

    Raises Refused, NotPossible when the change is not done or somebody changed an authority since.
    """
    require_edit(actor)
    with writing(actor) as w:
        change = Change.objects.select_for_update().get(pk=change.pk)
        if change.state != ChangeState.DONE:
            raise NotPossible(_("Chỉ hoàn tác được một thay đổi đã xong."))
        authorities = {
            one.pk: one
            for one in Authority.objects.select_for_update(of=("self",)).filter(pk__in=[b["id"] for b in change.before])
        }
        for before in change.before:
            if authorities[before["id"]].version != before["version"] + 1:
                raise NotPossible(
                    _("Đề mục “%(text)s” đã được sửa tiếp sau thay đổi này. Hãy hoàn tác những thay đổi sau trước.")
                    % {"text": authorities[before["id"]].text}
                )
        touched = heading_ids(authorities.values())
        restore_states(w, authorities, change)
        has_records = change.records.filter(state=RecordState.CHANGED).exists()
        change.state = ChangeState.REVERTING if has_records else ChangeState.REVERTED
        change.reverted_by = w.actor.name
        change.save(update_fields=["state", "reverted_by"])
        w.audit(
            "authorities.change_reverted", target=("change", change.public_id), details={"text": change.new["text"]}
        )
        tell(w, touched | heading_ids(authorities.values()))
        if has_records:
            w.publish("authorities.change_requested", change_id=change.pk)


def return_change(*, actor: Actor, change: Change, progress: Progress | None = None) -> Change:
    """Bring the records of a change back to the revision before it. One that was saved since is left and listed."""
    with sole_runner(LOCK_CLASS, change.pk):
        change.refresh_from_db()
        if change.state != ChangeState.REVERTING:
            return change
        while _return_chunk(actor, change):
            if progress:
                change.refresh_from_db()
                progress(change)
        with writing(actor) as w:
            Change.objects.filter(pk=change.pk).update(state=ChangeState.REVERTED, finished_at=clock.now())
            w.audit("authorities.change_returned", target=("change", change.public_id), details=outcome_counts(change))
        change.refresh_from_db()
    return change


def _return_chunk(actor: Actor, change: Change) -> int:
    rows = list(change.records.filter(state=RecordState.CHANGED).order_by("record_id")[:CHUNK])
    if not rows:
        return 0
    with writing(actor) as w:
        current = locked_records([row.record_id for row in rows])
        unmoved = [row for row in rows if current[row.record_id][1].revision == row.after]
        placed = rewrite_records(w, [(row.record_id, row.before or 1) for row in unmoved], change="RESTORED")
        for state, some in (
            (RecordState.RESTORED, {row.record_id for row in unmoved}),
            (RecordState.KEPT, {row.record_id for row in rows} - {row.record_id for row in unmoved}),
        ):
            change.records.filter(record_id__in=some).update(state=state)
        Change.objects.filter(pk=change.pk).update(undone=F("undone") + len(rows))
        w.audit("authorities.records_returned", target=("change", change.public_id), details={"records": len(placed)})
        w.publish("catalogue.records_saved", cluster_ids=sorted({one.cluster_id for one in placed}))
    return len(rows)
