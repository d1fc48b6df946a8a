"""Every write of sets that travel."""

from lienthu.rotation.actions.demonstration import load_sets
from lienthu.rotation.actions.drafting import Added, add_copies, change_set, discard_set, make_set, remove_copy
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.actions.reminding import remind_of_sets
from lienthu.rotation.actions.returning import close_set, give_back, scan_back, scan_home
from lienthu.rotation.actions.travelling import confirm_arrival, hand_over, scan_arrival
from lienthu.rotation.actions.writing_letters import send_letters

__all__ = [
    "Added",
    "Refused",
    "add_copies",
    "change_set",
    "close_set",
    "confirm_arrival",
    "discard_set",
    "give_back",
    "hand_over",
    "load_sets",
    "make_set",
    "remind_of_sets",
    "remove_copy",
    "scan_arrival",
    "scan_back",
    "scan_home",
    "send_letters",
]
