"""Which library has a copy, by the ledger of custody."""

from lienthu.kernel.postgresql.planned import ask

_KEEPER = "SELECT library_id FROM circulation_custody WHERE item_id = %s AND until IS NULL"


def keeper_of(item_id: int, *, owner_id: int) -> int:
    """The library that has a copy which is neither lent nor on its way: its own one until the ledger says more."""
    rows = ask(_KEEPER, [item_id])
    return int(rows[0][0]) if rows and rows[0][0] is not None else owner_id
