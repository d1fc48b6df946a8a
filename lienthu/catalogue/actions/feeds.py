"""Records that follow an outside source: taken out and brought back by control number, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.audit.actions import writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.clustering import lock_matching
from lienthu.catalogue.actions.records import rewrite_records
from lienthu.catalogue.actions.saving.withdrawing import withdraw_rows
from lienthu.catalogue.models import AWAY, Item, SourceRecord
from lienthu.identity.access import Actor, require
from lienthu.libraries.queries import Library


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Control numbers that were withdrawn, and those whose copies are with a reader or on the way."""

    withdrawn: tuple[str, ...]
    on_loan: tuple[str, ...]


def withdraw_numbers(*, actor: Actor, library: Library, numbers: Sequence[str], reason: str) -> TakenOut:
    """Withdraw the records of a library under these control numbers; those unknown or withdrawn already are passed by.

    A record with a copy on loan stays until the copy is back. Raises Refused.
    """
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        lock_matching()
        found = list(_locked(library, numbers, "ACTIVE"))
        away = set(
            Item.objects.filter(
                record__in=[record_id for record_id, _, _ in found],
                status__in=AWAY,
            ).values_list("record_id", flat=True)
        )
        taken = [row for row in found if row[0] not in away]
        if not taken:
            w.nothing_changed()
            return TakenOut((), tuple(number for _, number, _ in found))
        clusters = sorted({cluster_id for _, _, cluster_id in taken})
        withdraw_rows(w, [record_id for record_id, _, _ in taken], clusters, batch_id=None)
        w.audit(
            "catalogue.records_withdrawn",
            target=("records", len(taken)),
            at=library.code,
            details={"records": [number for _, number, _ in taken], "reason": reason},
        )
        w.publish("catalogue.records_saved", cluster_ids=clusters)
    return TakenOut(
        tuple(number for _, number, _ in taken), tuple(number for record_id, number, _ in found if record_id in away)
    )


def restore_numbers(*, actor: Actor, library: Library, numbers: Sequence[str], reason: str) -> tuple[str, ...]:
    """Bring withdrawn records of a library back as they were; return the control numbers that came back."""
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        lock_matching()
        found = list(_locked(library, numbers, "DELETED"))
        if not found:
            w.nothing_changed()
            return ()
        current = dict(SourceRecord.objects.filter(pk__in=[row[0] for row in found]).values_list("pk", "revision"))
        # The revision of a withdrawal holds what the record was.
        placed = rewrite_records(w, [(pk, current[pk]) for pk, _, _ in found], change="RESTORED")
        w.audit(
            "catalogue.records_brought_back",
            target=("records", len(found)),
            at=library.code,
            details={"records": [number for _, number, _ in found], "reason": reason},
        )
        # A record may find another union record than the one it had left.
        clusters = {p.cluster_id for p in placed} | {cluster_id for _, _, cluster_id in found}
        w.publish("catalogue.records_saved", cluster_ids=sorted(clusters))
    return tuple(number for _, number, _ in found)


def _locked(library: Library, numbers: Sequence[str], status: str) -> list[tuple[int, str, int]]:
    """(id, control number, union record) in the order of ids, locked until the block ends."""
    rows = SourceRecord.objects.select_for_update().filter(
        library=library, control_number__in=list(numbers), status=status
    )
    return list(rows.order_by("pk").values_list("pk", "control_number", "cluster_id"))
