"""Every write of the room of money."""

from lienthu.fees.actions.charging import charge, charge_again, reverse
from lienthu.fees.actions.demonstration import load_money
from lienthu.fees.actions.desk import (
    MOVES,
    add_charge,
    cancel_charge,
    cancel_entry,
    move_money,
    take_payment,
    waive_charge,
)
from lienthu.fees.actions.drawers import close_drawer, open_drawer
from lienthu.fees.actions.forgetting import forget_books
from lienthu.fees.actions.paying import Booked, pay, refund, return_deposit, take_back, take_deposit, waive
from lienthu.fees.actions.pricing import PriceData, publish_prices, set_bank_account
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.actions.transfers import Imported, confirm_transfer, demand, import_statement, set_aside

__all__ = [
    "MOVES",
    "Booked",
    "Imported",
    "PriceData",
    "Refused",
    "add_charge",
    "cancel_charge",
    "cancel_entry",
    "charge",
    "charge_again",
    "close_drawer",
    "confirm_transfer",
    "demand",
    "forget_books",
    "import_statement",
    "load_money",
    "move_money",
    "open_drawer",
    "pay",
    "publish_prices",
    "refund",
    "return_deposit",
    "reverse",
    "set_aside",
    "set_bank_account",
    "take_back",
    "take_deposit",
    "take_payment",
    "waive",
    "waive_charge",
]
