"""Which library has a copy, by the ledger of custody."""

from collections.abc import Iterable

from lienthu.kernel.postgresql.planned import ask

_KEEPER = "SELECT library_id FROM circulation_custody WHERE item_id = %s AND until IS NULL"
_KEEPERS = """
SELECT i.id, COALESCE(u.library_id, i.library_id) FROM catalogue_item i
LEFT JOIN circulation_custody u ON u.item_id = i.id AND u.until IS NULL WHERE i.id = ANY(%s)
"""


def keeper_of(item_id: int, *, owner_id: int) -> int:
    """The library that has a copy which is neither lent nor on its way: its own one until the ledger says more."""
    rows = ask(_KEEPER, [item_id])
    return int(rows[0][0]) if rows and rows[0][0] is not None else owner_id


def keepers_of(item_ids: Iterable[int]) -> dict[int, int]:
    """The same for many copies, in one statement."""
    return {item_id: int(library_id) for item_id, library_id in ask(_KEEPERS, [list(item_ids)])}
