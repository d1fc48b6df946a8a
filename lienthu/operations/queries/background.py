"""The queue of background jobs: how long it is, who works on it, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from lienthu.kernel import clock

# A worker gives a sign of life every ten seconds.
SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Queue:
    """One queue: jobs that wait for their turn, are at work, have failed."""

    name: str
    waiting: int
    working: int
    failed: int


def queues() -> list[Queue]:
    """Every queue that has jobs, by name; jobs that wait for a later hour do not count."""
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=clock.now())
    rows = (
        ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"])
        .values("queue_name")
        .annotate(
            waiting=Count("pk", filter=Q(status="todo") & due),
            working=Count("pk", filter=Q(status="doing")),
            failed=Count("pk", filter=Q(status="failed")),
        )
        .order_by("queue_name")
    )
    return [Queue(row["queue_name"], row["waiting"], row["working"], row["failed"]) for row in rows]


def living_workers() -> int:
    """Workers that gave a sign of life lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=clock.now() - SILENT_AFTER).count()


def last_heartbeat() -> datetime | None:
    return ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]


def failed_jobs() -> QuerySet[ProcrastinateJob]:
    """Jobs that failed, or whose worker has died meanwhile; newest first."""
    silent = clock.now() - SILENT_AFTER
    lost = Q(status="doing") & (Q(worker=None) | Q(worker__last_heartbeat__lt=silent))
    return (
        ProcrastinateJob.objects.filter(Q(status="failed") | lost)
        .annotate(last_at=Max("procrastinateevent__at"))
        .order_by("-pk")
    )
