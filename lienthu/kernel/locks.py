"""One runner at a time: a lock that PostgreSQL takes back from whoever dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class AlreadyRunning(RuntimeError):
    """Another process is at this work at this moment."""


@contextmanager
def sole_runner(use: int, number: int) -> Iterator[None]:
    """Hold the advisory lock (use, number) while working. Raises AlreadyRunning when somebody else holds it.

    `use` names a kind of work among all advisory locks of the product, `number` one piece of it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [use, number])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(f"{use} {number}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [use, number])
