"""Fields of union records that a person holds: a change of the authority file leaves them alone."""

from collections.abc import Sequence

from django.db import connection


def locked_fields(record_ids: Sequence[int]) -> dict[int, set[str]]:
    """Keys of the summary that are locked in the union record of each of these source records."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id, l.field FROM catalogue_sourcerecord r
            JOIN catalogue_fieldlock l ON l.cluster_id = r.cluster_id WHERE r.id = ANY(%s)
            """,
            [list(record_ids)],
        )
        found: dict[int, set[str]] = {}
        for record_id, field in cursor.fetchall():
            found.setdefault(record_id, set()).add(field)
    return found
