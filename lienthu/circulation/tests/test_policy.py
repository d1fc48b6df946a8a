"""Queue and limits as pure rules."""

from datetime import date

import pytest

from lienthu.circulation.policy import (
    BlockSeen,
    Counts,
    ReaderFacts,
    Ruled,
    Waiting,
    decide_checkout,
    decide_hold,
    decide_renewal,
    first_for,
    may_take,
)

TODAY = date(2026, 11, 23)
RULE = {"place": "VN-A", "category": "PUPIL"}
RULES = {
    "lendable": Ruled(True),
    "max_loans": Ruled(3, RULE),
    "max_loans_of_type": Ruled(2),
    "max_loans_here": Ruled(5),
    "overdue_blocks_after_days": Ruled(1),
    "debt_limit": Ruled(0),
    "renewals": Ruled(1),
    "renewal_days": Ruled(14),
    "renewal_opens_days": Ruled(3),
    "holds_allowed": Ruled(True),
    "max_holds": Ruled(2),
}


def codes(reasons):
    return [reason.code for reason in reasons]


def test_a_reader_within_all_limits_may_borrow():
    counts = Counts(loans=2, loans_of_type=1, loans_here=2)
    assert decide_checkout(rules=RULES, reader=ReaderFacts(), counts=counts, refusal="", today=TODAY) == []


def test_all_reasons_are_told_at_once_with_their_rules():
    reasons = decide_checkout(
        rules=RULES | {"lendable": Ruled(False, RULE)},
        reader=ReaderFacts(date(2026, 11, 22), (BlockSeen("LOST_BOOK", "Làm mất sách", date(2026, 12, 1)),), True),
        counts=Counts(loans=3, loans_of_type=2, loans_here=5, oldest_overdue=date(2026, 11, 20)),
        refusal="HELD_FOR_ANOTHER",
        today=TODAY,
    )
    assert codes(reasons) == [
        *("HELD_FOR_ANOTHER", "CARD_EXPIRED", "BLOCKED", "GUARDIAN_MISSING", "NOT_LENDABLE"),
        *("TOO_MANY", "TOO_MANY_OF_TYPE", "TOO_MANY_HERE", "OVERDUE"),
    ]
    assert (reasons[5].params, reasons[5].rule) == ({"most": 3, "have": 3}, RULE)
    assert reasons[8].params == {"days": 3, "after": 1}


@pytest.mark.parametrize(("limit", "due", "refused"), [(1, 23, False), (1, 22, True), (3, 21, False), (0, 1, False)])
def test_overdue_loans_block_from_the_day_the_rule_says(limit, due, refused):
    counts = Counts(oldest_overdue=date(2026, 11, due))
    rules = RULES | {"overdue_blocks_after_days": Ruled(limit)}
    found = decide_checkout(rules=rules, reader=ReaderFacts(), counts=counts, refusal="", today=TODAY)
    assert codes(found) == (["OVERDUE"] if refused else [])


@pytest.mark.parametrize(
    ("renewed", "due", "becomes", "expected"),
    [
        (0, date(2026, 11, 24), date(2026, 12, 8), []),
        (1, date(2026, 11, 24), date(2026, 12, 8), ["TOO_MANY_RENEWALS"]),
        (0, date(2026, 11, 27), date(2026, 12, 8), ["TOO_SOON"]),
        (0, date(2026, 11, 26), date(2026, 12, 8), []),
        (0, date(2026, 11, 24), date(2026, 11, 24), ["NOTHING_GAINED"]),
    ],
)
def test_a_renewal_is_refused_for_its_own_reasons(renewed, due, becomes, expected):
    found = decide_renewal(
        rules=RULES,
        reader=ReaderFacts(),
        counts=Counts(),
        refusal="",
        renewed=renewed,
        due=due,
        becomes=becomes,
        today=TODAY,
    )
    assert codes(found) == expected


def test_requests_have_a_limit_and_may_be_forbidden():
    rules = RULES | {"holds_allowed": Ruled(False)}
    found = decide_hold(
        rules=rules, reader=ReaderFacts(), counts=Counts(holds=2), refusals=("ALREADY_HELD",), today=TODAY
    )
    assert codes(found) == ["ALREADY_HELD", "HOLDS_NOT_ALLOWED", "TOO_MANY_HOLDS"]


def test_the_queue_follows_position_then_the_order_of_asking():
    queue = [Waiting(3, 30, 1, 0), Waiting(2, 20, 1, 0), Waiting(9, 90, 1, -1)]
    assert first_for(queue, item_id=7, today=TODAY) == queue[2]
    assert first_for(queue[:2], item_id=7, today=TODAY) == queue[1]


def test_frozen_expired_and_foreign_requests_are_passed_over():
    queue = [
        Waiting(1, 10, 1, 0, frozen_until=date(2026, 11, 24)),
        Waiting(2, 20, 1, 0, expires_on=date(2026, 11, 22)),
        Waiting(3, 30, 1, 0, item_id=8),
        Waiting(4, 40, 1, 0, frozen_until=TODAY, expires_on=TODAY),
    ]
    assert first_for(queue, item_id=7, today=TODAY) == queue[3]
    assert first_for(queue[:3], item_id=7, today=TODAY) is None


@pytest.mark.parametrize(
    ("patron", "free", "expected"),
    [(10, 0, "OWNER"), (20, 0, "OTHER"), (20, 1, "OWNER"), (99, 1, "OTHER"), (99, 2, "NONE"), (20, 2, "OWNER")],
)
def test_a_copy_goes_to_a_passer_by_only_when_enough_are_left_for_those_who_wait(patron, free, expected):
    queue = [Waiting(1, 10, 1, 0), Waiting(2, 20, 1, 0)]
    assert may_take(queue, item_id=7, free_copies=free, patron_id=patron, today=TODAY) == expected


def test_a_copy_asked_for_by_itself_waits_for_its_reader():
    assert may_take([Waiting(1, 10, 1, 0, item_id=7)], item_id=7, free_copies=5, patron_id=99, today=TODAY) == "OTHER"
