"""What may happen to a copy: the table of `transitions.tsv`, read once, and the one function that asks it.

Words of the table:

- copy: the states of `catalogue.ItemStatus`;
- request: what waits for this copy. NONE; PENDING_HERE, PENDING_ELSEWHERE: the first request in the queue that this
  copy can serve is to be picked up at the library of the desk, or elsewhere; BOUND_HERE, BOUND_ELSEWHERE: the copy
  is already on its way to, or waits for, one reader;
- who: BORROWER has the copy, OWNER is the reader whose request it is, OTHER anybody else;
- where: HOME, the desk is in the library that owns the copy; AWAY, elsewhere;
- request_becomes: "=" leaves it, "+PENDING" adds one to the queue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("transitions.tsv")


class Action(StrEnum):
    """What is done with a copy."""

    CHECKOUT = "CHECKOUT"
    CHECKIN = "CHECKIN"
    RECEIVE = "RECEIVE"
    SEND = "SEND"
    RENEW = "RENEW"
    RECALL = "RECALL"
    PLACE_HOLD = "PLACE_HOLD"
    CANCEL_HOLD = "CANCEL_HOLD"
    MARK_LOST = "MARK_LOST"
    MARK_DAMAGED = "MARK_DAMAGED"
    MARK_MISSING = "MARK_MISSING"
    MARK_FOUND = "MARK_FOUND"
    CLAIM_RETURNED = "CLAIM_RETURNED"
    USE_HERE = "USE_HERE"


class Request(StrEnum):
    """What waits for a copy, seen from a desk."""

    NONE = "NONE"
    PENDING_HERE = "PENDING_HERE"
    PENDING_ELSEWHERE = "PENDING_ELSEWHERE"
    BOUND_HERE = "BOUND_HERE"
    BOUND_ELSEWHERE = "BOUND_ELSEWHERE"


class Who(StrEnum):
    """The reader concerned, seen from the copy."""

    BORROWER = "BORROWER"
    OWNER = "OWNER"
    OTHER = "OTHER"


class Where(StrEnum):
    """The desk, seen from the copy."""

    HOME = "HOME"
    AWAY = "AWAY"


STATES = (
    "AVAILABLE",
    "REFERENCE_ONLY",
    "ON_LOAN",
    "ON_HOLD_SHELF",
    "IN_TRANSIT",
    "IN_PROCESS",
    "MISSING",
    "CLAIMED",
    "DAMAGED",
    "LOST",
    "WITHDRAWN",
)
# Only a copy that waits for a reader, or is on its way to one, is bound to a request.
BINDABLE = ("ON_HOLD_SHELF", "IN_TRANSIT")
LENT = ("ON_LOAN", "CLAIMED")


@dataclass(frozen=True, slots=True)
class Situation:
    """A copy, what waits for it, who stands where, and what is to be done."""

    action: Action
    copy: str
    request: Request
    who: Who
    where: Where


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table."""

    line: int
    action: Action
    copy: str
    request: str
    who: str
    where: str
    copy_becomes: str
    request_becomes: str
    effects: tuple[str, ...]
    refusal: str

    def fits(self, situation: Situation) -> bool:
        """Does this line speak of the situation?"""
        return (
            self.action == situation.action
            and self.copy == situation.copy
            and _fits(self.request, situation.request)
            and _fits(self.who, situation.who)
            and _fits(self.where, situation.where)
        )


class NoSuchTransition(LookupError):
    """The table has no line for a situation: a mistake in the table, which a test rules out."""


@cache
def transitions() -> Sequence[Transition]:
    """All lines in the order of the file."""
    return tuple(_read(TABLE.read_text(encoding="utf-8")))


@cache
def transition_for(situation: Situation) -> Transition:
    """The line that decides about a situation. Raises NoSuchTransition."""
    for line in transitions():
        if line.fits(situation):
            return line
    raise NoSuchTransition(situation)


def possible() -> Iterator[Situation]:
    """Every situation that can arise."""
    for action in Action:
        for copy in STATES:
            for request in Request:
                if request.startswith("BOUND") and copy not in BINDABLE:
                    continue
                for who in Who:
                    if (who == Who.BORROWER and copy not in LENT) or (who == Who.OWNER and request == Request.NONE):
                        continue
                    for where in Where:
                        yield Situation(action, copy, request, who, where)


def _fits(pattern: str, value: str) -> bool:
    return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern


def _read(text: str) -> Iterator[Transition]:
    names: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        cells = ["" if cell == "-" else cell for cell in line.split("\t")]
        if not names:
            names = cells
            continue
        row = dict(zip(names, cells, strict=True))
        yield Transition(
            line=number,
            action=Action(row["action"]),
            copy=row["copy"],
            request=row["request"],
            who=row["who"],
            where=row["where"],
            copy_becomes=row["copy_becomes"],
            request_becomes=row["request_becomes"],
            effects=tuple(row["effects"].split()),
            refusal=row["refusal"],
        )
