"""Background entries of copy cataloguing: an id in, one action called. Every one may run twice."""

from typing import Any

from lienthu.kernel import jobs
from lienthu.targets.actions.checking import run_check
from lienthu.targets.actions.searching import forget_searches, run_search


def enqueue_search(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `targets.search_requested`."""
    search.defer(search_id=payload["search_id"])


def enqueue_check(payload: dict[str, Any], event_id: int) -> None:
    """Reaction to `targets.check_requested`."""
    check.defer(target_id=payload["target_id"])


@jobs.task(queue=jobs.PROMPT, name="targets.search")
def search(search_id: int) -> None:
    """Ask the targets of a search; a person waits."""
    run_search(search_id=search_id)


@jobs.task(queue=jobs.PROMPT, name="targets.check")
def check(target_id: int) -> None:
    """Try the connection to a target."""
    run_check(target_id=target_id)


@jobs.task(queue="maintenance", name="targets.forget_searches")
def forget(timestamp: int | None = None) -> None:
    """Throw away yesterday's searches (periodic)."""
    forget_searches()
