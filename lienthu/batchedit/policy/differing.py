"""Two states of a record side by side: only the lines that differ, and within them the words that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Segments = tuple[tuple[str, bool], ...]
"""Pieces of a line; True: this piece differs."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """One line before and after; a side without segments has no such line."""

    before: Segments
    after: Segments


def side_by_side(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """The lines that differ, in their order."""
    pairs: list[Pair] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            continue
        old, new = list(before[first:last]), list(after[new_first:new_last])
        for left, right in _aligned(old, new):
            pairs.append(_pair(left, right))
    return pairs


def _aligned(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Lines of one tag stand beside each other; what has no counterpart stands alone."""
    result: list[tuple[str, str]] = []
    for line in old:
        place = next((at for at, other in enumerate(new) if other[:3] == line[:3]), None)
        if place is None:
            result.append((line, ""))
            continue
        result += [("", skipped) for skipped in new[:place]]
        result.append((line, new[place]))
        del new[: place + 1]
    return [*result, *(("", line) for line in new)]


def _pair(left: str, right: str) -> Pair:
    if not left or not right:
        return Pair(((left, True),) if left else (), ((right, True),) if right else ())
    if len(left) + len(right) > _LONG:
        return Pair(((left, True),), ((right, True),))
    old, new = _WORDS.findall(left), _WORDS.findall(right)
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    for kind, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal"
        if last > first:
            before.append(("".join(old[first:last]), differs))
        if new_last > new_first:
            after.append(("".join(new[new_first:new_last]), differs))
    return Pair(tuple(before), tuple(after))
