"""Grouping union records into works: a work exists while at least two shown union records share its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.catalogue.policy import WorkKey

_COUNTS = """
SELECT w.key, (SELECT count(*) FROM catalogue_cluster c
               WHERE c.work_key = w.key AND c.is_active AND c.merged_into_id IS NULL AND NOT c.work_fixed),
       k.id, EXISTS (SELECT 1 FROM catalogue_cluster f WHERE f.work_id = k.id AND f.work_fixed)
FROM unnest(%s::bigint[]) AS w (key) LEFT JOIN catalogue_work k ON k.key = w.key
"""
_ASSIGN = """
UPDATE catalogue_cluster c SET work_id = k.id
FROM catalogue_work k
WHERE k.key = ANY(%s) AND c.work_key = k.key AND c.is_active AND c.merged_into_id IS NULL AND NOT c.work_fixed
      AND c.work_id IS DISTINCT FROM k.id
"""
_RELEASE = """
UPDATE catalogue_cluster c SET work_id = NULL
WHERE c.id = ANY(%s) AND c.work_id IS NOT NULL AND NOT c.work_fixed
      AND (NOT c.is_active OR c.merged_into_id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM catalogue_work k WHERE k.id = c.work_id AND k.key = c.work_key))
"""


@dataclass(frozen=True, slots=True)
class WorkChange:
    """A union record whose key was `before` (None: none, or it is new) and is that of `work` now."""

    cluster_id: int
    before: int | None
    work: WorkKey | None


def settle_works(changes: Sequence[WorkChange]) -> None:
    """Give union records their works, make works that two share now, and drop those that one alone is left in."""
    titles = {change.work.key: change.work.title for change in changes if change.work}
    keys = set(titles) | {change.before for change in changes if change.before is not None}
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [[change.cluster_id for change in changes if change.before is not None]])
        cursor.execute(_COUNTS, [sorted(keys)])
        rows = cursor.fetchall()
        kept = [key for key, count, work_id, chosen in rows if count >= 2 or (work_id and chosen and count)]
        made = [key for key, count, work_id, _ in rows if count >= 2 and work_id is None and key in titles]
        if made:
            cursor.execute(
                "INSERT INTO catalogue_work (key, title) SELECT * FROM unnest(%s::bigint[], %s::text[])"
                " ON CONFLICT (key) DO NOTHING",
                [made, [titles[key] for key in made]],
            )
        if kept:
            cursor.execute(_ASSIGN, [kept])
        ended = [key for key, count, work_id, chosen in rows if count < 2 and work_id and not chosen]
        if ended:
            cursor.execute(
                "UPDATE catalogue_cluster SET work_id = NULL"
                " WHERE work_id IN (SELECT id FROM catalogue_work WHERE key = ANY(%s))",
                [ended],
            )
            cursor.execute("DELETE FROM catalogue_work WHERE key = ANY(%s)", [ended])
