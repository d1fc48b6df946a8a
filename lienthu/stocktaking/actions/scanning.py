"""Numbers that are scanned, in any order, by several people at once, now or when a device is back online."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthu.audit.actions import writing
from lienthu.catalogue.queries.items import CopySummary, copies_with_numbers, withdrawn_with_numbers
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Branch
from lienthu.stocktaking.access import require_manage
from lienthu.stocktaking.actions.frame import locked
from lienthu.stocktaking.actions.refusals import Refused
from lienthu.stocktaking.models import Expected, Round, Scan, State
from lienthu.stocktaking.policy import MOST_NUMBERS, NUMBER_LETTERS, Outcome, Seen, in_wrong_place, outcome_of

# A device whose clock is ahead of ours did not scan in the future.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A number as it was scanned, and when; `at` None: now."""

    number: str
    at: datetime | None = None


@dataclass(slots=True)
class Heard:
    """What became of the numbers: (number, outcome, title) of the new ones; those that were scanned before."""

    new: list[tuple[str, Outcome, str]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)


def scan(
    *, actor: Actor, round_id: int, numbers: Sequence[Scanned], place: str = "", branch: Branch | None = None
) -> Heard:
    """Write numbers down, and where (`place` a shelf, `branch` a service point of the library), as far as that is said.

    The same number again, from whomever, changes nothing. Raises both Refused.
    """
    given = {text: one.at for one in numbers if (text := " ".join(one.number.replace("\x00", "").split()))}
    if len(given) > MOST_NUMBERS:
        raise Refused("TOO_MANY_NUMBERS", most=MOST_NUMBERS)
    if any(len(text) > NUMBER_LETTERS for text in given):
        raise Refused("NUMBER_TOO_LONG", most=NUMBER_LETTERS)
    with writing(actor) as w:
        one = locked(round_id, State.COUNTING)
        require_manage(actor, one)
        if branch is not None and branch.library_id != one.library_id:
            raise Refused("OTHER_BRANCH")
        heard, rows = _rows(one, given, by=actor.name, place=place[:200], branch_id=branch.pk if branch else None)
        if rows:
            Scan.objects.bulk_create(rows)
            details = {"numbers": len(rows), "place": place[:200]}
            w.audit("stocktaking.scanned", target=("round", one.public_id), at=one.library.code, details=details)
        else:
            w.nothing_changed()
    return heard


def _rows(
    one: Round, given: dict[str, datetime | None], *, by: str, place: str, branch_id: int | None
) -> tuple[Heard, list[Scan]]:
    heard, rows, now = Heard(), [], clock.now()
    copies = {number: _own_first(one, found) for number, found in copies_with_numbers(given).items()}
    gone = withdrawn_with_numbers([number for number in given if not copies.get(number)], library_id=one.library_id)
    copies |= {number: copy for number, copy in gone.items() if not copies.get(number)}
    known = {copy.item_id for copy in copies.values() if copy is not None}
    before = Scan.objects.filter(round=one)
    numbers = set(before.filter(number__in=given).values_list("number", flat=True))
    items = set(before.filter(item__in=known).values_list("item_id", flat=True))
    shelves = dict(Expected.objects.filter(round=one, item__in=known).values_list("item_id", "item__shelf"))
    for number, at in given.items():
        copy = copies.get(number)
        if number in numbers or (copy is not None and copy.item_id in items):
            heard.again.append(number)
            continue
        when = at if at is not None and one.opened_at <= at <= now + _AHEAD else now
        made = Scan(
            round=one,
            number=number,
            item_id=copy and copy.item_id,
            at=min(when, now),
            by=by,
            place=place,
            branch_id=branch_id,
        )
        rows.append(made)
        if copy is not None:
            items.add(copy.item_id)
        heard.new.append((number, _outcome(one, copy, shelves, made), copy.title if copy else ""))
    return heard, rows


def _own_first(one: Round, found: Sequence[CopySummary]) -> CopySummary | None:
    return min(found, key=lambda copy: (copy.library_id != one.library_id, copy.item_id), default=None)


def _outcome(one: Round, copy: CopySummary | None, shelves: Mapping[int, str], made: Scan) -> Outcome:
    """What a number that is scanned now is; `shelves` are those of the expected copies."""
    if copy is None:
        return Outcome.UNKNOWN
    wrong = in_wrong_place(
        at_branch=made.branch_id,
        branch=copy.branch_id,
        at_shelf=made.place,
        shelf=shelves.get(copy.item_id, ""),
        counted=one.shelf,
    )
    return outcome_of(
        Seen(
            expected=copy.item_id in shelves,
            scanned=True,
            status=copy.status,
            own_library=copy.library_id == one.library_id,
            misplaced=wrong,
        )
    )


def unscan(*, actor: Actor, round_id: int, number: str) -> None:
    """Take a number back that was scanned by mistake. Raises both Refused."""
    with writing(actor) as w:
        one = locked(round_id, State.COUNTING)
        require_manage(actor, one)
        gone, _ = Scan.objects.filter(round=one, number=number).delete()
        if not gone:
            raise Refused("NOT_SCANNED", number=number)
        w.audit(
            "stocktaking.unscanned", target=("round", one.public_id), at=one.library.code, details={"number": number}
        )


def spare(*, actor: Actor, round_id: int, number: str, why: str) -> None:
    """Say why a copy that was not scanned is not to be marked as missing; empty words take that back.

    Raises both Refused.
    """
    with writing(actor) as w:
        one = locked(round_id, State.COUNTING)
        require_manage(actor, one)
        words = " ".join(why.split())[:300]
        spared = Expected.objects.filter(round=one, item__accession_number=" ".join(number.split()))
        if not spared.update(spared=words):
            raise Refused("NOT_EXPECTED")
        w.audit(
            "stocktaking.spared",
            target=("round", one.public_id),
            at=one.library.code,
            details={"number": number[:NUMBER_LETTERS], "why": words},
        )
