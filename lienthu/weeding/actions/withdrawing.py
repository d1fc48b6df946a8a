"""Copies leave stock, and come back when a weeding is taken back: in pieces, so that a killed job goes on."""

from collections.abc import Sequence

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.items import change_status
from lienthu.catalogue.actions.keeping import withdraw_items
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.locks import sole_runner
from lienthu.weeding.actions.frame import locked, note
from lienthu.weeding.actions.refusals import Refused
from lienthu.weeding.models import Piece, State, Weeding
from lienthu.weeding.queries import busy_items, still_withdrawn
from lienthu.weeding.queries.claims import claimed_copies

# One runner for each weeding; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_331
CHUNK = 200


def request_withdrawal(*, actor: Actor, weeding_id: int) -> None:
    """Let a job take the copies out of stock; asked again, it works for who asked last. Raises both Refused."""
    _request(actor, weeding_id, State.DECIDED, State.WITHDRAWING, "withdrawing")


def request_return(*, actor: Actor, weeding_id: int) -> None:
    """Let a job put the copies back that are still withdrawn by this weeding. Raises both Refused."""
    _request(actor, weeding_id, State.DONE, State.RETURNING, "returning")


def work_on_weeding(*, actor: Actor, one: Weeding) -> None:
    """Do what the state of a weeding asks for; may run twice. Raises AlreadyRunning while another process is at it."""
    with sole_runner(LOCK_CLASS, one.pk):
        one.refresh_from_db()
        if one.state == State.WITHDRAWING:
            _withdraw(actor, one)
        elif one.state == State.RETURNING:
            _take_back(actor, one)


def _request(actor: Actor, weeding_id: int, was: object, becomes: object, deed: str) -> None:
    with writing(actor) as w:
        one = locked(actor, weeding_id, was, becomes)
        if was == State.DONE and one.state == was and not still_withdrawn(one).exists():
            raise Refused("NOTHING_TO_RETURN")
        one.state, one.worker = str(becomes), actor.account_id
        one.save(update_fields=["state", "worker"])
        note(w, one, deed)
        w.publish("weeding.work_requested", weeding_id=one.pk)


def _withdraw(actor: Actor, one: Weeding) -> None:
    waiting = Piece.objects.filter(weeding=one, kept_out="", withdrawn_at=None, left_out=False).order_by("pk")
    while chunk := list(waiting[:CHUNK]):
        _withdraw_chunk(actor, one, chunk)
    with writing(actor) as w:
        kept = locked(actor, one.pk, State.WITHDRAWING)
        kept.state, kept.done_at = State.DONE, clock.now()
        kept.save(update_fields=["state", "done_at"])
        kept.pieces.update(open=False)
        note(w, kept, "done")


def _withdraw_chunk(actor: Actor, one: Weeding, chunk: Sequence[Piece]) -> None:
    """Some copies in one transaction. What came into use or into a set meanwhile stays in stock, and is told."""
    with writing(actor) as w:
        states = _locked_states([piece.item_id for piece in chunk])
        busy = busy_items(states) | claimed_copies(one.library_id).keys()
        gone = {item_id for item_id, (status, _cluster) in states.items() if status == "WITHDRAWN"}
        fit = [piece for piece in chunk if piece.item_id not in busy | gone and piece.item_id in states]
        if fit:
            withdraw_items(
                actor=actor,
                library=one.library,
                item_ids=[piece.item_id for piece in fit],
                reason=f"{one.name}; {one.decision}",
            )
        else:
            w.nothing_changed()
        now = clock.now()
        for piece in chunk:
            if piece in fit:
                piece.before, piece.withdrawn_at = states[piece.item_id][0], now
            else:
                piece.left_out = True
        Piece.objects.bulk_update(chunk, ["before", "withdrawn_at", "left_out"])


def _take_back(actor: Actor, one: Weeding) -> None:
    waiting = Piece.objects.filter(weeding=one, withdrawn_at__isnull=False, returned_at=None, not_returned=False)
    while chunk := list(waiting.order_by("pk")[:CHUNK]):
        _take_back_chunk(actor, one, chunk)
    with writing(actor) as w:
        kept = locked(actor, one.pk, State.RETURNING)
        kept.state, kept.returned_at = State.RETURNED, clock.now()
        kept.save(update_fields=["state", "returned_at"])
        note(w, kept, "returned")


def _take_back_chunk(actor: Actor, one: Weeding, chunk: Sequence[Piece]) -> None:
    with writing(actor) as w:
        states = _locked_states([piece.item_id for piece in chunk])
        ours = set(still_withdrawn(one).filter(pk__in=[piece.pk for piece in chunk]).values_list("pk", flat=True))
        now, clusters = clock.now(), set()
        for piece in chunk:
            if piece.pk in ours:
                cluster = states[piece.item_id][1]
                change_status(w, item_id=piece.item_id, was="WITHDRAWN", becomes=piece.before, cluster_id=cluster)
                clusters.add(cluster)
                piece.returned_at = now
            else:
                piece.not_returned = True
        Piece.objects.bulk_update(chunk, ["returned_at", "not_returned"])
        if clusters:
            w.publish("catalogue.records_saved", cluster_ids=sorted(clusters))
            details = {"name": one.name, "copies": len(ours)}
            w.audit("weeding.returning", target=("weeding", one.public_id), at=one.library.code, details=details)
        else:
            w.nothing_changed()


def _locked_states(item_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """State and union record of these copies, their rows locked until the transaction ends."""
    statement = """
        SELECT i.id, i.status, r.cluster_id FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
        WHERE i.id = ANY(%s) ORDER BY i.id FOR UPDATE OF i
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(item_ids)])
        return {item_id: (status, cluster_id) for item_id, status, cluster_id in cursor.fetchall()}
