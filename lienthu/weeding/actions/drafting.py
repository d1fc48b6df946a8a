"""A weeding is made up: its name, its council, and the copies found by criteria or by their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.queries.items import CopySummary, copies_with_numbers
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.weeding.access import MANAGE
from lienthu.weeding.actions.frame import locked, note, tidy
from lienthu.weeding.actions.refusals import Refused
from lienthu.weeding.models import Piece, State, Weeding
from lienthu.weeding.policy import MOST_PIECES, Reason, years_before
from lienthu.weeding.queries import busy_items, counts_of
from lienthu.weeding.queries.claims import claimed_copies, missing_in_rounds
from lienthu.weeding.queries.finding import PutIn, lending_since, put_in

NAME_LETTERS, NOTE_LETTERS = 160, 400
WEEDABLE = ("DAMAGED", "MISSING", "LOST")
LAST_YEAR, MOST_COPIES_KEPT, MOST_YEARS, MOST_ROUNDS = 2100, 1_000, 100, 20
Council = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Added:
    """What became of numbers: how many copies came in, and why others did not."""

    count: int = 0
    refused: list[Refused] = field(default_factory=list)


def make_weeding(*, actor: Actor, name: str, library: Library, council: Council) -> Weeding:
    """Begin a weeding. Raises Refused of identity."""
    require(actor, MANAGE, at=library.scope)
    with writing(actor) as w:
        one = Weeding.objects.create(
            name=tidy(name, NAME_LETTERS),
            library=library,
            council=_tidied(council),
            made_at=clock.now(),
            made_by=actor.name[:200],
        )
        note(w, one, "made")
        return one


def change_weeding(*, actor: Actor, weeding_id: int, name: str, council: Council) -> Weeding:
    """Another name or council, until it is decided. Raises both Refused."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT, State.PUBLISHED)
        one.name, one.council = tidy(name, NAME_LETTERS), _tidied(council)
        one.save(update_fields=["name", "council"])
        note(w, one, "changed")
        return one


def find_copies(*, actor: Actor, weeding_id: int, reason: Reason, value: str) -> PutIn:
    """Put every copy that fits a criterion into a draft; how many came in, and stayed out. Raises both Refused.

    `value` is a state (STATUS), a year before which it was published (YEAR), how many copies of a title stay
    (SURPLUS), for how many years nobody borrowed it (UNUSED), or in how many rounds of stock-taking on end it was
    missing (ROUNDS).
    """
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT)
        since, items = None, list[int]()
        if reason == Reason.STATUS:
            if value not in WEEDABLE:
                raise Refused("BAD_VALUE")
            number = 0
        else:
            number = _number(reason, value)
        if reason == Reason.UNUSED:
            since = _known_since(one, number)
        elif reason == Reason.ROUNDS:
            items = _missing(one, number)
        space = MOST_PIECES - counts_of(one).named
        found = put_in(
            one,
            reason=reason,
            value=value,
            number=number,
            since=since,
            items=items,
            most=max(space, 0),
            now=clock.now(),
        )
        _told(w, one, found.count)
        return found


def add_numbers(*, actor: Actor, weeding_id: int, numbers: Sequence[str], why: str) -> Added:
    """Put copies into a draft by their numbers, each for itself. Raises both Refused (for the weeding)."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT)
        if not tidy(why, NOTE_LETTERS):
            raise Refused("NO_REASON")
        if counts_of(one).named + len(numbers) > MOST_PIECES:
            raise Refused("TOO_MANY", most=MOST_PIECES)
        found, result, wanted = copies_with_numbers(numbers), Added(), dict[int, str]()
        for number in numbers:
            own = next((copy for copy in found.get(number, ()) if copy.library_id == one.library_id), None)
            if own is None:
                result.refused.append(
                    Refused("OTHER_LIBRARY" if found.get(number) else "NO_SUCH_NUMBER", number=number)
                )
            else:
                wanted[own.item_id] = own.accession_number
        _refuse_unfit(one, wanted, result, _by_id(found))
        result.count = put_in(
            one,
            reason=Reason.NAMED,
            items=tuple(wanted),
            note=tidy(why, NOTE_LETTERS),
            most=MOST_PIECES,
            now=clock.now(),
        ).count
        _told(w, one, result.count)
        return result


def remove_piece(*, actor: Actor, weeding_id: int, piece_id: int) -> None:
    """Take a copy out of a draft. Raises both Refused, Piece.DoesNotExist."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT)
        Piece.objects.get(weeding=one, pk=piece_id).delete()
        note(w, one, "removed", {"count": 1})


def discard_weeding(*, actor: Actor, weeding_id: int) -> None:
    """Give a weeding up before copies are withdrawn; its dossier stays. Raises both Refused."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT, State.PUBLISHED, State.DECIDED)
        one.state = State.DISCARDED
        one.save(update_fields=["state"])
        one.pieces.update(open=False)
        note(w, one, "discarded")


def _tidied(council: Council) -> list[list[str]]:
    people = ([tidy(name, 120), tidy(office, 120)] for name, office in council)
    return [person for person in people if person[0]]


def _number(reason: Reason, value: str) -> int:
    last = {Reason.YEAR: LAST_YEAR, Reason.SURPLUS: MOST_COPIES_KEPT, Reason.ROUNDS: MOST_ROUNDS}.get(
        reason, MOST_YEARS
    )
    number = int(value) if value.isascii() and value.isdecimal() and len(value) <= 4 else 0
    if not 1 <= number <= last:
        raise Refused("BAD_VALUE")
    return number


def _known_since(one: Weeding, years: int) -> datetime:
    """The moment since when nobody borrowed; refuses when nothing is known of so long a time."""
    since = datetime.combine(years_before(clock.today(), years), time(), tzinfo=clock.VIETNAM).astimezone(UTC)
    first = lending_since(one.library_id)
    if first is None or first > since:
        raise Refused("LOANS_UNKNOWN", first=first)
    return since


def _missing(one: Weeding, rounds: int) -> list[int]:
    """Copies missing in so many rounds; refuses when there were not so many."""
    known, items = missing_in_rounds(one.library_id, rounds)
    if known < rounds:
        raise Refused("ROUNDS_UNKNOWN", known=known)
    return items


def _by_id(found: dict[str, list[CopySummary]]) -> dict[int, CopySummary]:
    return {copy.item_id: copy for copies in found.values() for copy in copies}


def _refuse_unfit(one: Weeding, wanted: dict[int, str], result: Added, copies: dict[int, CopySummary]) -> None:
    """Leave out of `wanted` what is in a set or in use, and what a weeding names already."""
    claims = claimed_copies(one.library_id)
    for item_id in [item_id for item_id in wanted if item_id in claims]:
        result.refused.append(Refused("IN_SET", number=wanted.pop(item_id), name=claims[item_id]))
    for item_id in busy_items(wanted):
        result.refused.append(Refused("BUSY", number=wanted.pop(item_id), status=copies[item_id].status))
    taken = Piece.objects.filter(item__in=list(wanted), open=True).select_related("weeding")
    for piece in taken:
        result.refused.append(Refused("IN_LIST", number=wanted.pop(piece.item_id), name=piece.weeding.name))


def _told(w: Writing, one: Weeding, count: int) -> None:
    if count:
        note(w, one, "added", {"count": count})
    else:
        w.nothing_changed()
