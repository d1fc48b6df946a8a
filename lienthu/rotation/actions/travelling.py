"""A set leaves its library and arrives: every copy moves through circulation, which decides as always."""

from collections.abc import Mapping
from datetime import datetime

from lienthu.audit.actions import Writing, writing
from lienthu.circulation import actions as circulation
from lienthu.circulation.actions.staying import begin_stay
from lienthu.circulation.queries.state import locked_scene
from lienthu.circulation.queries.staying import was_received
from lienthu.circulation.queries.words import Request
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.rotation.access import require_host, require_owner
from lienthu.rotation.actions.frame import explained, locked, note, piece_with_number
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.models import Piece, RotationSet, State
from lienthu.rotation.policy import latest_return


def hand_over(*, actor: Actor, set_id: int) -> RotationSet:
    """Send the set: its copies are on their way. A copy that may not go stays behind, with the reason.

    Raises both Refused: none of the copies may go, or the day of return is past what the circular allows.
    """
    with writing(actor) as w:
        one = locked(set_id, State.DRAFT)
        require_owner(actor, one)
        now, last = clock.now(), latest_return(clock.today())
        if not clock.today() < one.due_on <= last:
            raise Refused("TOO_LONG" if one.due_on > last else "DUE_IN_PAST", last=last)
        pieces = list(one.pieces.order_by("item_id"))
        for piece in pieces:
            piece.left_out = _left_out(actor, one, piece)
            piece.sent = piece.open = not piece.left_out
            if piece.sent:
                begin_stay(w, item_id=piece.item_id, library_id=one.host_id, point=one.point, until=one.due_on, at=now)
        if not any(piece.sent for piece in pieces):
            raise Refused("NOTHING_TO_SEND")
        Piece.objects.bulk_update(pieces, ["left_out", "sent", "open"])
        one.state, one.sent_at = State.SENT, now
        one.save(update_fields=["state", "sent_at"])
        note(w, one, "handed_over", at=now)
        return one


def scan_arrival(*, actor: Actor, set_id: int, number: str) -> tuple[Piece, bool]:
    """Count a copy that arrived with the set; (copy, was it counted before). Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.SENT)
        require_host(actor, one)
        piece = piece_with_number(one, number)
        if piece.arrived_at is not None:
            w.nothing_changed()
            return piece, True
        if one.moves:
            take_in(actor, piece, library_id=one.host_id, since=one.sent_at)
        piece.arrived_at = clock.now()
        piece.save(update_fields=["arrived_at"])
        note_scan(w, one, piece)
        return piece, False


def confirm_arrival(*, actor: Actor, set_id: int, why: Mapping[int, str]) -> RotationSet:
    """The set is here; `why` says of each copy that did not arrive what is known. Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.SENT)
        require_host(actor, one)
        now = clock.now()
        explained(one, why, "why_not_arrived")
        one.state, one.received_at, one.received_by = State.THERE, now, actor.account_id
        one.save(update_fields=["state", "received_at", "received_by"])
        note(w, one, "received", at=now)
        return one


def take_in(actor: Actor, piece: Piece, *, library_id: int, since: datetime | None) -> None:
    """Receive a copy at a library, unless a scan at its ordinary desk did so already. Raises Refused."""
    try:
        circulation.receive(actor=actor, item_id=piece.item_id, library_id=library_id)
    except circulation.Refused as refusal:
        known = since is not None and was_received(piece.item_id, library_id=library_id, since=since)
        if "NOT_IN_TRANSIT" in refusal.codes and known:
            return
        raise Refused("CIRCULATION", number=piece.item.accession_number, reasons=refusal.reasons) from None


def note_scan(w: Writing, one: RotationSet, piece: Piece) -> None:
    """An audit entry for one copy counted; the history of the set gets one line for the whole handover."""
    w.audit(
        "rotation.scanned",
        target=("item", piece.item.accession_number or piece.item_id),
        at=one.owner.code,
        details={"set": one.public_id, "state": one.state},
    )


def _left_out(actor: Actor, one: RotationSet, piece: Piece) -> str:
    """Why this copy cannot go: circulation's reasons; none, then it is sent."""
    if not one.moves:
        scene = locked_scene(piece.item_id)
        if scene is None or scene.copy.status != "AVAILABLE":
            return f"STATUS:{scene.copy.status if scene else ''}"
        waiting = scene.request(library_id=one.owner_id, today=clock.today()) != Request.NONE
        return "HELD_FOR_ANOTHER" if waiting else ""
    try:
        circulation.send(actor=actor, item_id=piece.item_id, library_id=one.owner_id, to_library_id=one.host_id)
    except circulation.Refused as refusal:
        return ",".join(refusal.codes)
    return ""
