"""An import that is killed at any moment goes on where it was, and ends as an unbroken one."""

import os
import signal
import subprocess
import time
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.audit.queries import verify
from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.actions.beside import WORTH_IT
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.planning import CHUNK_RECORDS
from lienthu.catalogue.jobs import resume_imports
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Batch, SourceRecord
from lienthu.catalogue.tests.conftest import make_desk, marc
from lienthu.identity.access import system_actor
from lienthu.testing import product_process

RECORDS = CHUNK_RECORDS * 6 + 17
AUTHOR = Field("100", "", "0 ", [("a", "Nguyễn Minh Châu")])
# Makes the file so large that a process of its own reads it.
NOTE = Field("520", "", "  ", [("a", "Tóm tắt " * 80)])
RESUME = """
from lienthu.catalogue.jobs import work_on_import
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Batch
work_on_import(Batch.objects.get().pk)
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of several chunks, with a broken record in the middle and a number that comes twice."""
    # The second half describes the books of the first once more, so that most of its records join.
    records = [marc(f"r{n:05d}", f"Nhan đề số {n % (RECORDS // 2)}", AUTHOR, NOTE) for n in range(RECORDS)]
    records[RECORDS // 2] = b"00050nam  broken\x1e\x1d"
    records[-3] = marc("r00005", "Nhan đề khác dưới số cũ")
    path = tmp_path / "large.mrc"
    path.write_bytes(b"".join(records))
    assert path.stat().st_size > WORTH_IT
    return path


def _state() -> tuple[list[tuple[str, str, str]], dict[str, int], list[tuple[int, str]], list[list[str]]]:
    """What an import leaves behind, without the numbers that sequences give."""
    records = [
        (r.control_number, r.status, sha256(bytes(r.digest)).hexdigest() + r.cluster.title)
        for r in SourceRecord.objects.select_related("cluster").order_by("control_number")
    ]
    batch = Batch.objects.get()
    together: dict[int, list[str]] = {}
    for cluster_id, number in SourceRecord.objects.order_by("control_number").values_list("cluster", "control_number"):
        together.setdefault(cluster_id, []).append(number)
    rejected = list(batch.rejections.order_by("number").values_list("number", "code"))
    return records, batch.counts, rejected, sorted(together.values())


def _kill_when(process: subprocess.Popen[str], *, reached: int) -> None:
    """Kill a process the hard way as soon as the import has come so far."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        batch = Batch.objects.first()
        if batch is not None and batch.done_number >= reached:
            break
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_an_import_killed_twice_ends_with_the_same_database_as_an_unbroken_one(large: Path) -> None:
    make_desk()
    process = product_process("django", "import_records", str(large), "--library", "VN-T-TINH")
    for stop_after in (1, CHUNK_RECORDS * 2):
        _kill_when(process, reached=stop_after)
        batch = Batch.objects.get()
        # Whole chunks only: nothing is half-written.
        assert batch.status == "RUNNING" and batch.done_number % CHUNK_RECORDS == 0
        assert SourceRecord.objects.count() == batch.counts["created"]
        process = product_process("django", "shell", "-c", RESUME)
    process.communicate(timeout=120)
    run_import(actor=system_actor("lienthu import"), batch=Batch.objects.get())
    broken = _state()
    assert Batch.objects.get().status == "DONE" and verify().ok

    connection.cursor().execute("TRUNCATE catalogue_batch, catalogue_cluster CASCADE")
    whole = product_process("django", "import_records", str(large), "--library", "VN-T-TINH")
    _out, err = whole.communicate(timeout=120)
    assert whole.returncode == 1, err
    assert _state() == broken
    assert broken[1]["read"] == RECORDS and broken[1]["created"] == RECORDS - 2 and broken[1]["rejected"] == 2
    assert broken[1]["merged"] == RECORDS - 2 - len(broken[3]) > RECORDS // 3


@pytest.mark.django_db
def test_an_interrupted_import_is_queued_again_and_only_once(large: Path) -> None:
    desk = make_desk()
    with large.open("rb") as source:
        batch = start_import(actor=desk.cataloguer, library=desk.main, source=source, file_name="tep.mrc")
    commit_import(actor=desk.cataloguer, batch=batch, in_background=False)
    resume_imports()
    resume_imports()
    queued = ProcrastinateJob.objects.filter(task_name="catalogue.work_on_import", status="todo")
    assert [job.args for job in queued] == [{"batch_id": batch.pk}]
