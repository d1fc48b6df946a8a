"""What harvesters are told has changed, and when: docs/adr/0012 says why the stamp is given here, after the change."""

import time
from typing import Any

from django.db import connection, transaction

from lienthu.catalogue.queries import holders_of
from lienthu.protocols.oaipmh.policy import spec_of
from lienthu.protocols.oaipmh.queries import STAMPING

BATCH_IDS = 2_000

_TAKE = """
WITH taken AS (
    SELECT id, sum(cardinality(cluster_ids)) OVER (ORDER BY id) AS so_far, cluster_ids FROM oaipmh_pending
)
DELETE FROM oaipmh_pending p USING taken t
WHERE p.id = t.id AND (t.so_far <= %s OR t.id = (SELECT min(id) FROM oaipmh_pending))
RETURNING t.cluster_ids
"""
# Later than all before, even when the clock of the machine is put back.
_STAMP = """
SELECT greatest(clock_timestamp(), max(changed_at) + interval '1 microsecond') FROM oaipmh_entry WHERE set_spec = ''
"""
_GONE = """
UPDATE oaipmh_entry SET changed_at = %(at)s, is_deleted = true
WHERE cluster_id = ANY(%(all)s) AND NOT is_deleted AND (cluster_id, set_spec) NOT IN (
    SELECT * FROM unnest(%(items)s::bigint[], %(specs)s::text[]))
"""
_THERE = """
INSERT INTO oaipmh_entry (cluster_id, set_spec, changed_at, is_deleted)
SELECT item, spec, %(at)s, false FROM unnest(%(items)s::bigint[], %(specs)s::text[]) AS t (item, spec)
ON CONFLICT (cluster_id, set_spec) DO UPDATE SET changed_at = excluded.changed_at, is_deleted = false
"""


def queue_for_harvest(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.records_saved`: note the union records."""
    if payload["cluster_ids"]:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO oaipmh_pending (cluster_ids) VALUES (%s)", [list(payload["cluster_ids"])])


def stamp_changes() -> int:
    """Stamp one batch of changed union records; their number, 0 when nothing waits or another process is at it.

    One process stamps at a time, and nobody reads a list meanwhile: so stamps follow the order in which they become
    visible, and a harvester that has seen a stamp has seen all before it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM oaipmh_pending)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [STAMPING])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [BATCH_IDS])
        cluster_ids = sorted({cluster_id for (taken,) in cursor.fetchall() for cluster_id in taken})
        if cluster_ids:
            _stamp(cluster_ids)
    return len(cluster_ids)


def stamp_waiting(*, seconds: float) -> None:
    """Stamp what waits, for about so long: the rest comes to a harvester on later pages, or by the job."""
    deadline = time.monotonic() + seconds
    while stamp_changes() and time.monotonic() < deadline:
        pass


def stamp_all_changes() -> int:
    """Stamp until nothing waits; how many records."""
    total = 0
    while count := stamp_changes():
        total += count
    return total


def _stamp(cluster_ids: list[int]) -> None:
    holders = holders_of(cluster_ids)
    rows = [(item, spec) for item, codes in holders.items() for spec in ("", *map(spec_of, codes))]
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        (at,) = cursor.fetchone()
        values = {
            "at": at,
            "all": cluster_ids,
            "items": [item for item, _ in rows],
            "specs": [spec for _, spec in rows],
        }
        cursor.execute(_GONE, values)
        cursor.execute(_THERE, values)
