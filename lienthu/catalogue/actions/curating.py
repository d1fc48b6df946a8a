"""What people add to a union record: chosen values, notes of their library, the work that it belongs to."""

from typing import Any

from lienthu.audit.actions import writing
from lienthu.catalogue.access import REVIEW, require_review
from lienthu.catalogue.actions.clustering import lock_matching, recompose
from lienthu.catalogue.actions.clustering.works import WorkChange, settle_works
from lienthu.catalogue.actions.merging import NotPossible
from lienthu.catalogue.models import Cluster, FieldLock, LocalNote, SourceRecord, Work
from lienthu.catalogue.policy import LOCKABLE, UNITED, WorkKey
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids
from lienthu.kernel.text import normalise
from lienthu.libraries.queries import Library

NOTE_LENGTH = 2_000


def lock_field(
    *, actor: Actor, cluster: Cluster, field: str, value: Any = None, record: SourceRecord | None = None
) -> None:
    """Fix the value of a field of the union record: a given one, or whatever `record` says; later imports keep it.

    Raises Refused; NotPossible: "field" for one that does not exist, "empty" without a value, "gone" when the record is
    not (or no longer) one of this union record.
    """
    if field not in LOCKABLE:
        raise NotPossible("field")
    with writing(actor) as w:
        lock_matching()
        require_review(actor, _records(cluster))
        if record is not None and not cluster.records.filter(pk=record.pk, status="ACTIVE").exists():
            raise NotPossible("gone")
        if record is None:
            value = _clean(field, value)
            if not value:
                raise NotPossible("empty")
        FieldLock.objects.update_or_create(
            cluster=cluster,
            field=field,
            defaults={"value": value, "record": record, "actor_id": actor.account_id, "actor_name": actor.name},
        )
        recompose([cluster.pk])
        if record is not None:
            # Kept as it stands now, for the day when the record leaves.
            summary = Cluster.objects.values_list("summary", flat=True).get(pk=cluster.pk)
            FieldLock.objects.filter(cluster=cluster, field=field).update(value=summary.get(field))
        _tell(w, "catalogue.field_locked", cluster, {"field": field})


def unlock_field(*, actor: Actor, cluster: Cluster, field: str) -> None:
    """Let the source records speak again for a field. Raises Refused, NotPossible("gone") when it is not locked."""
    with writing(actor) as w:
        lock_matching()
        require_review(actor, _records(cluster))
        deleted, _ = FieldLock.objects.filter(cluster=cluster, field=field).delete()
        if not deleted:
            raise NotPossible("gone")
        recompose([cluster.pk])
        _tell(w, "catalogue.field_unlocked", cluster, {"field": field})


def _clean(field: str, value: Any) -> Any:
    if field == "year":
        return int(value) if str(value).isdecimal() and len(str(value)) == 4 else None
    if field in UNITED or field == "language":
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [text for text in (normalise(str(line)).strip() for line in lines) if text]
    return normalise(str(value or "")).strip()


def add_note(*, actor: Actor, cluster: Cluster, library: Library, text: str) -> LocalNote:
    """Put a note of a library beside the union record; no import touches it. Raises Refused, NotPossible("empty")."""
    text = normalise(text).strip()[:NOTE_LENGTH]
    if not text:
        raise NotPossible("empty")
    require(actor, REVIEW, at=library.scope)
    with writing(actor) as w:
        note = LocalNote.objects.create(
            cluster=cluster, library=library, text=text, actor_id=actor.account_id, actor_name=actor.name
        )
        w.audit("catalogue.note_added", target=("record", cluster.public_id), at=library.code, details={"text": text})
    return note


def remove_note(*, actor: Actor, note: LocalNote) -> None:
    """Take a note away; the audit trail keeps its words. Raises Refused."""
    require(actor, REVIEW, at=note.library.scope)
    with writing(actor) as w:
        w.audit(
            "catalogue.note_removed",
            target=("record", ids.encode(note.cluster_id)),
            at=note.library.code,
            details={"text": note.text},
        )
        note.delete()


def put_into_work(*, actor: Actor, cluster: Cluster, beside: Cluster) -> Work:
    """Say that a union record is an edition or translation of the same work as another one.

    Raises Refused, NotPossible("same").
    """
    if cluster.pk == beside.pk:
        raise NotPossible("same")
    with writing(actor) as w:
        lock_matching()
        require_review(actor, _records(cluster))
        other = Cluster.objects.select_for_update().get(pk=beside.pk)
        work = other.work
        if work is None:
            work = Work.objects.create(title=other.title)
            Cluster.objects.filter(pk=other.pk).update(work=work, work_fixed=True)
        Cluster.objects.filter(pk=cluster.pk).update(work=work, work_fixed=True)
        _release_single(cluster)
        _tell(w, "catalogue.work_changed", cluster, {"work": work.title})
    return work


def take_out_of_work(*, actor: Actor, cluster: Cluster) -> None:
    """Say that a union record is a work of its own, whatever its title says. Raises Refused."""
    with writing(actor) as w:
        lock_matching()
        require_review(actor, _records(cluster))
        Cluster.objects.filter(pk=cluster.pk).update(work=None, work_fixed=True)
        _release_single(cluster)
        _tell(w, "catalogue.work_changed", cluster, {"work": None})


def _release_single(cluster: Cluster) -> None:
    """The work that it was in may have one member left now."""
    if cluster.work_key is not None:
        work: WorkKey | None = None
        settle_works([WorkChange(cluster.pk, cluster.work_key, work)])


def _tell(w: Any, action: str, cluster: Cluster, details: dict[str, Any]) -> None:
    w.audit(action, target=("record", cluster.public_id), details=details)
    w.publish("catalogue.records_saved", cluster_ids=[cluster.pk])


def _records(cluster: Cluster) -> list[SourceRecord]:
    return list(SourceRecord.objects.select_related("library__scope").filter(cluster=cluster))
