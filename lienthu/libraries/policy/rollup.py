"""How figures of one set of units are carried over to another set: nothing is lost and nothing is counted twice.

One figure goes to one place unless its unit was divided. Then
  * if the share of every part has been measured, the figure is divided by the shares; a whole number stays whole
    (largest remainders first, the main part first among equals);
  * otherwise the whole figure goes to the main part, because the sources do not say which share went where.
Every division is listed in the result, so that a report can say so. A figure that cannot be placed without inventing
a division (a district's figure asked for by commune) stays outside, with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Number = TypeVar("Number", int, float, Decimal)


class Rule(StrEnum):
    """How the figure of a divided unit was placed."""

    MEASURED_SHARES = "MEASURED_SHARES"
    WHOLE_TO_MAIN = "WHOLE_TO_MAIN"


class Obstacle(StrEnum):
    """Why a figure could not be placed."""

    UNKNOWN_UNIT = "UNKNOWN_UNIT"
    TOO_COARSE = "TOO_COARSE"
    NO_SUCCESSOR = "NO_SUCCESSOR"


@dataclass(frozen=True)
class Part:
    """One place where a unit went: the code there, whether it is the main one, and the measured share if known."""

    target: str
    main: bool = True
    share: Fraction | None = None


@dataclass(frozen=True)
class Division:
    """A unit that went to several places, and what was done with its figure. `placed`: code and figure, as text."""

    code: str
    rule: Rule
    main: str
    placed: tuple[tuple[str, str], ...]


def main_part(counts: Mapping[str, tuple[int, int]]) -> str:
    """Choose the main one among the old units of a new unit.

    `counts`: code -> (communes that came whole, communes of which a part came). Most whole communes first, then most
    parts, then the lowest code, so that the choice is the same every time.
    """
    return min(counts, key=lambda code: (-counts[code][0], -counts[code][1], code))


def place(figure: Number, parts: Iterable[Part]) -> tuple[dict[str, Number], Rule | None]:
    """Return the figure of each target and the rule that was needed; the figures add up to `figure` exactly."""
    found = list(parts)
    main = next((part for part in found if part.main), found[0])
    if len(found) == 1:
        return {main.target: figure}, None
    shares = [part.share for part in found]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares) or sum(known) != 1:
        return {main.target: figure}, Rule.WHOLE_TO_MAIN
    if isinstance(figure, int):
        return dict(zip([p.target for p in found], _whole_shares(figure, found, known), strict=True)), (
            Rule.MEASURED_SHARES
        )
    kind = type(figure)
    placed = {
        part.target: kind(figure * share.numerator / share.denominator)
        for part, share in zip(found, known, strict=True)
        if part is not main
    }
    return {main.target: figure - sum(placed.values(), kind(0)), **placed}, Rule.MEASURED_SHARES


def _whole_shares(figure: int, parts: list[Part], shares: list[Fraction]) -> list[int]:
    exact = [figure * share for share in shares]
    placed = [int(value // 1) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (placed[i] - exact[i], not parts[i].main, parts[i].target))
    for i in order[: figure - sum(placed)]:
        placed[i] += 1
    return placed
