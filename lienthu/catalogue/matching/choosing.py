"""Which union record an incoming record belongs to, when it has been compared with the members of several."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.catalogue.matching.decisions import MatchDecision, Verdict


@dataclass(frozen=True, slots=True)
class Candidates:
    """The decisions about one union record: one for each of its members that the newcomer was compared with."""

    cluster_id: int
    decisions: Sequence[MatchDecision]


@dataclass(frozen=True, slots=True)
class Join:
    """It is this one: same as a member, different from none."""

    cluster_id: int
    decision: MatchDecision


@dataclass(frozen=True, slots=True)
class Ask:
    """A person has to say; until then the newcomer stands alone. Best candidate first."""

    about: tuple[tuple[int, MatchDecision], ...]


@dataclass(frozen=True, slots=True)
class New:
    """No union record describes it yet."""


Choice = Join | Ask | New

_TELLING = frozenset(
    ["year_same", "year_near", "pages_same", "isbn_same", "issn_same", "lccn_same", "oclc_same", "national_same",
     "edition_same", "volume_same"]
)  # fmt: skip


def choose(candidates: Sequence[Candidates]) -> Choice:
    """Join the best union record that has a SAME member and no DIFFERENT one; ties by score, then by lower id.

    Complete linkage with veto: one member that is certainly another edition keeps a newcomer out, so that a record
    which says little cannot chain two editions together. A cluster with both SAME and DIFFERENT members is asked about,
    and so are several that fit a newcomer which says nothing about its edition.
    """
    joining: list[tuple[float, int, MatchDecision]] = []
    asking: list[tuple[float, int, MatchDecision]] = []
    for one in candidates:
        if not one.decisions:
            continue
        verdicts = {decision.verdict for decision in one.decisions}
        if verdicts == {Verdict.DIFFERENT}:
            continue
        best = max(
            (d for d in one.decisions if d.verdict is not Verdict.DIFFERENT),
            key=lambda d: (d.verdict is Verdict.SAME, d.score),
        )
        entry = (-best.score, one.cluster_id, best)
        if best.verdict is Verdict.SAME and Verdict.DIFFERENT not in verdicts:
            joining.append(entry)
        else:
            asking.append(entry)
    joining.sort(key=lambda entry: entry[:2])
    asking.sort(key=lambda entry: entry[:2])
    if len(joining) > 1 and not any(reason.code in _TELLING for reason in joining[0][2].reasons):
        return Ask(tuple((cluster_id, decision) for _, cluster_id, decision in joining))
    if joining:
        return Join(joining[0][1], joining[0][2])
    if asking:
        return Ask(tuple((cluster_id, decision) for _, cluster_id, decision in asking))
    return New()
