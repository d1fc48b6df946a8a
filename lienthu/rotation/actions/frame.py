"""What every action does: the set locked, its state asked, its copies found, its history written."""

from collections.abc import Mapping
from datetime import datetime

from lienthu.audit.actions import Writing
from lienthu.catalogue.queries.items import copies_with_number
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.models import Happening, Piece, RotationSet
from lienthu.rotation.policy import is_explained
from lienthu.rotation.queries import counts_of, not_counted

MOST_LETTERS = 400


def locked(set_id: int, *states: object) -> RotationSet:
    """The set, its row locked until the transaction ends. Raises Refused when it is in none of these states."""
    one = (
        RotationSet.objects.select_for_update(of=("self",)).select_related("owner__scope", "host__scope").get(pk=set_id)
    )
    if one.state not in states:
        raise Refused("OTHER_STATE", state=one.state)
    return one


def note(w: Writing, one: RotationSet, what: str, *, at: datetime, more: Mapping[str, int] | None = None) -> None:
    """Write a line of the set's history, with its counts, and the audit entry."""
    counts = counts_of(one)
    kept = {
        "listed": counts.listed,
        "sent": counts.sent,
        "arrived": counts.arrived,
        "back": counts.back,
        "home": counts.home,
        **(more or {}),
    }
    Happening.objects.create(set=one, what=what.upper(), at=at, by=w.actor.name[:200], counts=kept)
    w.audit(
        f"rotation.{what}", target=("rotation", one.public_id), at=one.owner.code, details={"name": one.name, **kept}
    )


def piece_with_number(one: RotationSet, number: str) -> Piece:
    """The copy of this set that carries the number. Raises Refused, which says where the number belongs."""
    found = copies_with_number(number)
    ids = [copy.item_id for copy in found]
    piece = Piece.objects.filter(set=one, item_id__in=ids).select_related("item__record__cluster").first()
    if piece is not None and not piece.left_out:
        return piece
    if not found:
        raise Refused("NO_SUCH_NUMBER", number=number.strip())
    raise Refused("NOT_IN_SET", number=number.strip(), title=found[0].title)


def explained(one: RotationSet, why: Mapping[int, str], field: str) -> list[Piece]:
    """Write down why what is missing is missing. Raises Refused naming the copies without an explanation."""
    missing = list(not_counted(one))
    silent = [piece.item.accession_number for piece in missing if not is_explained(why.get(piece.pk, ""))]
    if silent:
        raise Refused("EXPLAIN", numbers=silent)
    for piece in missing:
        setattr(piece, field, " ".join(why[piece.pk].split())[:MOST_LETTERS])
    Piece.objects.bulk_update(missing, [field])
    return missing
