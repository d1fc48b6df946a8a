"""Writes of discovery: which records the index still has to learn about, and the index itself."""

from collections.abc import Sequence
from typing import Any

from lienthu.authorities.queries import clusters_under
from lienthu.discovery.indexing import drain_if_alone, rebuild
from lienthu.kernel.postgresql.planned import tell

CHANNEL = "lienthu_index"
ROW_IDS = 2_000
_QUEUE = """
WITH noted AS (INSERT INTO discovery_pendingindex (cluster_ids) VALUES (%(ids)s::bigint[]))
SELECT pg_notify(%(channel)s, '')
"""

_QUEUE_CALM = "INSERT INTO discovery_pendingindex (cluster_ids, calm) VALUES (%s, true)"

__all__ = ["CHANNEL", "drain_if_alone", "queue_copies", "queue_for_index", "queue_headings", "rebuild"]


def queue_for_index(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.records_saved`: note the union records and wake the indexer when this commits."""
    cluster_ids = payload["cluster_ids"]
    if not cluster_ids:
        return
    _queue(cluster_ids)


def queue_copies(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.copies_moved`: note the union records; the indexer takes them when it looks next.

    What can be had of a record is read from the database, so a desk that lends a hundred copies a minute need not make
    a hundred pieces of index.
    """
    tell(_QUEUE_CALM, [list(payload["cluster_ids"])])


def queue_headings(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.headings_changed`: the same for all union records that use these headings."""
    cluster_ids = clusters_under(payload["heading_ids"])
    for start in range(0, len(cluster_ids), ROW_IDS):
        _queue(cluster_ids[start : start + ROW_IDS])


def _queue(cluster_ids: Sequence[int]) -> None:
    tell(_QUEUE, {"ids": list(cluster_ids), "channel": CHANNEL})
