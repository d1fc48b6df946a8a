"""A set is made up: its name, where it goes, until when, and its copies, scanned one after another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lienthu.audit.actions import writing
from lienthu.catalogue.queries.items import CopySummary, copies_with_numbers
from lienthu.circulation.actions.staying import stay_until
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.rotation.access import MANAGE, require_owner
from lienthu.rotation.actions.frame import locked, note
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.models import Piece, RotationSet, State
from lienthu.rotation.policy import MOST_COPIES, latest_return

NAME_LETTERS = 160


@dataclass(slots=True)
class Added:
    """What became of scanned numbers: copies now in the set, copies that were in it already, and why others are not."""

    added: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def make_set(
    *,
    actor: Actor,
    name: str,
    owner: Library,
    host: Library,
    due_on: date,
    point: str = "",
    previous: RotationSet | None = None,
) -> RotationSet:
    """Begin a set, of the copies of `previous` if there is one. Raises both Refused."""
    require(actor, MANAGE, at=owner.scope)
    _check(owner, host, point, due_on)
    if previous is not None and previous.owner_id != owner.pk:
        raise Refused("OTHER_OWNER", name=previous.name)
    with writing(actor) as w:
        now = clock.now()
        one = RotationSet.objects.create(
            name=name[:NAME_LETTERS],
            owner=owner,
            host=host,
            point=point[:NAME_LETTERS],
            due_on=due_on,
            made_at=now,
            made_by=actor.account_id,
            previous=previous,
        )
        if previous is not None:
            again = previous.pieces.filter(open=False, item__status="AVAILABLE").order_by("item_id")
            elsewhere = Piece.objects.filter(open=True).values("item_id")
            Piece.objects.bulk_create(
                Piece(set=one, item_id=item, added_at=now)
                for item in again.exclude(item_id__in=elsewhere).values_list("item_id", flat=True)
            )
        note(w, one, "made", at=now)
        return one


def change_set(*, actor: Actor, set_id: int, name: str, host: Library, due_on: date, point: str = "") -> RotationSet:
    """Change what a draft says; of a set that is away only the day of return. Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.DRAFT, State.SENT, State.THERE)
        require_owner(actor, one)
        if one.state == State.DRAFT:
            _check(one.owner, host, point, due_on)
            one.name, one.host, one.point = name[:NAME_LETTERS], host, point[:NAME_LETTERS]
        else:
            _check_day(due_on, since=one.sent_at.astimezone(clock.VIETNAM).date() if one.sent_at else clock.today())
            stay_until(w, item_ids=one.pieces.filter(sent=True).values_list("item_id", flat=True), until=due_on)
        one.due_on, one.told_for = due_on, None
        one.save(update_fields=["name", "host", "point", "due_on", "told_for"])
        note(w, one, "changed", at=clock.now())
        return one


def discard_set(*, actor: Actor, set_id: int) -> None:
    """A draft that is not needed. Raises both Refused."""
    with writing(actor) as w:
        one = locked(set_id, State.DRAFT)
        require_owner(actor, one)
        one.state, one.closed_at = State.DISCARDED, clock.now()
        one.save(update_fields=["state", "closed_at"])
        one.pieces.update(open=False)
        note(w, one, "discarded", at=clock.now())


def add_copies(*, actor: Actor, set_id: int, numbers: Sequence[str]) -> Added:
    """Put copies into a draft by their numbers; each for itself. Raises both Refused (for the set)."""
    with writing(actor) as w:
        one = locked(set_id, State.DRAFT)
        require_owner(actor, one)
        if one.pieces.count() + len(numbers) > MOST_COPIES:
            raise Refused("TOO_MANY", most=MOST_COPIES)
        result, now = Added(), clock.now()
        found = copies_with_numbers(numbers)
        for number in numbers:
            try:
                _add(one, number, found.get(number, []), result, now)
            except Refused as refusal:
                result.refused.append(refusal)
        if result.added:
            note(w, one, "scanned", at=now, more={"added": len(result.added)})
        else:
            w.nothing_changed()
        return result


def remove_copy(*, actor: Actor, set_id: int, piece_id: int) -> None:
    """Take a copy out of a draft. Raises both Refused, Piece.DoesNotExist."""
    with writing(actor) as w:
        one = locked(set_id, State.DRAFT)
        require_owner(actor, one)
        Piece.objects.get(set=one, pk=piece_id).delete()
        note(w, one, "scanned", at=clock.now(), more={"removed": 1})


def _add(one: RotationSet, number: str, found: Sequence[CopySummary], result: Added, now: datetime) -> None:
    own = next((copy for copy in found if copy.library_id == one.owner_id), None)
    if own is None:
        raise Refused("OTHER_LIBRARY" if found else "NO_SUCH_NUMBER", number=number)
    taken = _taken(own.item_id)
    if taken is not None and taken.set_id == one.pk:
        result.already.append(own.accession_number)
        return
    if taken is not None:
        raise Refused("IN_OTHER_SET", number=own.accession_number, name=taken.set.name)
    if own.status != "AVAILABLE":
        raise Refused("NOT_AVAILABLE", number=own.accession_number, status=own.status)
    try:
        with transaction.atomic():
            Piece.objects.create(set=one, item_id=own.item_id, added_at=now)
    except IntegrityError:  # somebody put it into another set at this moment
        taken = _taken(own.item_id)
        raise Refused("IN_OTHER_SET", number=own.accession_number, name=taken.set.name if taken else "…") from None
    result.added.append(own.accession_number)


def _taken(item_id: int) -> Piece | None:
    return Piece.objects.filter(item_id=item_id, open=True).select_related("set").first()


def _check(owner: Library, host: Library, point: str, due_on: date) -> None:
    if owner.pk == host.pk and not point.strip():
        raise Refused("NO_POINT")
    _check_day(due_on, since=clock.today())


def _check_day(due_on: date, *, since: date) -> None:
    if due_on <= clock.today():
        raise Refused("DUE_IN_PAST")
    last = latest_return(since)
    if due_on > last:
        raise Refused("TOO_LONG", last=last)
