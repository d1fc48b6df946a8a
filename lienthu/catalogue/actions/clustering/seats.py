"""Finding each arriving record its union record, in the order of arrival; nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from lienthu.catalogue.actions.clustering.pool import Pool, open_pool
from lienthu.catalogue.actions.incoming import Incoming, Placed, Seat
from lienthu.catalogue.matching import (
    VERSION,
    Ask,
    Candidates,
    Evidence,
    Join,
    MatchDecision,
    Verdict,
    blocking_keys,
    choose,
    decide,
    evidence_of,
)
from lienthu.catalogue.policy import WorkKey, work_key

# Union records that do not exist yet have numbers from here on until they get real ones; above all real numbers, so
# that of two equally good candidates the one that was there first wins.
PROVISIONAL = 1 << 62
ASKED_ABOUT = 3


def matching_is_on() -> bool:
    """Whether records are matched as they come in; else `lienthu catalogue rematch` does it later."""
    return settings.MATCHING == "on"


def evidence_for(incoming: Incoming) -> Evidence:
    """The evidence of a record, made once."""
    if incoming.evidence is None:
        incoming.evidence = evidence_of(incoming.record, incoming.description)
    return incoming.evidence


def keys_for(incoming: Incoming) -> tuple[int, ...]:
    """The blocking keys of a record, made once."""
    if incoming.keys is None:
        incoming.keys = blocking_keys(evidence_for(incoming))
    return incoming.keys


def arrival_of(record_id: int, incoming: Incoming, *, home: int | None = None) -> "Arrival":
    """A record that came in, as it looks for its union record."""
    return Arrival(record_id, evidence_for(incoming), home, keys_for(incoming))


def work_for(incoming: Incoming) -> WorkKey | None:
    """The work of a record, found once."""
    if not incoming.work_known:
        incoming.work, incoming.work_known = work_key(incoming.record), True
    return incoming.work


def same_evidence(placed: Sequence[Placed]) -> list[bool]:
    """For each record, whether the evidence kept of it is what it gives now: nothing to match again then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, evidence FROM catalogue_matchrecord WHERE record_id = ANY(%s) AND version = %s",
            [[p.record_id for p in placed], VERSION],
        )
        kept = {record_id: bytes(evidence) for record_id, evidence in cursor.fetchall()}
    return [kept.get(p.record_id) == evidence_for(p.incoming).packed() for p in placed]


@dataclass(slots=True)
class Arrival:
    """A record looking for its union record; `home` is the one it is in, None for a new record."""

    record_id: int
    evidence: Evidence
    home: int | None = None
    keys: tuple[int, ...] = ()


def seat(arrivals: Sequence[Arrival], *, trial: bool = False) -> list[Seat]:
    """Find seats for records in the order of their arrival; the caller holds `lock_matching`."""
    for one in arrivals:
        one.keys = one.keys or blocking_keys(one.evidence)
    pool = open_pool(
        [one.keys for one in arrivals], homes={one.home for one in arrivals if one.home is not None}, trial=trial
    )
    seating = _Seating(arrivals, pool, _people_said([one.record_id for one in arrivals]))
    return [seating.find(place) for place in range(len(arrivals))]


def _people_said(record_ids: list[int]) -> dict[tuple[int, int], Verdict]:
    """What people decided about these records, by (record, other record)."""
    said: dict[tuple[int, int], Verdict] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT left_id, right_id, verdict FROM catalogue_decision WHERE left_id = ANY(%(ids)s)
            UNION ALL
            SELECT right_id, left_id, verdict FROM catalogue_decision WHERE right_id = ANY(%(ids)s)
            """,
            {"ids": record_ids},
        )
        for record_id, other, verdict in cursor.fetchall():
            said[record_id, other] = Verdict(verdict)
    return said


class _Seating:
    """The room while it fills: members move as arrivals find their seats."""

    def __init__(self, arrivals: Sequence[Arrival], pool: Pool, said: Mapping[tuple[int, int], Verdict]) -> None:
        self._arrivals = arrivals
        self._pool = pool
        self._said = said
        self._partners: dict[int, set[int]] = {}
        for record_id, other in said:
            self._partners.setdefault(record_id, set()).add(other)
        self._at: dict[int, int] = {}
        for place, one in enumerate(arrivals):
            if one.home is not None:
                # A known record stands in its union record with what it says now, not with what it said before.
                pool.members.setdefault(one.home, {})[one.record_id] = one.evidence
                self._at[place] = one.home
                pool.enter(place, one.keys)

    def find(self, place: int) -> Seat:
        """Seat one arrival and let the later ones see it there."""
        one = self._arrivals[place]
        near = self._pool.candidates.get(place, set()) | {
            self._at[other] for other in self._pool.places_near(one.keys) if other in self._at and other != place
        }
        found = self._choose(one, near - {one.home})
        cluster_id = found.cluster_id if found.cluster_id is not None else PROVISIONAL + place
        self._sit(place, cluster_id)
        if found.cluster_id is not None and found.cluster_id >= PROVISIONAL:
            found.with_place, found.cluster_id = found.cluster_id - PROVISIONAL, None
        return found

    def _sit(self, place: int, cluster_id: int) -> None:
        one = self._arrivals[place]
        if one.home is not None:
            self._pool.members.get(one.home, {}).pop(one.record_id, None)
        else:
            self._pool.enter(place, one.keys)
        self._at[place] = cluster_id
        self._pool.members.setdefault(cluster_id, {})[one.record_id] = one.evidence

    def _choose(self, one: Arrival, near: Iterable[int]) -> Seat:
        staying = self._stays(one)
        if staying is True:
            return Seat(one.home)
        compared: dict[int, list[tuple[int, MatchDecision]]] = {}
        for cluster_id in near:
            members = self._pool.members.get(cluster_id, {})
            verdicts = {self._said.get((one.record_id, other)) for other in members}
            if Verdict.DIFFERENT in verdicts:
                continue
            decisions = [(other, decide(one.evidence, evidence)) for other, evidence in members.items()]
            if Verdict.SAME in verdicts and decisions:
                beside, decision = max(decisions, key=lambda pair: (pair[1].score, -pair[0]))
                return Seat(cluster_id, True, decision, beside)
            compared[cluster_id] = decisions
        return self._chosen(one, staying, compared)

    def _chosen(
        self, one: Arrival, staying: bool | None, compared: Mapping[int, list[tuple[int, MatchDecision]]]
    ) -> Seat:
        candidates = [Candidates(cluster_id, [d for _, d in pairs]) for cluster_id, pairs in sorted(compared.items())]
        choice = choose(candidates)
        # Alone in its union record, it stays there unless another one is the same.
        own = one.home if staying is None else None
        match choice:
            case Join(cluster_id, decision):
                asks = [
                    self._asked(pairs, None)
                    for other, pairs in compared.items()
                    if other != cluster_id and any(d.verdict is Verdict.SAME for _, d in pairs)
                ]
                return Seat(cluster_id, True, decision, _beside(compared[cluster_id], decision), asks[:ASKED_ABOUT])
            case Ask(about):
                return Seat(own, asks=[self._asked(compared[c], d) for c, d in about[:ASKED_ABOUT]])
        return Seat(own)

    def _asked(
        self, pairs: list[tuple[int, MatchDecision]], decision: MatchDecision | None
    ) -> tuple[int, MatchDecision]:
        if decision is None:
            decision = max((d for _, d in pairs), key=lambda d: (d.verdict is Verdict.SAME, d.score))
        return _beside(pairs, decision), decision

    def _stays(self, one: Arrival) -> bool | None:
        """True: it stays with the others in its union record; False: it must leave; None: there are no others."""
        if one.home is None:
            return None
        others = {r: e for r, e in self._pool.members.get(one.home, {}).items() if r != one.record_id}
        if not others:
            return None
        verdicts = {self._said.get((one.record_id, other)) for other in others}
        if Verdict.SAME in verdicts:
            return True
        if Verdict.DIFFERENT in verdicts:
            return False
        return any(decide(one.evidence, e).verdict is not Verdict.DIFFERENT for e in others.values())


def _beside(pairs: list[tuple[int, MatchDecision]], decision: MatchDecision) -> int:
    return next(record_id for record_id, one in pairs if one is decision)
