"""How far the search index is behind the database."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from lienthu.kernel import clock


@dataclass(frozen=True)
class Waiting:
    """Changes that the index has not taken in yet: how many, how old the oldest is; `records`: is there anything?"""

    count: int
    age: timedelta
    records: bool


def waiting_for_index() -> Waiting:
    """Asked of the queue itself, so that it is true also while nobody drains it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM discovery_pendingindex), (SELECT min(at) FROM discovery_pendingindex), "
            "EXISTS (SELECT FROM catalogue_cluster WHERE is_active)"
        )
        count, oldest, records = cursor.fetchone()
    return Waiting(count=count, age=clock.now() - oldest if oldest else timedelta(0), records=records)
