"""Writes of discovery: which records the index still has to learn about, and the index itself."""

from typing import Any

from django.db import connection

from lienthu.discovery.indexing import drain_if_alone, rebuild

CHANNEL = "lienthu_index"

__all__ = ["CHANNEL", "drain_if_alone", "queue_for_index", "rebuild"]


def queue_for_index(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `catalogue.records_saved`: note the union records and wake the indexer when this commits."""
    cluster_ids = payload["cluster_ids"]
    if not cluster_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO discovery_pendingindex (cluster_ids) VALUES (%s)", [list(cluster_ids)])
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
