"""Do two bibliographic records describe the same edition? Pure rules: evidence, blocking keys, decisions, choice.

    evidence = evidence_of(record, describe(record))   # once for each record; kept packed beside it
    blocking_keys(evidence)                            # records that share none of them are never compared
    decide(left, right)                                # SAME, DIFFERENT or ASK, with the reasons as codes
    choose([Candidates(cluster_id, decisions), …])     # join a cluster, make a new one, or ask a person

Nothing here reads a table or a clock. Change `VERSION` whenever evidence or keys would come out differently.
"""

from lienthu.catalogue.matching.blocking import BLOCK_LIMIT, blocking_keys
from lienthu.catalogue.matching.choosing import Ask, Candidates, Choice, Join, New, choose
from lienthu.catalogue.matching.decisions import MatchDecision, Reason, Verdict, decide
from lienthu.catalogue.matching.evidence import VERSION, Evidence, EvidenceOutdated
from lienthu.catalogue.matching.extraction import evidence_of

__all__ = [
    "BLOCK_LIMIT",
    "VERSION",
    "Ask",
    "Candidates",
    "Choice",
    "Evidence",
    "EvidenceOutdated",
    "Join",
    "MatchDecision",
    "New",
    "Reason",
    "Verdict",
    "blocking_keys",
    "choose",
    "decide",
    "evidence_of",
]
