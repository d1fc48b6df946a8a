"""Lists of classes and of staff: tried, written with progress, taken back whole."""

from lienthu.patrons.actions.rolls.forgetting import forget_rolls
from lienthu.patrons.actions.rolls.life import WrongState, commit_roll, request_revert, start_roll
from lienthu.patrons.actions.rolls.reading import Unreadable
from lienthu.patrons.actions.rolls.reverting import revert_roll
from lienthu.patrons.actions.rolls.writing_rows import check_roll, run_roll
from lienthu.patrons.actions.rolls.year_end import classes_of, start_year_end

__all__ = [
    "Unreadable",
    "WrongState",
    "check_roll",
    "classes_of",
    "commit_roll",
    "forget_rolls",
    "request_revert",
    "revert_roll",
    "run_roll",
    "start_roll",
    "start_year_end",
]
