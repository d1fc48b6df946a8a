"""The state of one copy, changed by circulation from a stated state to a stated state."""

from django.utils import timezone

from lienthu.audit.actions import Writing
from lienthu.catalogue.models import Item, SourceRecord
from lienthu.kernel.postgresql.planned import tell

_CHANGE = """
UPDATE catalogue_item SET status = %(becomes)s, updated_at = %(now)s WHERE id = %(item)s AND status = %(was)s
"""


class ItemMoved(RuntimeError):
    """The copy is no longer in the state that the caller saw: somebody else was quicker."""


def change_status(w: Writing, *, item_id: int, was: str, becomes: str, cluster_id: int | None = None) -> None:
    """Change the state of a copy, and tell the index. Asks for no permission: circulation has asked.

    `cluster_id` spares a question where the caller knows the union record. Raises ItemMoved when the copy is not in
    the state `was`; then nothing changed.
    """
    if was == becomes:
        if not Item.objects.filter(pk=item_id, status=was).exists():
            raise ItemMoved(item_id)
        return
    if not tell(_CHANGE, {"item": item_id, "was": was, "becomes": becomes, "now": timezone.now()}):
        raise ItemMoved(item_id)
    if cluster_id is None:
        cluster_id = SourceRecord.objects.values_list("cluster_id", flat=True).get(items__pk=item_id)
    w.publish("catalogue.copies_moved", cluster_ids=[cluster_id], item_id=item_id, status=becomes)
