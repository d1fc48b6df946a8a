"""Preview, run and return killed with SIGKILL in the middle end as unbroken ones."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from lienthu.audit.queries import verify
from lienthu.batchedit.actions.previewing import request_preview
from lienthu.batchedit.actions.returning import request_return
from lienthu.batchedit.actions.running import request_run
from lienthu.batchedit.jobs import work_on_edit
from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.queries.outcomes import outcome_counts
from lienthu.batchedit.tests.conftest import PAGES, Network, book, books, fresh
from lienthu.catalogue.models import Revision, SourceRecord
from lienthu.testing import product_process

RECORDS = 1_400
WORK = "from lienthu.batchedit.jobs import work_on_edit; work_on_edit({})"


def _killed(edit: BatchEdit, *, reached: Callable[[], bool]) -> None:
    """Let a process work on the edit and kill it the hard way at this point."""
    process = product_process("django", "shell", "-c", WORK.format(edit.pk))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not reached():
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    assert reached()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_an_edit_killed_in_each_of_its_jobs_ends_whole(network: Network) -> None:
    books(network.home, *(book(f"b{number:05d}") for number in range(RECORDS)))
    before = dict(SourceRecord.objects.values_list("control_number", "digest"))
    edit = network.begin(PAGES)

    def half_way() -> bool:
        return 0 < BatchEdit.objects.get(pk=edit.pk).done < RECORDS

    request_preview(actor=network.actor, edit=edit)
    _killed(edit, reached=half_way)
    assert fresh(edit).state == "PREVIEWING"
    work_on_edit(edit.pk)
    assert outcome_counts(edit) == {"PLANNED": RECORDS}

    request_run(actor=network.actor, edit=edit, version=fresh(edit).version)
    _killed(edit, reached=half_way)
    done = fresh(edit).done
    # Whole chunks only: as many revisions as outcomes.
    assert outcome_counts(edit) == {"CHANGED": done, "PLANNED": RECORDS - done}
    assert Revision.objects.filter(number=2).count() == done
    work_on_edit(edit.pk)
    assert outcome_counts(edit) == {"CHANGED": RECORDS}
    assert set(SourceRecord.objects.values_list("revision", flat=True)) == {2}

    request_return(actor=network.actor, edit=edit)
    _killed(edit, reached=half_way)
    assert Revision.objects.filter(number=3).count() == fresh(edit).done
    work_on_edit(edit.pk)
    assert (fresh(edit).state, outcome_counts(edit)) == ("REVERTED", {"RESTORED": RECORDS})
    after = dict(SourceRecord.objects.values_list("control_number", "digest"))
    assert {key: bytes(value) for key, value in after.items()} == {key: bytes(value) for key, value in before.items()}
    assert verify().ok
