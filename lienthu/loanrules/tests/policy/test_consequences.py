"""Fines, renewals, comparing two sets of rules, and the lint."""

from datetime import date, datetime

import pytest

from lienthu.kernel import clock
from lienthu.loanrules.policy.comparing import LoanFact, compare, differing_rows
from lienthu.loanrules.policy.fines import Fine, blocks, overdue_fine
from lienthu.loanrules.policy.lint import Known, lint
from lienthu.loanrules.policy.renewing import renewal_refusals
from lienthu.loanrules.policy.values import Unusable, read_value
from lienthu.loanrules.tests.policy.building import ANY, DAY, Tables, closed_on, path_of, terms

FRIDAY = date(2026, 11, 27)

# values, returned, weekdays closed, expected
FINES = [
    ({}, date(2026, 12, 27), (), Fine(0, 30, 0, 0, 30)),
    ({"fine_per_day": 1000}, FRIDAY, (), Fine(0)),
    ({"fine_per_day": 1000}, date(2026, 11, 20), (), Fine(0)),
    ({"fine_per_day": 1000}, date(2026, 12, 1), (), Fine(4000, 4, 0, 0, 4)),
    ({"fine_per_day": 1000}, date(2026, 12, 1), (5, 6), Fine(2000, 4, 2, 0, 2)),
    ({"fine_per_day": 1000, "fine_on_closed_days": True}, date(2026, 12, 1), (5, 6), Fine(4000, 4, 0, 0, 4)),
    ({"fine_per_day": 1000, "grace_days": 3}, date(2026, 12, 1), (5, 6), Fine(0, 4, 2, 2, 0)),
    ({"fine_per_day": 1000, "grace_days": 1}, date(2026, 12, 2), (5, 6), Fine(2000, 5, 2, 1, 2)),
    ({"fine_per_day": 1000, "fine_cap": 3500}, date(2026, 12, 20), (), Fine(3500, 23, 0, 0, 23, True)),
    ({"fine_per_day": 1000, "fine_cap": 4000}, date(2026, 12, 1), (), Fine(4000, 4, 0, 0, 4)),
]


@pytest.mark.parametrize(("values", "returned", "closed", "expected"), FINES)
def test_fines_have_grace_closed_days_and_a_cap(values, returned, closed, expected):
    calendar = closed_on(weekdays=closed)
    assert overdue_fine(terms=terms(**values), calendar=calendar, due=FRIDAY, returned=returned) == expected


@pytest.mark.parametrize(("after", "late", "expected"), [(1, 0, False), (1, 1, True), (7, 6, False), (0, 400, False)])
def test_an_overdue_loan_blocks_after_the_days_of_the_rule(after, late, expected):
    today = date.fromordinal(FRIDAY.toordinal() + late)
    assert blocks(terms=terms(overdue_blocks_after_days=after), due=FRIDAY, today=today) is expected


@pytest.mark.parametrize(
    ("values", "renewed", "new_due", "reasons"),
    [
        ({"renewals": 2}, 1, date(2026, 12, 11), ()),
        ({"renewals": 2}, 2, date(2026, 12, 11), ("TOO_MANY",)),
        ({"renewal_opens_days": 3}, 0, date(2026, 12, 11), ("TOO_SOON",)),
        ({"renewal_opens_days": 4}, 0, date(2026, 12, 11), ()),
        ({}, 0, FRIDAY, ("NO_LATER",)),
        ({"lendable": False, "in_library_only": True, "renewals": 0}, 0, FRIDAY,
         ("NOT_LENDABLE", "IN_LIBRARY", "TOO_MANY", "NO_LATER")),
    ],
)  # fmt: skip
def test_renewals_are_refused_with_all_reasons_at_once(values, renewed, new_due, reasons):
    refused = renewal_refusals(terms=terms(**values), renewed=renewed, due=FRIDAY, today=DAY, new_due=new_due)
    assert refused == reasons


def test_a_draft_is_tried_on_loans_that_were_made():
    lent = datetime(2026, 10, 1, 9, 0, tzinfo=clock.VIETNAM)
    facts = [
        LoanFact("1", "ADULT", "BOOK", lent, date(2026, 10, 10)),
        LoanFact("2", "ADULT", "BOOK", lent, date(2026, 10, 20)),
        LoanFact("3", "ADULT", "BOOK", lent, None, out=3),
    ]
    before, after = terms(loan_days=14, fine_per_day=500), terms(loan_days=21, fine_per_day=500, max_loans=3)
    found = compare(
        facts, before=lambda _: before, after=lambda _: after, calendar=closed_on(), today=date(2026, 11, 1)
    )
    assert (found.looked_at, len(found.changes)) == (3, 3)
    assert found.counts == {"LATER": 2, "CHEAPER": 2, "NOW_REFUSED": 1}
    assert (found.fines_was, found.fines_becomes) == (5 * 500 + 17 * 500, 0)
    assert found.changes[2].becomes.refused == ("MAX_LOANS",)


def test_the_same_rules_change_nothing():
    facts = [LoanFact("1", "ADULT", "BOOK", datetime(2026, 10, 1, 9, 0, tzinfo=clock.VIETNAM), None)]
    found = compare(facts, before=lambda _: terms(), after=lambda _: terms(), calendar=closed_on(), today=DAY)
    assert (found.changes, found.counts) == ((), {})


def test_tables_are_told_apart_row_by_row():
    old, new = Tables(), Tables()
    before = [old.row("P", ANY, ANY, loan_days=14, renewals=1), old.row("P", "CHILD", ANY, loan_days=7)]
    after = [new.row("P", ANY, ANY, "renewals", loan_days=21, renewals=1), new.row("P", ANY, "MAP", lendable=False)]
    changes = {(one.category, one.item_type): one for one in differing_rows(before, after)}
    assert changes[ANY, ANY].values == (("loan_days", 14, 21),)
    assert changes[ANY, ANY].locked == ("renewals",)
    assert changes["CHILD", ANY].kind == "DROPPED"
    assert (changes[ANY, "MAP"].kind, changes[ANY, "MAP"].values) == ("ADDED", (("lendable", None, False),))
    assert differing_rows(before, before) == ()


KNOWN = Known(path_of, frozenset({"ADULT", "CHILD", "SECONDARY_PUPIL"}), frozenset({"BOOK", "MAP"}))

# name, rows above, own rows (category, type, locks, note, values), expected (code, row, attribute, other row)
LINTS = [
    ("a sound table", [], [(ANY, ANY, "", "", {"loan_days": 14})], []),
    ("unknown codes", [], [("ROBOT", "SCROLL", "", "", {"loan_days": 1})],
     [("UNKNOWN_CATEGORY", 1, "", None), ("UNKNOWN_ITEM_TYPE", 1, "", None)]),
    ("locked above", [(ANY, ANY, "loan_days", "", {"loan_days": 14})], [("CHILD", ANY, "", "", {"loan_days": 7})],
     [("LOCKED_ABOVE", 2, "loan_days", 1)]),
    ("the same as wider", [(ANY, ANY, "", "", {"loan_days": 14})], [("CHILD", ANY, "", "", {"loan_days": 14})],
     [("SAME_AS_WIDER", 2, "loan_days", 1)]),
    ("not the same for every type", [(ANY, ANY, "", "", {"loan_days": 14}), (ANY, "MAP", "", "", {"loan_days": 3})],
     [("CHILD", ANY, "", "", {"loan_days": 14})], []),
    ("always beaten by a narrower row", [],
     [("ADULT", "BOOK", "", "", {"loan_days": 9}), ("CHILD", "BOOK", "", "", {"loan_days": 8}),
      (ANY, "BOOK", "", "", {"loan_days": 7})], []),
    ("not lendable and read here", [], [(ANY, "MAP", "", "", {"lendable": False, "in_library_only": True})],
     [("NOT_LENDABLE_READ_HERE", 1, "lendable", None)]),
    ("more of a type than at all", [(ANY, ANY, "", "", {"max_loans": 3})],
     [("CHILD", ANY, "", "", {"max_loans_of_type": 4})], [("TYPE_OVER_TOTAL", 2, "max_loans_of_type", 1)]),
    ("a fine without its decision", [], [(ANY, ANY, "", "", {"fine_per_day": 500})],
     [("FINE_WITHOUT_SOURCE", 1, "fine_per_day", None)]),
    ("a cap below one day", [], [(ANY, ANY, "", "Nghị quyết", {"fine_per_day": 500, "fine_cap": 100})],
     [("CAP_BELOW_DAY", 1, "fine_cap", None)]),
    ("a fixed date of the past", [], [(ANY, ANY, "", "", {"fixed_due": date(2026, 5, 31)})],
     [("FIXED_PAST", 1, "fixed_due", None)]),
    ("an exception to the own lock", [],
     [(ANY, ANY, "renewals", "", {"renewals": 1}), ("CHILD", ANY, "", "", {"renewals": 3})],
     [("OWN_EXCEPTION", 2, "renewals", 1)]),
    ("two rows that cross", [],
     [("CHILD", ANY, "", "", {"loan_days": 7}), (ANY, "MAP", "", "", {"loan_days": 3})],
     [("CROSSES", 1, "loan_days", 2)]),
    ("two rows that cross, and the row for both", [],
     [("CHILD", ANY, "", "", {"loan_days": 7}), (ANY, "MAP", "", "", {"loan_days": 3}),
      ("CHILD", "MAP", "", "", {"loan_days": 2})], []),
    ("no days at all", [], [("ADULT", ANY, "", "", {"loan_days": 0})], [("ZERO_DAYS", 1, "loan_days", None)]),
    ("holds without a number", [], [(ANY, ANY, "", "", {"max_holds": 0})],
     [("HOLDS_WITHOUT_NUMBER", 1, "max_holds", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "above", "own", "expected"), LINTS, ids=[case[0] for case in LINTS])
def test_the_lint_finds(name, above, own, expected):
    tables = Tables()
    levels = [
        [tables.row(place, category, kind, locks, note, **values) for category, kind, locks, note, values in lines]
        for place, lines in (("PROVINCE", above), ("LIBRARY", own))
    ]
    found = lint(levels, known=KNOWN, today=DAY)
    told = [(one.code, one.row.row_id, one.attribute, one.other.row_id if one.other else None) for one in found]
    assert told == expected


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("colour", 1, "UNKNOWN"),
        ("loan_days", "7", "KIND"),
        ("loan_days", True, "KIND"),
        ("loan_days", -1, "LIMITS"),
        ("loan_days", 3651, "LIMITS"),
        ("lendable", 1, "KIND"),
        ("fixed_due", "31/05/2027", "KIND"),
        ("closed_day", "MAYBE", "CHOICE"),
    ],
)
def test_unusable_values_are_refused(name, raw, code):
    with pytest.raises(Unusable) as refused:
        read_value(name, raw)
    assert (refused.value.name, refused.value.code) == (name, code)
