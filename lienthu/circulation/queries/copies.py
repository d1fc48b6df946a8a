"""Which copies circulation knows: what the catalogue asks before it takes copies away."""

from collections.abc import Collection

from django.db import connection

_KNOWN = """
    SELECT DISTINCT i.record_id FROM catalogue_item i WHERE i.record_id = ANY(%(records)s) AND (
        EXISTS (SELECT FROM circulation_loan l WHERE l.item_id = i.id)
        OR EXISTS (SELECT FROM circulation_transit t WHERE t.item_id = i.id)
        OR EXISTS (SELECT FROM circulation_custody c WHERE c.item_id = i.id)
        OR i.id IN (SELECT s.item_id FROM circulation_step s WHERE s.item_id IS NOT NULL)
        OR i.id IN (SELECT unnest(ARRAY[h.copy_id, h.assigned_id, h.target_id]) FROM circulation_hold h)
    )
"""


def records_with_history(record_ids: Collection[int]) -> set[int]:
    """Those of these records with a copy that was lent, asked for, sent or marked at a desk: where it is, is a fact."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"records": list(record_ids)})
        return {record_id for (record_id,) in cursor.fetchall()}
