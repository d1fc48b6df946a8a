"""Work of the room of money at fixed times: one action call."""

from lienthu.fees.actions import forget_books
from lienthu.kernel import jobs


@jobs.task(queue="maintenance", name="fees.forget_books")
def forget(timestamp: int | None = None) -> None:
    """Forget which books settled charges were about."""
    while forget_books():
        pass
