"""How a library takes part in the union catalogue: what it shows, how far it is trusted, leaving and coming back."""

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.access import SHARE
from lienthu.catalogue.actions.clustering import lock_matching, recompose
from lienthu.catalogue.actions.merging import NotPossible
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.actions.saving.withdrawing import withdraw_rows
from lienthu.catalogue.models import AWAY, Item, Sharing, Visibility, Withdrawal, WithdrawalState
from lienthu.identity.access import Actor, require
from lienthu.kernel.locks import sole_runner
from lienthu.libraries.queries import Library

CHUNK = 500
# Names these uses among PostgreSQL's advisory locks; the second key is the withdrawal, or the library.
WITHDRAWAL_LOCK, SHARING_LOCK = 7_304, 7_309


def set_sharing(*, actor: Actor, library: Library, visibility: str, trust: int) -> None:
    """Change what a library shows, and its trust (0 to 100). A job brings its union records in line.

    Raises Refused, ValueError for an unknown visibility or a trust out of range.
    """
    require(actor, SHARE, at=library.scope)
    if visibility not in Visibility.values or not 0 <= trust <= 100:
        raise ValueError(visibility)
    with writing(actor) as w:
        Sharing.objects.update_or_create(
            library=library, defaults={"visibility": visibility, "trust": trust, "position": 0}
        )
        w.audit(
            "catalogue.sharing_changed",
            target=("library", library.code),
            at=library.code,
            details={"visibility": visibility, "trust": trust},
        )
        w.publish("catalogue.sharing_changed", library_id=library.pk)


def apply_sharing(*, actor: Actor, library: Library) -> int:
    """Compose the union records of a library anew after a change; returns how many.

    A killed run goes on where it was, one that is overtaken by another change begins again.
    Raises AlreadyRunning while another process is at it.
    """
    done = 0
    with sole_runner(SHARING_LOCK, library.pk):
        while (after := Sharing.objects.values_list("position", flat=True).get(library=library)) is not None:
            done += _apply_chunk(actor, library, after)
    return done


def _apply_chunk(actor: Actor, library: Library, after: int) -> int:
    cluster_ids = _clusters_of(library, after)
    with writing(actor) as w:
        if cluster_ids:
            lock_matching()
            recompose(cluster_ids)
            w.publish("catalogue.records_saved", cluster_ids=cluster_ids)
        # Not where somebody has changed the sharing meanwhile: everything is to be done again then.
        Sharing.objects.filter(library=library, position=after).update(
            position=cluster_ids[-1] if cluster_ids else None
        )
        w.audit(
            "catalogue.sharing_applied",
            target=("library", library.code),
            at=library.code,
            details={"records": len(cluster_ids)},
        )
    return len(cluster_ids)


def _clusters_of(library: Library, after: int) -> list[int]:
    """Where the library has a record, or a copy or holdings under the record of another library."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r.cluster_id FROM catalogue_sourcerecord r WHERE r.status = 'ACTIVE'"
            " AND r.cluster_id > %(after)s AND (r.library_id = %(library)s"
            " OR r.id IN (SELECT record_id FROM catalogue_item WHERE library_id = %(library)s)"
            " OR r.id IN (SELECT record_id FROM catalogue_holding WHERE library_id = %(library)s))"
            " ORDER BY r.cluster_id LIMIT %(chunk)s",
            {"library": library.pk, "after": after, "chunk": CHUNK},
        )
        return [row[0] for row in cursor.fetchall()]


def withdraw_library_records(*, actor: Actor, library: Library, in_background: bool = True) -> Withdrawal:
    """Take all records of a library out of the catalogue; nothing is lost and `restore_library_records` undoes it.

    With `in_background` a job does it, else the caller runs `work_on_withdrawal`. Raises Refused; NotPossible:
    "on_loan" while copies are with readers or on their way, "withdrawn" when it is out already.
    """
    require(actor, SHARE, at=library.scope)
    away = Item.objects.filter(record__library=library, record__status="ACTIVE", status__in=AWAY)
    if away.exists():
        raise NotPossible("on_loan")
    with writing(actor) as w:
        try:
            with transaction.atomic():
                withdrawal = Withdrawal.objects.create(
                    library=library, actor_id=actor.account_id, actor_name=actor.name
                )
        except IntegrityError:
            raise NotPossible("withdrawn") from None
        w.audit("catalogue.library_withdrawn", target=("library", library.code), at=library.code)
        if in_background:
            w.publish("catalogue.withdrawal_requested", withdrawal_id=withdrawal.pk)
    return withdrawal


def restore_library_records(*, actor: Actor, withdrawal: Withdrawal, in_background: bool = True) -> None:
    """Bring the records of a withdrawal back as they were. Raises Refused, NotPossible("gone") when it is under way."""
    require(actor, SHARE, at=withdrawal.library.scope)
    with writing(actor) as w:
        moved = Withdrawal.objects.filter(pk=withdrawal.pk, state=WithdrawalState.DONE).update(
            state=WithdrawalState.RESTORING
        )
        if not moved:
            raise NotPossible("gone")
        code = withdrawal.library.code
        w.audit("catalogue.library_restored", target=("library", code), at=code)
        if in_background:
            w.publish("catalogue.withdrawal_requested", withdrawal_id=withdrawal.pk)


def work_on_withdrawal(*, actor: Actor, withdrawal: Withdrawal) -> None:
    """Do what the state of a withdrawal asks for, a chunk a transaction; a killed run goes on where it was.

    Raises AlreadyRunning while another process is at it.
    """
    with sole_runner(WITHDRAWAL_LOCK, withdrawal.pk):
        withdrawal.refresh_from_db()
        if withdrawal.state == WithdrawalState.RUNNING:
            while _withdraw_chunk(actor, withdrawal):
                pass
        elif withdrawal.state == WithdrawalState.RESTORING:
            while _restore_chunk(actor, withdrawal):
                pass


def _withdraw_chunk(actor: Actor, withdrawal: Withdrawal) -> bool:
    """Withdraw the next records; False when none was left and the withdrawal is done."""
    with writing(actor) as w:
        lock_matching()
        rows = _rows("status = 'ACTIVE'", withdrawal)
        code = withdrawal.library.code
        w.audit(
            "catalogue.library_withdrawn",
            target=("library", code),
            at=code,
            details={"records": len(rows), "first": rows[0][0] if rows else None},
        )
        if not rows:
            _finish(withdrawal, "DONE")
            return False
        record_ids, cluster_ids = [row[0] for row in rows], sorted({row[1] for row in rows})
        withdraw_rows(w, record_ids, cluster_ids, batch_id=None)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalogue_sourcerecord SET withdrawal_id = %s WHERE id = ANY(%s)", [withdrawal.pk, record_ids]
            )
        withdrawal.records += len(rows)
        withdrawal.save(update_fields=["records"])
        w.publish("catalogue.records_saved", cluster_ids=cluster_ids)
    return True


def _restore_chunk(actor: Actor, withdrawal: Withdrawal) -> bool:
    with writing(actor) as w:
        lock_matching()
        rows = _rows(f"status = 'DELETED' AND withdrawal_id = {int(withdrawal.pk)}", withdrawal)
        code = withdrawal.library.code
        w.audit("catalogue.library_restored", target=("library", code), at=code, details={"records": len(rows)})
        if not rows:
            _finish(withdrawal, "RESTORED")
            return False
        placed = rewrite_records(w, [(record_id, revision - 1) for record_id, _, revision in rows], change="RESTORED")
        withdrawal.restored += len(rows)
        withdrawal.save(update_fields=["restored"])
        w.publish("catalogue.records_saved", cluster_ids=sorted({p.cluster_id for p in placed}))
    return True


def _finish(withdrawal: Withdrawal, state: str) -> None:
    withdrawal.state, withdrawal.finished_at = state, timezone.now()
    withdrawal.save(update_fields=["state", "finished_at"])


def _rows(condition: str, withdrawal: Withdrawal) -> Sequence[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, cluster_id, revision FROM catalogue_sourcerecord WHERE library_id = %s AND {condition}"
            " ORDER BY id LIMIT %s FOR UPDATE",
            [withdrawal.library_id, CHUNK],
        )
        rows: Sequence[tuple[int, int, int]] = cursor.fetchall()
    return rows
