"""Writes of discovery: which records the index still has to learn about, and the index itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from lienthu.authorities.queries import clusters_under
from lienthu.discovery.indexing import drain_if_alone, rebuild

CHANNEL = "lienthu_index"
ROW_IDS = 2_000

__all__ = ["CHANNEL", "drain_if_alone", "queue_for_index", "queue_headings", "rebuild"]


def queue_for_index(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.records_saved`: note the union records and wake the indexer when this commits."""
    cluster_ids = payload["cluster_ids"]
    if not cluster_ids:
        return
    _queue(cluster_ids)


def queue_headings(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.headings_changed`: the same for all union records that use these headings."""
    cluster_ids = clusters_under(payload["heading_ids"])
    for start in range(0, len(cluster_ids), ROW_IDS):
        _queue(cluster_ids[start : start + ROW_IDS])


def _queue(cluster_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO discovery_pendingindex (cluster_ids) VALUES (%s)", [list(cluster_ids)])
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
