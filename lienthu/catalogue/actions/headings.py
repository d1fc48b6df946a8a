"""Headings for those who control their forms: rows of a heading by kind and text, made where there are none."""

from collections.abc import Sequence

from django.db import connection

from lienthu.catalogue.actions.chunks import HEADING_KEY_LENGTH
from lienthu.kernel.text import exact_key, sort_key


def heading_key(text: str) -> str:
    """The key under which a heading with this text is one."""
    return exact_key(text)[:HEADING_KEY_LENGTH]


def headings_for(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of headings for (kind, text), by (kind, key); a text without any word has none.

    Runs inside the caller's transaction; two callers that make one heading at once get the same row.
    """
    rows = {(kind, heading_key(text)): text for kind, text in wanted}
    rows = {key: text for key, text in sorted(rows.items()) if key[1]}
    if not rows:
        return {}
    kinds, keys = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalogue_heading (kind, key, text, sort)
            SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING
            """,
            [list(kinds), list(keys), list(rows.values()), [sort_key(text) for text in rows.values()]],
        )
        cursor.execute(
            """
            SELECT h.kind, h.key, h.id FROM unnest(%s::text[], %s::text[]) AS w (kind, key)
            JOIN catalogue_heading h ON h.key = w.key AND h.kind = w.kind
            """,
            [list(kinds), list(keys)],
        )
        return {(kind, key): heading_id for kind, key, heading_id in cursor.fetchall()}


def respell(heading_id: int, text: str) -> None:
    """Write a heading's words otherwise (capitals, punctuation); its key must stay the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_heading SET text = %s, sort = %s WHERE id = %s AND key = %s AND text <> %s",
            [text, sort_key(text), heading_id, heading_key(text), text],
        )
