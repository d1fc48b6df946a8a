"""Everything that others may read of the room of money."""

from lienthu.fees.queries.balances import Balance, OpenCharge, balance, charges_with, open_by_library, open_charges
from lienthu.fees.queries.prices import price_of, prices

__all__ = [
    "Balance",
    "OpenCharge",
    "balance",
    "charges_with",
    "open_by_library",
    "open_charges",
    "price_of",
    "prices",
]
