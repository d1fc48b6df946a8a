"""The records that an arriving one may be the same as, from the tables and from this chunk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from django.db import connection

from lienthu.catalogue.actions.tables import int_array
from lienthu.catalogue.matching import BLOCK_LIMIT, VERSION, Evidence

# A union record of more libraries than this is compared by its first members only.
MEMBERS_COMPARED = 24

# LATERAL keeps the planner on the index, whatever it believes of a table that an import is just filling.
_CLUSTERS = """
SELECT DISTINCT w.place, r.cluster_id
FROM unnest(%(places)s::int[], %(keys)s::bigint[]) AS w (place, key)
CROSS JOIN LATERAL (
    SELECT array_agg(k.record_id) AS ids
    FROM (SELECT record_id FROM {keys} WHERE key = w.key LIMIT %(limit)s + 1) AS k
) AS block
CROSS JOIN LATERAL unnest(block.ids) AS found (record_id)
JOIN LATERAL (SELECT cluster_id FROM {homes} WHERE id = found.record_id) AS r ON true
WHERE cardinality(block.ids) <= %(limit)s
"""
_MEMBERS = """
SELECT w.cluster_id, m.record_id, m.evidence
FROM unnest(%(clusters)s::bigint[]) AS w (cluster_id)
CROSS JOIN LATERAL (
    SELECT r.id AS record_id, e.evidence FROM {members} AS r
    JOIN {evidence} AS e ON e.record_id = r.id AND e.version = %(version)s
    WHERE r.cluster_id = w.cluster_id AND r.status = 'ACTIVE'
) AS m
"""
_TABLES = {
    "keys": "catalogue_matchkey",
    "homes": "catalogue_sourcerecord",
    "members": "catalogue_sourcerecord",
    "evidence": "catalogue_matchrecord",
}
# The trial of an import keeps what it would have written in temporary tables beside the real ones.
_WITH_TRIAL = {
    "keys": "(SELECT key, record_id FROM catalogue_matchkey UNION ALL SELECT key, record_id FROM trial_matchkey) AS k",
    "homes": "(SELECT id, cluster_id FROM catalogue_sourcerecord"
    " UNION ALL SELECT id, cluster_id FROM trial_record) AS h",
    "members": "(SELECT id, cluster_id, status FROM catalogue_sourcerecord"
    " UNION ALL SELECT id, cluster_id, 'ACTIVE' FROM trial_record)",
    "evidence": "(SELECT record_id, version, evidence FROM catalogue_matchrecord"
    " UNION ALL SELECT id, version, evidence FROM trial_record)",
}


@dataclass(slots=True)
class Pool:
    """Union records with their members' evidence, and who of this chunk shares which key."""

    candidates: dict[int, set[int]] = field(default_factory=dict)
    """place of the arrival -> union records that share a key with it"""
    members: dict[int, dict[int, Evidence]] = field(default_factory=dict)
    """union record -> its records"""
    sharing: dict[int, list[int]] = field(default_factory=dict)
    """key -> places of arrivals of this chunk"""

    def enter(self, place: int, keys: Iterable[int]) -> None:
        """Let later arrivals of this chunk find this one."""
        for key in keys:
            self.sharing.setdefault(key, []).append(place)

    def places_near(self, keys: Iterable[int]) -> set[int]:
        """Arrivals of this chunk that share a key; keys that tell nothing are left out."""
        found: set[int] = set()
        for key in keys:
            places = self.sharing.get(key)
            if places and len(places) <= BLOCK_LIMIT:
                found.update(places)
        return found


def open_pool(keys: Sequence[Sequence[int]], *, homes: Iterable[int], trial: bool = False) -> Pool:
    """Look up candidates for arrivals with these keys, and the members of these further union records: two queries."""
    tables = _WITH_TRIAL if trial else _TABLES
    places = [place for place, own in enumerate(keys) for _ in own]
    pool = Pool()
    with connection.cursor() as cursor:
        cursor.execute(
            _CLUSTERS.format(**tables),
            {
                "places": int_array(places),
                "keys": int_array(key for own in keys for key in own),
                "limit": BLOCK_LIMIT,
            },
        )
        for place, cluster_id in cursor.fetchall():
            pool.candidates.setdefault(place, set()).add(cluster_id)
        wanted = {cluster_id for found in pool.candidates.values() for cluster_id in found} | set(homes)
        if wanted:
            cursor.execute(
                _MEMBERS.format(**tables),
                {"clusters": int_array(sorted(wanted)), "version": VERSION},
            )
            for cluster_id, record_id, evidence in sorted(cursor.fetchall(), key=itemgetter(0, 1)):
                members = pool.members.setdefault(cluster_id, {})
                if len(members) < MEMBERS_COMPARED:
                    members[record_id] = Evidence.unpacked(bytes(evidence))
    return pool
