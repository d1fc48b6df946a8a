"""Plain names of headings, by which possible duplicates are found; new headings are noted as they come."""

from django.db import connection, transaction

from lienthu.authorities.models import HeadingName
from lienthu.authorities.policy.likeness import plain_name

CHUNK = 5_000
# Names this use among PostgreSQL's advisory locks.
LOCK = 7_306


def note_headings(*, most: int | None = None) -> int:
    """Note the plain names of headings that have none yet, at most so many. Their number; 0 while another process does.

    Derived rows only: nothing of it needs an audit entry, and all of it may be made again.
    """
    done = 0
    while most is None or done < most:
        with transaction.atomic():
            count = _note_chunk(CHUNK if most is None else min(CHUNK, most - done))
        if not count:
            break
        done += count
    return done


def _note_chunk(size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """
            SELECT h.id, h.kind, h.text FROM catalogue_heading h
            WHERE NOT EXISTS (SELECT 1 FROM authorities_headingname n WHERE n.heading_id = h.id) ORDER BY h.id LIMIT %s
            """,
            [size],
        )
        rows = cursor.fetchall()
    names = [(heading_id, kind, plain_name(kind, text)) for heading_id, kind, text in rows]
    HeadingName.objects.bulk_create(
        (HeadingName(heading_id=pk, kind=kind, name=one.name, dates=one.dates) for pk, kind, one in names),
        batch_size=1_000,
        ignore_conflicts=True,
    )
    return len(rows)
