"""Every write of the room of money."""

from lienthu.fees.actions.charging import charge, reverse
from lienthu.fees.actions.paying import Booked, pay, refund, return_deposit, take_back, take_deposit, waive
from lienthu.fees.actions.refusals import Refused

__all__ = [
    "Booked",
    "Refused",
    "charge",
    "pay",
    "refund",
    "return_deposit",
    "reverse",
    "take_back",
    "take_deposit",
    "waive",
]
