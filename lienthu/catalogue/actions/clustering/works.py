"""Grouping union records into works: a work exists while at least two shown union records share its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.catalogue.policy import WorkKey

# Only the key decides which index is read: the planner, who knows nothing of a table that an import is just filling,
# would take any other condition for the rarer one.
_SHARING = """
SELECT work_key, id, is_active, merged_into_id, work_fixed, work_id FROM catalogue_cluster WHERE work_key = ANY(%s)
"""
_WORKS = """
SELECT k.key, k.id, EXISTS (SELECT 1 FROM catalogue_cluster f WHERE f.work_id = k.id AND f.work_fixed)
FROM catalogue_work k WHERE k.key = ANY(%s)
"""
_ASSIGN = """
UPDATE catalogue_cluster c SET work_id = k.id FROM unnest(%s::bigint[]) AS w (id), catalogue_work k
WHERE c.id = w.id AND k.key = c.work_key
"""
_RELEASE = "UPDATE catalogue_cluster SET work_id = NULL WHERE id = ANY(%s) AND work_id IS NOT NULL AND NOT work_fixed"
_END = """
WITH ended AS (DELETE FROM catalogue_work k WHERE k.key = ANY(%s) RETURNING id)
UPDATE catalogue_cluster c SET work_id = NULL FROM ended WHERE c.work_id = ended.id
"""


@dataclass(frozen=True, slots=True)
class WorkChange:
    """A union record whose key was `before` (None: none, or it is new) and is that of `work` now."""

    cluster_id: int
    before: int | None
    work: WorkKey | None

    @property
    def left(self) -> bool:
        """Whether it had a key that it has no more."""
        return self.before is not None and (self.work is None or self.work.key != self.before)


def settle_works(changes: Sequence[WorkChange]) -> None:
    """Give union records their works, make works that two share now, and drop those that one alone is left in."""
    titles = {change.work.key: change.work.title for change in changes if change.work}
    keys = set(titles) | {change.before for change in changes if change.before is not None}
    if not keys:
        return
    with connection.cursor() as cursor:
        # Whoever changed its key or is no longer shown leaves its work; it gets its new one below.
        cursor.execute(_RELEASE, [[change.cluster_id for change in changes if change.left]])
        cursor.execute(_SHARING, [sorted(keys)])
        sharing: dict[int, list[tuple[int, int | None]]] = {key: [] for key in keys}
        for key, cluster_id, is_active, merged_into, fixed, work_id in cursor.fetchall():
            if is_active and merged_into is None and not fixed:
                sharing[key].append((cluster_id, work_id))
        cursor.execute(_WORKS, [sorted(keys)])
        works = {key: (work_id, chosen) for key, work_id, chosen in cursor.fetchall()}
        made = sorted(key for key, own in sharing.items() if len(own) > 1 and key not in works and key in titles)
        if made:
            cursor.execute(
                "INSERT INTO catalogue_work (key, title) SELECT * FROM unnest(%s::bigint[], %s::text[])",
                [made, [titles[key] for key in made]],
            )
        kept = {key for key, own in sharing.items() if len(own) > 1} | {k for k, (_, chosen) in works.items() if chosen}
        lacking = [
            cluster_id
            for key in kept
            for cluster_id, work_id in sharing[key]
            if work_id is None or (key in works and work_id != works[key][0])
        ]
        if lacking:
            cursor.execute(_ASSIGN, [lacking])
        ended = [key for key in works if key not in kept]
        if ended:
            cursor.execute(_END, [ended])
