"""A harvest that is killed at any moment goes on where it was, and ends as an unbroken one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.audit.queries import verify
from lienthu.harvesting.actions.working import work_on
from lienthu.harvesting.jobs import tick
from lienthu.harvesting.models import Entry, Page, Run, Source
from lienthu.harvesting.tests.conftest import Cast, titles
from lienthu.harvesting.tests.repository import Repository
from lienthu.testing import product_process

RECORDS, IN_PAGE = 2600, 50
RESUME = "from lienthu.harvesting.jobs import work_on_run; work_on_run({})"


def _command(repository: Repository, *arguments: str) -> subprocess.Popen[str]:
    return product_process("django", *arguments, LIENTHU_ALLOW_PRIVATE_FETCH=repository.url.split("/")[2])


def _kill_when(process: subprocess.Popen[str], *, reached: Callable[[], bool]) -> None:
    """Kill a process the hard way as soon as it has come so far."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not reached():
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    assert reached()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_harvest_killed_while_collecting_and_while_importing_ends_whole(
    cast: Cast, source: Source, repository: Repository
) -> None:
    repository.page_size = IN_PAGE
    for number in range(RECORDS):
        repository.put(f"r{number:05d}", f"Nhan đề số {number}")
    first = _command(repository, "harvest", "run", source.name)
    _kill_when(first, reached=lambda: Page.objects.count() >= 7)
    run = Run.objects.get()
    # Whole pages only, and the token of the next one.
    assert run.state == "COLLECTING" and run.counts["pages"] == Page.objects.count()
    assert Entry.objects.count() == run.counts["records"] == IN_PAGE * run.counts["pages"]
    assert run.token == f"|{run.counts['records']}"
    second = _command(repository, "shell", "-c", RESUME.format(run.pk))
    _kill_when(second, reached=lambda: Run.objects.filter(batch__done_number__gte=1000).exists())
    run.refresh_from_db()
    assert run.state == "IMPORTING" and 0 < len(titles(cast.main)) < len(repository.held)
    asked = len(repository.asked)
    done = work_on(run.pk)
    assert done.state == "DONE" and len(repository.asked) == asked and verify().ok
    assert len(titles(cast.main)) == len(repository.held) == done.batch.counts["created"] == Entry.objects.count()
    assert done.batch.counts["rejected"] == 0 and done.counts["records"] == len(repository.held)


@pytest.mark.django_db
def test_a_run_that_nobody_works_on_is_queued_again_and_only_once(source: Source, repository: Repository) -> None:
    Run.objects.create(source=source, state="COLLECTING", actor_name="tests")
    source.tried_at = None
    source.save()
    tick()
    tick()
    queued = ProcrastinateJob.objects.filter(task_name="harvesting.work_on_run", status="todo")
    assert [job.args for job in queued] == [{"run_id": Run.objects.get().pk}]
