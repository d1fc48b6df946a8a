"""A cataloguer's search does not wait for the imports of others."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.models import Batch, BatchStatus
from lienthu.catalogue.tests.factories import field, marc
from lienthu.targets.models import Search, SearchState
from lienthu.targets.tests.conftest import Desk
from lienthu.testing import product_process


def _wait(reached: Callable[[], bool], workers: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not reached():
        assert workers.poll() is None, workers.communicate()
        time.sleep(0.05)
    assert reached()


@pytest.fixture
def workers(transactional_db: None) -> Iterator[subprocess.Popen[str]]:
    """The job workers as `lienthu serve` starts them."""
    process = product_process("lienthu.config.job_process")
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_search_is_answered_while_two_imports_run(
    workers: subprocess.Popen[str], desk: Desk, cataloguer: Client
) -> None:
    imports = []
    for number in range(2):
        content = BytesIO(marc(f"tq{number}", field("245", "00", ("a", f"Nhan đề {number}"))))
        batch = start_import(actor=desk.cataloguer, library=desk.main, source=content, file_name=f"{number}.mrc")
        imports.append(batch)
    running = ProcrastinateJob.objects.filter(task_name="catalogue.work_on_import", status="doing")
    blocker = connection.copy()
    blocker.set_autocommit(False)
    try:
        with blocker.cursor() as cursor:
            # Nobody may write records for as long as this lasts: both imports stay in the middle of their work.
            cursor.execute("LOCK TABLE catalogue_sourcerecord IN SHARE MODE")
        for batch in imports:
            commit_import(actor=desk.cataloguer, batch=batch)
        _wait(lambda: running.count() == 2, workers)
        cataloguer.post(reverse("targets:search"), {"library": desk.main.pk, "title": "Nhan đề"})
        _wait(lambda: Search.objects.filter(state=SearchState.DONE).exists(), workers)
        assert running.count() == 2
    finally:
        blocker.rollback()
        blocker.close()
    _wait(lambda: Batch.objects.filter(status=BatchStatus.DONE).count() == 2, workers)
