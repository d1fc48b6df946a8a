"""Writers at the same time keep one chain without gaps, and trails outlive the clearing of other tables."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.audit.models import Head
from lienthu.audit.queries import verify
from lienthu.audit.tests.test_trail import Somebody


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_one_chain_without_gaps():
    start = Head.objects.get().seq

    def write(number: int) -> None:
        try:
            for turn in range(10):
                with writing(Somebody(account_id=number)) as w:
                    w.audit("test.together", target=("record", turn))
                    w.audit("test.together", target=("record", turn))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    outcome = verify(start + 1, against_anchors=False)
    assert (outcome.ok, outcome.checked) == (True, 80)
