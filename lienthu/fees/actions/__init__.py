"""Every write of the room of money."""

from lienthu.fees.actions.charging import charge, charge_again, reverse
from lienthu.fees.actions.paying import Booked, pay, refund, return_deposit, take_back, take_deposit, waive
from lienthu.fees.actions.refusals import Refused

__all__ = [
    "Booked",
    "Refused",
    "charge",
    "charge_again",
    "pay",
    "refund",
    "return_deposit",
    "reverse",
    "take_back",
    "take_deposit",
    "waive",
]
