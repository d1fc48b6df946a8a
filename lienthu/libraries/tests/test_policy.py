from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from lienthu.libraries.policy.codes import CodeFault, code_faults
from lienthu.libraries.policy.lifecycle import (
    TRANSITIONS,
    Allowed,
    EventFacts,
    Fault,
    Refused,
    decide_event,
    events_possible,
)
from lienthu.libraries.policy.rollup import Part, Rule, main_part, place


@pytest.mark.parametrize("code", ["VN-TQ-TINH", "VN-1", "VN-TQ-X-CHIEMHOA", "VN-TQ/1", "VN-A:1", "VN-tq-a"])
def test_codes_of_the_standard_are_accepted(code: str) -> None:
    assert code_faults(code) == ()


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("", (CodeFault.EMPTY,)),
        ("TQ-TINH", (CodeFault.PREFIX,)),
        ("vn-TQ", (CodeFault.PREFIX,)),
        ("VN-TQ-X-CHIEMHOA1", (CodeFault.TOO_LONG,)),
        ("VN-TQ TINH", (CodeFault.CHARACTER,)),
        ("VN-TỈNH", (CodeFault.CHARACTER,)),
        ("VN-", (CodeFault.EDGE,)),
        ("VN-TQ-", (CodeFault.EDGE,)),
        ("VN-TQ--1", (CodeFault.DOUBLE_SEPARATOR,)),
        ("VN-TQ\n", (CodeFault.CHARACTER,)),
    ],
)
def test_other_codes_are_refused_with_the_reason(code: str, faults: tuple[CodeFault, ...]) -> None:
    assert code_faults(code) == faults


def facts(**changes: object) -> EventFacts:
    values: dict[str, object] = {
        "state": "ACTIVE",
        "event": "MERGED",
        "on": date(2025, 7, 1),
        "today": date(2026, 11, 22),
        "library_code": "VN-A",
        "successor_codes": ("VN-B",),
    }
    return EventFacts(**{**values, **changes})  # type: ignore[arg-type]


def test_a_merger_needs_a_successor() -> None:
    assert decide_event(facts()) == Allowed(to="MERGED")
    assert decide_event(facts(successor_codes=())) == Refused((Fault.SUCCESSOR_REQUIRED,))


def test_a_transfer_keeps_the_code_alive_unless_another_library_continues() -> None:
    assert decide_event(facts(event="TRANSFERRED")) == Allowed(to="TRANSFERRED")
    assert decide_event(facts(event="TRANSFERRED", successor_codes=())) == Allowed(to="ACTIVE")


def test_all_reasons_are_given_at_once() -> None:
    decision = decide_event(facts(event="RENAMED", on=date(2027, 1, 1), new_name=" ", last_event_on=date(2027, 2, 1)))
    assert decision == Refused(
        (Fault.SUCCESSOR_NOT_ALLOWED, Fault.BEFORE_LAST_EVENT, Fault.IN_THE_FUTURE, Fault.NAME_REQUIRED)
    )


def test_nobody_succeeds_themselves() -> None:
    assert decide_event(facts(successor_codes=("VN-A",))) == Refused((Fault.SUCCESSOR_IS_ITSELF,))
    assert decide_event(facts(leads_back=True)) == Refused((Fault.SUCCESSOR_LEADS_BACK,))


def test_only_the_table_of_transitions_decides_what_may_follow() -> None:
    states = ("NEW", "ACTIVE", "MERGED", "TRANSFERRED", "DISSOLVED")
    events = ("FOUNDED", "RENAMED", "MERGED", "TRANSFERRED", "DISSOLVED", "REOPENED")
    for state in states:
        for event in events:
            decision = decide_event(facts(state=state, event=event))
            impossible = decision == Refused((Fault.NOT_POSSIBLE_NOW,))
            assert impossible == ((state, event) not in TRANSITIONS)
    assert events_possible("MERGED") == ()


def test_an_undivided_figure_goes_whole_and_without_a_remark() -> None:
    assert place(7, [Part("a")]) == ({"a": 7}, None)


def test_a_divided_figure_without_measured_shares_goes_whole_to_the_main_part() -> None:
    assert place(7, [Part("a", main=False), Part("b")]) == ({"b": 7}, Rule.WHOLE_TO_MAIN)


def test_measured_shares_divide_whole_numbers_into_whole_numbers() -> None:
    third = [Part("a", share=Fraction(1, 3)), Part("b", False, Fraction(1, 3)), Part("c", False, Fraction(1, 3))]
    assert place(10, third) == ({"a": 4, "b": 3, "c": 3}, Rule.MEASURED_SHARES)
    placed, _ = place(Decimal("10.00"), third)
    assert sum(placed.values()) == Decimal("10.00")


def test_shares_that_are_incomplete_are_not_used() -> None:
    parts = [Part("a", share=Fraction(1, 2)), Part("b", False, Fraction(1, 4))]
    assert place(10, parts) == ({"a": 10}, Rule.WHOLE_TO_MAIN)


def test_the_main_old_unit_of_a_new_one_gave_most_whole_communes() -> None:
    assert main_part({"071": (1, 2), "073": (2, 0)}) == "073"
    assert main_part({"073": (2, 0), "071": (2, 1)}) == "071"
    assert main_part({"073": (1, 0), "071": (1, 0)}) == "071"
