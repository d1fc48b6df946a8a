"""Every write of circulation. All doors (desk, JSON, SIP2, offline log) call these."""

from lienthu.circulation.actions.holds import Wish, cancel_hold, expire_holds, freeze_hold, place_hold
from lienthu.circulation.actions.loans import CheckedOut, Renewed, checkout, renew
from lienthu.circulation.actions.marks import MARKS, mark
from lienthu.circulation.actions.refusals import Refused
from lienthu.circulation.actions.returns import (
    NOTHING,
    RETURNED,
    TO_HOLD_SHELF,
    TO_TRANSIT,
    CheckedIn,
    checkin,
    receive,
    send,
)
from lienthu.circulation.actions.undoing import forget_steps, last_step, undo_last

__all__ = [
    "MARKS",
    "NOTHING",
    "RETURNED",
    "TO_HOLD_SHELF",
    "TO_TRANSIT",
    "CheckedIn",
    "CheckedOut",
    "Refused",
    "Renewed",
    "Wish",
    "cancel_hold",
    "checkin",
    "checkout",
    "expire_holds",
    "forget_steps",
    "freeze_hold",
    "last_step",
    "mark",
    "place_hold",
    "receive",
    "renew",
    "send",
    "undo_last",
]
