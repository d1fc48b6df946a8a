"""Every write of circulation. All doors (desk, JSON, SIP2, offline log) call these."""

from lienthu.circulation.actions.demonstration import load_loans
from lienthu.circulation.actions.grouping import GroupPlaced, place_group
from lienthu.circulation.actions.holds import Wish, cancel_hold, expire_holds, freeze_hold, place_hold
from lienthu.circulation.actions.loans import CheckedOut, Renewed, checkout, renew
from lienthu.circulation.actions.marks import MARKS, mark
from lienthu.circulation.actions.recalling import recall
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
from lienthu.circulation.actions.targeting import not_found, retarget, retarget_holds
from lienthu.circulation.actions.undoing import forget_steps, last_step, undo_last

__all__ = [
    "MARKS",
    "NOTHING",
    "RETURNED",
    "TO_HOLD_SHELF",
    "TO_TRANSIT",
    "CheckedIn",
    "CheckedOut",
    "GroupPlaced",
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
    "load_loans",
    "mark",
    "not_found",
    "place_group",
    "place_hold",
    "recall",
    "receive",
    "renew",
    "retarget",
    "retarget_holds",
    "send",
    "undo_last",
]
