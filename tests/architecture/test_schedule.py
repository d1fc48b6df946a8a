"""Periodic work: each task of the schedule exists and takes the moment for which it is called."""

import inspect

import pytest

from lienthu.config.schedule import SCHEDULE
from lienthu.kernel import jobs


@pytest.mark.parametrize("name", [name for _cron, name in SCHEDULE])
def test_a_periodic_task_takes_its_moment(name: str) -> None:
    inspect.signature(jobs.app.tasks[name].func).bind(timestamp=0)
