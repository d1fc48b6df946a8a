"""A set comes back: what is not handed back, or does not arrive at home, is explained."""

from collections.abc import Mapping

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.queries.items import copy_of_item
from lienthu.circulation import actions as circulation
from lienthu.circulation.actions.staying import end_stay
from lienthu.circulation.queries.staying import was_received
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.rotation.access import require_host, require_owner
from lienthu.rotation.actions.frame import explained, locked, note, piece_with_number
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.actions.travelling import note_scan, take_in
from lienthu.rotation.models import Piece, RotationSet, State


def scan_back(*, actor: Actor, set_id: int, number: str) -> tuple[Piece, bool]:
    """Hand a copy back: it is on its way home. (copy, was it counted before). Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.THERE)
        require_host(actor, one)
        piece = piece_with_number(one, number)
        if piece.back_at is not None:
            w.nothing_changed()
            return piece, True
        if piece.arrived_at is None:  # it turned up after the others
            if one.moves:
                take_in(actor, piece, library_id=one.host_id, since=one.sent_at)
            piece.arrived_at = clock.now()
        if one.moves:
            _send_home(w, actor, one, piece)
        piece.back_at = clock.now()
        piece.save(update_fields=["arrived_at", "back_at"])
        note_scan(w, one, piece)
        return piece, False


def give_back(*, actor: Actor, set_id: int, why: Mapping[int, str]) -> RotationSet:
    """Everything that goes back is packed; `why` says of each other copy why not. Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.THERE)
        require_host(actor, one)
        now = clock.now()
        explained(one, why, "why_not_back")
        for item_id in one.pieces.filter(sent=True, back_at=None).values_list("item_id", flat=True):
            end_stay(w, item_id=item_id, at=now)
        one.state, one.returned_at = State.RETURNING, now
        one.save(update_fields=["state", "returned_at"])
        note(w, one, "given_back", at=now)
        return one


def scan_home(*, actor: Actor, set_id: int, number: str) -> tuple[Piece, bool]:
    """Count a copy that came home. (copy, was it counted before). Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.RETURNING)
        require_owner(actor, one)
        piece = piece_with_number(one, number)
        if piece.home_at is not None:
            w.nothing_changed()
            return piece, True
        if one.moves:
            take_in(actor, piece, library_id=one.owner_id, since=one.sent_at)
        else:  # it left the point, and is on its own shelf from now on
            end_stay(w, item_id=piece.item_id, at=clock.now())
        piece.home_at = clock.now()
        piece.save(update_fields=["home_at"])
        note_scan(w, one, piece)
        return piece, False


def close_set(*, actor: Actor, set_id: int, why: Mapping[int, str]) -> RotationSet:
    """The set is home; `why` says of each copy handed back that did not arrive what is known. Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.RETURNING)
        require_owner(actor, one)
        now = clock.now()
        explained(one, why, "why_not_home")
        for item_id in one.pieces.filter(sent=True, home_at=None).values_list("item_id", flat=True):
            end_stay(w, item_id=item_id, at=now)
        one.pieces.update(open=False)
        one.state, one.closed_at = State.CLOSED, now
        one.save(update_fields=["state", "closed_at"])
        note(w, one, "closed", at=now)
        return one


def _send_home(w: Writing, actor: Actor, one: RotationSet, piece: Piece) -> None:
    """The copy belongs only to its own library again, and travels there; one that is there already stays."""
    end_stay(w, item_id=piece.item_id, at=clock.now())
    copy = copy_of_item(piece.item_id)
    sent = piece.arrived_at
    if sent is not None and was_received(piece.item_id, library_id=one.owner_id, since=sent):
        return
    try:
        circulation.send(actor=actor, item_id=piece.item_id, library_id=one.host_id, to_library_id=one.owner_id)
    except circulation.Refused as refusal:
        if copy is not None and copy.status == "IN_TRANSIT":
            return
        raise Refused("CIRCULATION", number=piece.item.accession_number, reasons=refusal.reasons) from None
