"""Every write of weedings."""

from lienthu.weeding.actions.deciding import decide, keep_piece, note_objection, publish_list
from lienthu.weeding.actions.demonstration import load_weedings
from lienthu.weeding.actions.drafting import (
    Added,
    add_numbers,
    change_weeding,
    discard_weeding,
    find_copies,
    make_weeding,
    remove_piece,
)
from lienthu.weeding.actions.refusals import Refused
from lienthu.weeding.actions.withdrawing import request_return, request_withdrawal, work_on_weeding

__all__ = [
    "Added",
    "Refused",
    "add_numbers",
    "change_weeding",
    "decide",
    "discard_weeding",
    "find_copies",
    "keep_piece",
    "load_weedings",
    "make_weeding",
    "note_objection",
    "publish_list",
    "remove_piece",
    "request_return",
    "request_withdrawal",
    "work_on_weeding",
]
