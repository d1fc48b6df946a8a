"""Same edition or not: signed evidence and vetoes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lienthu.catalogue.matching import comparing, title_comparing
from lienthu.catalogue.matching.comparing import Found
from lienthu.catalogue.matching.evidence import Evidence

SAME_FROM = 5.4
ASK_FROM = 3.5


class Verdict(StrEnum):
    """SAME edition, DIFFERENT editions, or ASK a person."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    ASK = "ASK"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence; `weight` above 0 speaks for the same edition; a veto cannot be outweighed."""

    code: str
    weight: float
    left: str
    right: str
    veto: bool = False


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """`score` is the sum of the weights; the reasons stand in a fixed order: title, names, volume, edition …"""

    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


def decide(left: Evidence, right: Evidence) -> MatchDecision:
    """Compare two records; decide(a, b) and decide(b, a) give the same verdict and score."""
    found = list(_compare(left, right))
    score = round(sum(one.weight for one in found), 2)
    reasons = tuple(Reason(one.code, one.weight, one.left, one.right, one.veto) for one in found)
    return MatchDecision(_verdict(found, score), score, reasons)


def _compare(left: Evidence, right: Evidence) -> Iterator[Found]:
    numbers = list(comparing.identifiers(left, right))
    identified = any(one.support for one in numbers)
    relation = title_comparing.relate(left, right)
    yield from comparing.titles(left, right, relation, identified=identified)
    if relation.code == title_comparing.DIFFERENT:
        yield from numbers
        return
    yield from comparing.remainders(left, right, relation, identified=identified)
    yield from comparing.names(left, right)
    yield from comparing.volumes(left, right, relation)
    yield from comparing.editions(left, right, identified=identified)
    yield from comparing.years(left, right, identified=identified)
    yield from comparing.publication(left, right, identified=identified)
    yield from comparing.extents(left, right, identified=identified)
    yield from numbers
    yield from comparing.material(left, right)
    yield from comparing.series(left, right)


def _verdict(found: list[Found], score: float) -> Verdict:
    if score < ASK_FROM or any(one.veto for one in found):
        return Verdict.DIFFERENT
    supports = sum(one.support for one in found) + any(one.code == "isbn_same" for one in found)
    needed = _SUPPORTS_NEEDED.get(found[0].code, 1)
    if needed > 1:
        supports += any(one.code in ("year_same", "remainder_same") for one in found)
    if score < SAME_FROM or supports < needed or any(one.doubt for one in found):
        return Verdict.ASK
    return Verdict.SAME


_SUPPORTS_NEEDED = {
    "title_generic": 3, title_comparing.NEAR: 2, title_comparing.OTHER_TITLE: 2, title_comparing.OTHER_WORD: 5,
}  # fmt: skip
