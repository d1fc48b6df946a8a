"""What an event of a desk without network does when it arrives: the table of `conflicts.tsv` and who asks it.

Words of the table:

- card: KNOWN; REPLACED and LOST meanwhile; UNKNOWN; "-" where the event has none;
- copy: FREE; KEPT for another reader's request; SAME, lent to this very reader; OTHER, lent to another; GONE, noted as
  lost or claimed returned; BARRED (only for reading here, in process, damaged, withdrawn); UNKNOWN number;
- when: NOW; LATE, the copy changed hands at the server after the event;
- do: what circulation is asked for, in this order;
- state: DONE; NOTED, done with something to read; PAST, overtaken by what came later; ASKS, a person must decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("conflicts.tsv")
CARDS = ("KNOWN", "REPLACED", "LOST", "UNKNOWN")
COPIES = ("FREE", "KEPT", "SAME", "OTHER", "GONE", "BARRED", "UNKNOWN")
WHEN = ("NOW", "LATE")
STATES = ("DONE", "NOTED", "PAST", "ASKS")
STEPS = ("CHECKIN", "MARK_MISSING", "CHECKOUT", "RENEW")


@dataclass(frozen=True, slots=True)
class Situation:
    """An event against what the server knows when it arrives."""

    kind: str
    card: str
    copy: str
    when: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the table."""

    line: int
    pattern: tuple[str, str, str, str]
    steps: tuple[str, ...]
    state: str
    notice: str

    def fits(self, situation: Situation) -> bool:
        """Does this line speak of the situation? A star fits everything, a bar parts several."""
        values = (situation.kind, situation.card, situation.copy, situation.when)
        return all(p == "*" or v in p.split("|") for p, v in zip(self.pattern, values, strict=True))


class NoSuchVerdict(LookupError):
    """The table has no line for a situation: a mistake in the table, which a test rules out."""


@cache
def verdicts() -> Sequence[Verdict]:
    """All lines in the order of the file."""
    found = []
    for number, text in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if not text or text.startswith(("#", "kind\t")):
            continue
        cells = text.split("\t")
        steps, state, notice = cells[4:7]
        pattern = (cells[0], cells[1], cells[2], cells[3])
        found.append(
            Verdict(
                number, pattern, () if steps == "-" else tuple(steps.split()), state, "" if notice == "-" else notice
            )
        )
    return tuple(found)


@cache
def verdict_for(situation: Situation) -> Verdict:
    """The line that decides. Raises NoSuchVerdict."""
    for line in verdicts():
        if line.fits(situation):
            return line
    raise NoSuchVerdict(situation)


def possible() -> list[Situation]:
    """Every situation that can arise."""
    found = [
        Situation("CHECKOUT", card, copy, when)
        for card in CARDS
        for copy in COPIES
        for when in WHEN
        if not (card == "UNKNOWN" and copy == "SAME")
    ]
    for kind in ("CHECKIN", "RENEW"):
        found += [Situation(kind, "-", copy, when) for copy in COPIES for when in WHEN if copy != "SAME"]
    return found
