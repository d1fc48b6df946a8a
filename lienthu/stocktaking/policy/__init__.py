"""What the comparison of a shelf with the catalogue says of one copy. Pure Python."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_NUMBERS = 2_000
MOST_EXPECTED = 500_000
NUMBER_LETTERS = 80


class Group(StrEnum):
    """The four columns of the minutes: khớp, thừa, sai kho, thiếu."""

    MATCH = "MATCH"
    SURPLUS = "SURPLUS"
    WRONG_PLACE = "WRONG_PLACE"
    MISSING = "MISSING"


class Outcome(StrEnum):
    """What a copy, or a number, turned out to be."""

    FOUND = "FOUND"
    FOUND_AGAIN = "FOUND_AGAIN"  # noted as lost or missing, and here
    ON_LOAN = "ON_LOAN"  # not scanned, because a reader has it
    ELSEWHERE = "ELSEWHERE"  # not scanned, because it is on its way, kept for a reader, or being worked on
    MOVED_SINCE = "MOVED_SINCE"  # not scanned, but a desk handled it after the round began
    LOAN_BUT_HERE = "LOAN_BUT_HERE"  # scanned, though it is noted as lent
    STATE_DIFFERS = "STATE_DIFFERS"  # scanned, though it is noted as on its way, kept for a reader, or claimed returned
    MISPLACED = "MISPLACED"  # of this library, but not of the part that is counted
    WRONG_SHELF = "WRONG_SHELF"  # expected and here, but at another branch or shelf than the catalogue says
    OTHER_LIBRARY = "OTHER_LIBRARY"
    WITHDRAWN_HERE = "WITHDRAWN_HERE"
    UNKNOWN = "UNKNOWN"  # a number that no copy has
    MISSING = "MISSING"
    STILL_MISSING = "STILL_MISSING"  # noted as lost or missing before


GROUP_OF: dict[Outcome, Group] = {
    Outcome.FOUND: Group.MATCH,
    Outcome.FOUND_AGAIN: Group.MATCH,
    Outcome.ON_LOAN: Group.MATCH,
    Outcome.ELSEWHERE: Group.MATCH,
    Outcome.MOVED_SINCE: Group.MATCH,
    Outcome.LOAN_BUT_HERE: Group.SURPLUS,
    Outcome.STATE_DIFFERS: Group.SURPLUS,
    Outcome.WITHDRAWN_HERE: Group.SURPLUS,
    Outcome.UNKNOWN: Group.SURPLUS,
    Outcome.MISPLACED: Group.WRONG_PLACE,
    Outcome.WRONG_SHELF: Group.WRONG_PLACE,
    Outcome.OTHER_LIBRARY: Group.WRONG_PLACE,
    Outcome.MISSING: Group.MISSING,
    Outcome.STILL_MISSING: Group.MISSING,
}

_GONE = frozenset({"LOST", "MISSING"})
_BETWEEN = frozenset({"IN_TRANSIT", "ON_HOLD_SHELF", "CLAIMED"})
_ELSEWHERE = frozenset({"IN_TRANSIT", "ON_HOLD_SHELF", "IN_PROCESS", "CLAIMED", "WITHDRAWN"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one copy or number: was it expected, was it scanned, how the catalogue has it now."""

    expected: bool
    scanned: bool
    status: str = ""  # "" for a number that no copy has
    own_library: bool = True
    moved_since: bool = False
    misplaced: bool = False


def in_wrong_place(*, at_branch: int | None, branch: int | None, at_shelf: str, shelf: str, counted: str = "") -> bool:
    """Was a copy scanned elsewhere than the catalogue has it? What either side does not say is no difference, nor is
    the beginning of names (`counted`) by which the round chose its shelves.

    The names of shelves agree when the words of one stand in the other: "Kho A" is where "Kho A, giá 12" is, "giá 1"
    is not.
    """
    if at_branch is not None and branch is not None and at_branch != branch:
        return True
    one, other = _words(at_shelf if at_shelf != counted else ""), _words(shelf)
    return bool(one and other) and not (_within(one, other) or _within(other, one))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _within(some: list[str], whole: list[str]) -> bool:
    return any(whole[start : start + len(some)] == some for start in range(len(whole) - len(some) + 1))


def outcome_of(seen: Seen) -> Outcome:
    """Total: every copy and every number has one outcome."""
    return _scanned(seen) if seen.scanned else _not_scanned(seen)


def _scanned(seen: Seen) -> Outcome:
    if not seen.status:
        return Outcome.UNKNOWN
    if seen.status == "WITHDRAWN":
        return Outcome.WITHDRAWN_HERE
    if not seen.own_library:
        return Outcome.OTHER_LIBRARY
    # Lent again after it was scanned is no surprise; lent before and yet on the shelf is one.
    if seen.status == "ON_LOAN" and not seen.moved_since:
        return Outcome.LOAN_BUT_HERE
    if seen.status in _BETWEEN and not seen.moved_since:
        return Outcome.STATE_DIFFERS
    if not seen.expected:
        return Outcome.MISPLACED
    if seen.status in _GONE:
        return Outcome.FOUND_AGAIN
    return Outcome.WRONG_SHELF if seen.misplaced else Outcome.FOUND


def _not_scanned(seen: Seen) -> Outcome:
    if seen.status == "ON_LOAN":
        return Outcome.ON_LOAN
    if seen.status in _GONE:
        return Outcome.STILL_MISSING
    if seen.status in _ELSEWHERE:
        return Outcome.ELSEWHERE
    return Outcome.MOVED_SINCE if seen.moved_since else Outcome.MISSING
