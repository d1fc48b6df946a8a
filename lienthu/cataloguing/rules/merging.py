"""Two people changed one record: what each did to the base, and what still needs a choice.

Whatever only one of them changed is taken; where both changed the same field differently, a person chooses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from .sheets import Row, Sheet


class Side(StrEnum):
    """What a person may choose for one difference."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of rows. Without `conflict` the rows of `result` are settled; else one of the three must be chosen."""

    base: tuple[Row, ...]
    mine: tuple[Row, ...]
    theirs: tuple[Row, ...]
    result: tuple[Row, ...] = ()
    conflict: bool = False

    @property
    def changed(self) -> bool:
        """Did anybody change anything here?"""
        return self.mine != self.base or self.theirs != self.base

    def chosen(self, side: Side) -> tuple[Row, ...]:
        """The rows of one choice; both: mine first, the same row once."""
        if side is Side.BOTH:
            return (*self.mine, *(row for row in self.theirs if row not in self.mine))
        return {Side.MINE: self.mine, Side.THEIRS: self.theirs, Side.BASE: self.base}[side]


def _with_leader(sheet: Sheet) -> list[Row]:
    return [Row("LDR", "", sheet.leader), *sheet.rows]


def three_ways(base: Sheet, mine: Sheet, theirs: Sheet) -> list[Stretch]:
    """The three sheets cut into stretches, in the order of the record."""
    b, m, t = _with_leader(base), _with_leader(mine), _with_leader(theirs)
    in_mine, in_theirs = _matches(b, m), _matches(b, t)
    stretches: list[Stretch] = []
    at_b = at_m = at_t = 0
    for place in range(len(b) + 1):
        if place < len(b) and (place not in in_mine or place not in in_theirs):
            continue
        end_m, end_t = (in_mine[place], in_theirs[place]) if place < len(b) else (len(m), len(t))
        stretches += _settled(b[at_b:place], m[at_m:end_m], t[at_t:end_t])
        if place < len(b):
            stretches.append(Stretch((b[place],), (b[place],), (b[place],), (b[place],)))
        at_b, at_m, at_t = place + 1, end_m + 1, end_t + 1
    return stretches


def _matches(base: Sequence[Row], other: Sequence[Row]) -> dict[int, int]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + offset: block.b + offset for block in matcher.get_matching_blocks() for offset in range(block.size)
    }


def _settled(base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> Iterator[Stretch]:
    """A stretch where somebody changed something: settled whole if one did, else looked at tag by tag."""
    if not base and not mine and not theirs:
        return
    whole = _one_changed(base, mine, theirs)
    if whole:
        yield whole
        return
    tags = list(dict.fromkeys(row.tag for row in (*base, *mine, *theirs)))
    for tag in sorted(tags):
        parts = [[row for row in rows if row.tag == tag] for rows in (base, mine, theirs)]
        if len({len(part) for part in parts}) == 1:
            # As many on each side: field against field.
            for one in zip(*parts, strict=True):
                yield _stretch([one[0]], [one[1]], [one[2]])
        else:
            yield _stretch(*parts)


def _stretch(base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> Stretch:
    return _one_changed(base, mine, theirs) or Stretch(tuple(base), tuple(mine), tuple(theirs), conflict=True)


def _one_changed(base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> Stretch | None:
    if mine in (base, theirs):
        return Stretch(tuple(base), tuple(mine), tuple(theirs), tuple(theirs))
    if theirs == base:
        return Stretch(tuple(base), tuple(mine), tuple(theirs), tuple(mine))
    return None


def merged(stretches: Sequence[Stretch], choices: Mapping[int, Side]) -> Sheet | None:
    """The sheet that comes out when each conflict (by its place among the stretches) is decided; None if one is not."""
    rows: list[Row] = []
    for place, stretch in enumerate(stretches):
        if not stretch.conflict:
            rows += stretch.result
        elif place in choices:
            rows += stretch.chosen(choices[place])
        else:
            return None
    leader = next((row.text for row in rows if row.tag == "LDR"), "")
    return Sheet(leader, tuple(row for row in rows if row.tag != "LDR"))
