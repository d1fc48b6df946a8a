"""The table of transitions as a whole. What each line does to the tables is in test_table.py."""

import pytest

from lienthu.circulation.policy import (
    STATES,
    NoSuchTransition,
    Request,
    Situation,
    possible,
    transition_for,
    transitions,
)
from lienthu.circulation.policy.transitions import Action, Who

EFFECTS = {
    *("START_LOAN", "END_LOAN", "EXTEND_LOAN", "NOTE_CLAIM", "FILL_HOLD", "HOLD_READY", "ADD_HOLD", "END_HOLD"),
    *("FREE_COPY", "REQUEUE_HOLD", "RECEIVE", "SEND", "SEND_HOME", "SEND_TO_PICKUP", "NOTE_PASSING", "SHELVE"),
    *("FOUND", "REPAIRED", "MARK_LOST", "MARK_DAMAGED", "MARK_MISSING", "COUNT_USE", "NOTHING", "RECALL_LOAN"),
}


def test_every_situation_has_exactly_one_line():
    wrong = [
        (situation, [line.line for line in transitions() if line.fits(situation)])
        for situation in possible()
        if sum(line.fits(situation) for line in transitions()) != 1
    ]
    assert wrong == []


def test_every_line_speaks_of_a_situation_that_can_arise():
    situations = list(possible())
    assert [line.line for line in transitions() if not any(line.fits(one) for one in situations)] == []


def test_a_line_either_refuses_or_says_what_becomes_of_the_copy():
    for line in transitions():
        if line.refusal:
            assert not (line.copy_becomes or line.request_becomes or line.effects), line
        else:
            assert line.copy_becomes in STATES, line
            assert line.effects, line
            assert set(line.effects) <= EFFECTS, line


def test_who_has_the_copy_is_said_for_every_change():
    """A copy leaves a reader only by END_LOAN, a van only by RECEIVE, and comes to them only by START_LOAN and SEND."""
    for line in transitions():
        if line.refusal:
            continue
        effects = set(line.effects)
        assert (line.copy == "ON_LOAN" and line.copy_becomes not in ("ON_LOAN", "CLAIMED")) <= ("END_LOAN" in effects)
        assert (line.copy == "IN_TRANSIT" and line.copy_becomes != "IN_TRANSIT") <= ("RECEIVE" in effects), line
        assert (line.copy != "ON_LOAN" and line.copy_becomes == "ON_LOAN") <= ("START_LOAN" in effects), line
        sends = bool(effects & {"SEND", "SEND_HOME", "SEND_TO_PICKUP"})
        assert (line.copy != "IN_TRANSIT" and line.copy_becomes == "IN_TRANSIT") <= sends, line


def test_a_situation_the_table_does_not_know_is_an_error():
    with pytest.raises(NoSuchTransition):
        transition_for(Situation(Action.CHECKOUT, "GONE", Request.NONE, Who.OTHER, "HOME"))  # type: ignore[arg-type]
