"""Backups and restore tests that were made or tried."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from lienthu.operations.models import BackupRun, RestoreTest, Run, RunStatus


def backups() -> QuerySet[BackupRun]:
    """All of them, newest first."""
    return BackupRun.objects.order_by("-created_at", "-pk")


def restore_tests() -> QuerySet[RestoreTest]:
    """All of them, newest first."""
    return RestoreTest.objects.select_related("backup").order_by("-created_at", "-pk")


def last_success(model: type[Run]) -> datetime | None:
    """When the last one that ended well began: that is the moment whose data it holds."""
    found = model._default_manager.filter(status=RunStatus.DONE)
    return found.aggregate(at=Max("started_at"))["at"]


def last_attempt(model: type[Run], kind: Any) -> datetime | None:
    """When the last one of this kind was ordered."""
    return model._default_manager.filter(kind=kind).aggregate(at=Max("created_at"))["at"]


def newest_backup_file() -> BackupRun | None:
    """The newest backup whose file is still where it was written."""
    for run in backups().filter(status=RunStatus.DONE, removed_at=None)[:50]:
        if (Path(run.folder) / run.file_name).exists():
            return run
    return None


def installed_at() -> datetime | None:
    """When this installation's database got its first tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        row = cursor.fetchone()
    return row[0] if row else None
