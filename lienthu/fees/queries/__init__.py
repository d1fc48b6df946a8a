"""Everything that others may read of the room of money."""

from lienthu.fees.queries.balances import Balance, OpenCharge, balance, open_by_library, open_charges

__all__ = ["Balance", "OpenCharge", "balance", "open_by_library", "open_charges"]
