"""Headings of the catalogue as authorities cover them: a heading, and the same heading with divisions behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.authorities.policy.forms import beginnings, key_of

# A division follows in the sort key after this byte (kernel.text.order).
_BETWEEN, _AFTER = b"\x01", b"\x02"
# Places of a record whose words are not rewritten: other scripts (880), names inside series (800-811).
NOT_REWRITTEN = [880, 800, 810, 811]

_FAMILY = """
SELECT b.id, h.id, h.text FROM unnest(%s::bigint[]) AS w (id)
JOIN catalogue_heading b ON b.id = w.id
CROSS JOIN LATERAL (
    SELECT b.id AS id, b.text AS text
    UNION ALL
    SELECT d.id, d.text FROM catalogue_heading d
    WHERE d.kind = b.kind AND d.sort >= b.sort || %s::bytea AND d.sort < b.sort || %s::bytea
) AS h
"""


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading of the catalogue."""

    id: int
    kind: str
    text: str


def family_of(heading_ids: Iterable[int]) -> set[int]:
    """These headings and all that are one of them with divisions ("Vietnam", "Vietnam -- History")."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [list(heading_ids), _BETWEEN, _AFTER])
        rows = cursor.fetchall()
    keys = {base: key_of(text) for base, member, text in rows if base == member}
    return {
        member
        for base, member, text in rows
        if member == base or any(key_of(beginning) == keys[base] for beginning in beginnings(text))
    }


def heading_row(heading_id: int) -> HeadingRow | None:
    """One heading; None for an unknown id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, text FROM catalogue_heading WHERE id = %s", [heading_id])
        row = cursor.fetchone()
    return HeadingRow(*row) if row else None


def heading_rows(heading_ids: Sequence[int]) -> dict[int, HeadingRow]:
    """Headings by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, text FROM catalogue_heading WHERE id = ANY(%s)", [list(heading_ids)])
        return {row[0]: HeadingRow(*row) for row in cursor.fetchall()}


def records_under(heading_ids: Iterable[int], *, limit: int | None = None) -> list[int]:
    """Source records in use whose words would be rewritten with these headings, families included, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT k.record_id FROM catalogue_headinglink k
            JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
            WHERE k.heading_id = ANY(%s) AND k.tag <> ALL(%s) ORDER BY 1 LIMIT %s
            """,
            [list(family_of(heading_ids)), NOT_REWRITTEN, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def clusters_of(heading_ids: Iterable[int]) -> list[int]:
    """Shown union records that use these headings, families included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT r.cluster_id FROM catalogue_headinglink k
            JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
            JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active
            WHERE k.heading_id = ANY(%s) ORDER BY 1
            """,
            [list(family_of(heading_ids))],
        )
        return [row[0] for row in cursor.fetchall()]


def cluster_counts(forms: Sequence[tuple[int, int]]) -> dict[int, int]:
    """For (authority id, heading id) pairs: how many shown union records use the very headings of each authority."""
    if not forms:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.authority, count(DISTINCT r.cluster_id)
            FROM unnest(%s::bigint[], %s::bigint[]) AS f (authority, heading)
            JOIN catalogue_headinglink k ON k.heading_id = f.heading
            JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
            JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active
            GROUP BY 1
            """,
            [[a for a, _ in forms], [h for _, h in forms]],
        )
        return dict(cursor.fetchall())
