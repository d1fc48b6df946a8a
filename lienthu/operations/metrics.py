"""Figures of the product for Prometheus, asked of the database at the moment of the question."""

from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from lienthu.kernel import clock
from lienthu.operations.models import BackupRun, RestoreTest
from lienthu.operations.queries import last_success
from lienthu.operations.queries.background import living_workers, queues
from lienthu.operations.queries.indexing import waiting_for_index


class ProductCollector(Collector):
    """All web processes answer the same, so any of them may be asked. Nothing is said while the database is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from _figures()
        except DatabaseError:
            return


def _figures() -> list[GaugeMetricFamily]:
    waiting = waiting_for_index()
    jobs = GaugeMetricFamily("lienthu_jobs", "Background jobs", labels=["queue", "state"])
    for queue in queues():
        for state in ("waiting", "working", "failed"):
            jobs.add_metric([queue.name, state], getattr(queue, state))
    figures = [
        GaugeMetricFamily("lienthu_index_waiting", "Changes that wait for the search index", value=waiting.count),
        GaugeMetricFamily(
            "lienthu_index_lag_seconds",
            "Age of the oldest change that waits for the search index",
            value=waiting.age.total_seconds(),
        ),
        GaugeMetricFamily("lienthu_workers", "Processes that do background jobs", value=living_workers()),
        jobs,
    ]
    for name, words, model in (
        ("lienthu_backup_age_seconds", "Time since the last good backup", BackupRun),
        ("lienthu_restore_test_age_seconds", "Time since the last good restore test", RestoreTest),
    ):
        at = last_success(model)
        # without a first one the series is absent, which an alert can ask for
        if at is not None:
            figures.append(GaugeMetricFamily(name, words, value=_age(at)))
    return figures


def _age(at: datetime) -> float:
    return (clock.now() - at).total_seconds()
