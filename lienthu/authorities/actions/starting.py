"""Beginning to carry a change to the records."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from lienthu.audit.actions import Writing
from lienthu.authorities.models import Authority, Change, ChangeState
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.authorities.queries.families import heading_rows, records_under
from lienthu.kernel import clock


def start_change(
    w: Writing,
    *,
    kind: str,
    authority: Authority,
    form: HeadingForm,
    old_headings: Sequence[int],
    before: list[dict[str, Any]],
    why: str = "",
    record_ids: Sequence[int] | None = None,
) -> Change:
    """Note which records have to change, and ask for a job; without any record the change is done at once.

    `record_ids` limits it to these records; else it reaches every record that uses one of the old headings.
    """
    headings = heading_rows(old_headings)
    reached = records_under(old_headings)
    if record_ids is not None:
        chosen = set(record_ids)
        reached = [record_id for record_id in reached if record_id in chosen]
    change = Change.objects.create(
        kind=kind,
        authority=authority,
        heading_kind=authority.kind,
        old=[{"id": one.id, "text": one.text} for one in headings.values()],
        new={"text": form.text, "indicators": form.indicators, "subfields": [list(one) for one in form.subfields]},
        before=before,
        why=why,
        total=len(reached),
        state=ChangeState.WAITING if reached else ChangeState.DONE,
        finished_at=None if reached else clock.now(),
        actor_id=w.actor.account_id,
        actor_name=w.actor.name,
    )
    add_records(change, reached)
    if reached:
        w.publish("authorities.change_requested", change_id=change.pk)
    return change


def add_records(change: Change, record_ids: Sequence[int]) -> None:
    """Put records in the queue of a change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authorities_changedrecord (change_id, record_id) SELECT %s, unnest(%s::bigint[])"
            " ON CONFLICT DO NOTHING",
            [change.pk, list(record_ids)],
        )
