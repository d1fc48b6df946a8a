"""Taking records out of the catalogue; nothing of them is lost."""

from django.db import connection

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.clustering import lock_matching, settle_gone
from lienthu.catalogue.actions.records import ChangedMeanwhile
from lienthu.catalogue.actions.saving.content import RecordRefused, locked_records
from lienthu.catalogue.actions.saving.single import Saved
from lienthu.catalogue.models import AWAY, Item, SourceRecord
from lienthu.catalogue.wording import problem
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids


def withdraw_record(*, actor: Actor, record: SourceRecord, expected: int | None, reason: str = "") -> Saved:
    """Take a record out of the catalogue; its revisions and copies stay and `restore_revision` brings it back.

    Raises Refused, ChangedMeanwhile, RecordRefused while a copy is with a reader or on its way.
    """
    require(actor, EDIT, at=record.library.scope)
    with writing(actor) as w:
        existing, current = locked_records([record.pk])[record.pk]
        if expected is not None and current.revision != expected:
            raise ChangedMeanwhile(current=current.revision)
        if not current.is_active:
            w.nothing_changed()
            return Saved(record.pk, existing.cluster_id, current.revision)
        away = Item.objects.filter(record=record, status__in=AWAY).count()
        if away:
            raise RecordRefused([problem("record_on_loan", count=away)])
        withdraw_rows(w, [record.pk], [existing.cluster_id], batch_id=None)
        w.audit(
            "catalogue.record_withdrawn",
            target=("record", ids.encode(existing.cluster_id)),
            at=record.library.code,
            details={"record": record.control_number, "reason": reason},
        )
        w.publish("catalogue.records_saved", cluster_ids=[existing.cluster_id])
    return Saved(record.pk, existing.cluster_id, current.revision + 1)


def withdraw_rows(w: Writing, record_ids: list[int], cluster_ids: list[int], *, batch_id: int | None) -> None:
    """Mark records as withdrawn with a revision of their own, and make their union records anew without them."""
    lock_matching()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_sourcerecord
            SET status = 'DELETED', revision = revision + 1, batch_id = NULL, updated_at = now() WHERE id = ANY(%s)
            """,
            [record_ids],
        )
        cursor.execute(
            """
            INSERT INTO catalogue_revision
                (record_id, number, change, original, dictionary, format, encoding, content,
                 batch_id, actor_id, actor_name)
            SELECT r.id, r.revision, 'DELETED', v.original, v.dictionary, v.format, v.encoding, v.content, %s, %s, %s
            FROM catalogue_sourcerecord r JOIN catalogue_revision v ON v.record_id = r.id AND v.number = r.revision - 1
            WHERE r.id = ANY(%s)
            """,
            [batch_id, w.actor.account_id, w.actor.name, record_ids],
        )
        cursor.execute("DELETE FROM catalogue_headinglink WHERE record_id = ANY(%s)", [record_ids])
        cursor.execute("DELETE FROM catalogue_identifier WHERE record_id = ANY(%s)", [record_ids])
    settle_gone(w, record_ids, cluster_ids)
