"""Which records of an answer describe the same edition, and which of them we have: asked of catalogue.matching."""

from dataclasses import dataclass, field

from lienthu.catalogue.access import SourceRecord
from lienthu.catalogue.actions.clustering import Arrival, seat
from lienthu.catalogue.marc import Description, Record, describe
from lienthu.catalogue.matching import Evidence, Verdict, blocking_keys, decide, evidence_of
from lienthu.targets.models import Found


@dataclass(slots=True)
class _Group:
    first: Found
    evidence: Evidence
    cluster_id: int | None
    unsure: bool


# No record has this number: it stands for the one that has not come yet.
_NEWCOMER = -1


@dataclass(slots=True)
class Groups:
    """The groups of one search while its answers come in. Our own records are added first, so that others find them."""

    _by_key: dict[int, list[_Group]] = field(default_factory=dict)

    def place(self, found: Found, evidence: Evidence) -> None:
        """Set `same_as` and `cluster` of a record that is not saved yet; call `remember` once it is."""
        group = self._same(evidence)
        if group is not None:
            found.same_as, found.cluster_id = group.first, found.cluster_id or group.cluster_id
            found.unsure = group.unsure and found.cluster_id == group.cluster_id
        elif found.cluster_id is None:
            found.cluster_id, found.unsure = _in_our_catalogue(evidence)

    def remember(self, found: Found, evidence: Evidence) -> None:
        """Let later records find this one, when it is the first of a group."""
        if found.same_as_id is None:
            group = _Group(found, evidence, found.cluster_id, found.unsure)
            for key in blocking_keys(evidence):
                self._by_key.setdefault(key, []).append(group)

    def _same(self, evidence: Evidence) -> _Group | None:
        best: tuple[float, _Group] | None = None
        seen: set[int] = set()
        for key in blocking_keys(evidence):
            for group in self._by_key.get(key, ()):
                if id(group) in seen:
                    continue
                seen.add(id(group))
                decision = decide(group.evidence, evidence)
                if decision.verdict is Verdict.SAME and (best is None or decision.score > best[0]):
                    best = decision.score, group
        return best[1] if best else None


def evidence_for(record: Record) -> tuple[Evidence, Description]:
    """What a record says about its edition."""
    description = describe(record)
    return evidence_of(record, description), description


def _in_our_catalogue(evidence: Evidence) -> tuple[int | None, bool]:
    """The union record that this one would join if it were saved now; or one that a person would be asked about."""
    (found,) = seat([Arrival(_NEWCOMER, evidence)])
    if found.cluster_id is not None or not found.asks:
        return found.cluster_id, False
    asked = SourceRecord.objects.filter(pk=found.asks[0][0]).values_list("cluster_id", flat=True).first()
    return asked, asked is not None
