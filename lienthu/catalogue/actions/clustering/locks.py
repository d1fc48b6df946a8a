"""One writer of union records at a time."""

from django.db import connection

# Names this use among PostgreSQL's advisory locks.
MATCHING_LOCK = 7_303


def lock_matching() -> None:
    """Wait until no other transaction changes union records; freed at the end of this one.

    Two imports of one book at the same moment then give one union record. It is taken before any row is locked, so that
    nobody who holds it waits for somebody who wants it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [MATCHING_LOCK])
        # What follows looks up single rows by index. Of tables that an import is just filling the planner knows
        # nothing, and would read them whole for each of a thousand keys.
        cursor.execute("SET LOCAL enable_seqscan TO off")
