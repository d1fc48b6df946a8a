"""Same edition or not: signed evidence and vetoes."""

from dataclasses import dataclass
from enum import StrEnum

from lienthu.catalogue.matching.evidence import Evidence


class Verdict(StrEnum):
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


SAME_FROM = 5.0
ASK_FROM = 3.0


def decide(left: Evidence, right: Evidence) -> MatchDecision:
    """Compare two records; decide(a, b) and decide(b, a) give the same verdict and score."""
    reasons: list[Reason] = []
    if left.title == right.title:
        reasons.append(Reason("title_same", 4.0, left.title, right.title))
    elif left.title_folded == right.title_folded and (
        left.title == left.title_folded or right.title == right.title_folded
    ):
        reasons.append(Reason("title_without_marks", 3.5, left.title, right.title))
    else:
        reasons.append(Reason("title_different", -6.0, left.title, right.title, veto=True))
    if left.volume != right.volume:
        reasons.append(Reason("volume_different", -6.0, " ".join(left.volume), " ".join(right.volume), veto=True))
    if set(left.isbn) & set(right.isbn):
        reasons.append(Reason("isbn_same", 3.0, left.isbn[0], right.isbn[0]))
    if left.names and right.names:
        same = bool(set(left.names) & set(right.names))
        reasons.append(
            Reason("name_same" if same else "name_different", 2.0 if same else -4.0, left.names[0], right.names[0])
        )
    if left.years and right.years:
        apart = abs(left.years[0] - right.years[0])
        if apart == 0:
            reasons.append(Reason("year_same", 1.5, str(left.years[0]), str(right.years[0])))
        else:
            reasons.append(
                Reason(
                    "year_different",
                    -1.0 if apart == 1 else -4.0,
                    str(left.years[0]),
                    str(right.years[0]),
                    veto=apart > 1,
                )
            )
    score = sum(reason.weight for reason in reasons)
    if any(reason.veto for reason in reasons) or score < ASK_FROM:
        verdict = Verdict.DIFFERENT
    else:
        verdict = Verdict.SAME if score >= SAME_FROM else Verdict.ASK
    return MatchDecision(verdict, score, tuple(reasons))
