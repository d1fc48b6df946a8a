"""Which value holds: cases, and properties over random tables.

The behaviours are those of Koha (specificity library > category > item type, each kind of rule resolved separately)
and Evergreen (values that a rule leaves unset fall through to the next one), restated as cases of our own.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.loanrules.policy.resolving import ANY, Row, matching, resolve
from lienthu.loanrules.policy.values import ATTRIBUTES
from lienthu.loanrules.tests.policy.building import WIDER, Tables, path_of

# name, rows as (place, category, item type, locks, loan_days), category, item type, value, row that wins (from 1)
CASES = [
    ("nothing said", [], "ADULT", "BOOK", 14, None),
    ("the place wins over the category", [(0, "ADULT", "BOOK", "", 3), (1, ANY, ANY, "", 5)], "ADULT", "BOOK", 5, 2),
    ("the branch wins over the library", [(1, ANY, ANY, "", 3), (2, ANY, ANY, "", 5)], "ADULT", "BOOK", 5, 2),
    ("the category wins over the type", [(1, ANY, "BOOK", "", 3), (1, "ADULT", ANY, "", 5)], "ADULT", "BOOK", 5, 2),
    ("the type wins over ANY", [(1, ANY, "BOOK", "", 3), (1, ANY, ANY, "", 5)], "ADULT", "BOOK", 3, 1),
    (
        "the narrower category wins over the wider",
        [(1, "CHILD", "BOOK", "", 3), (1, "SECONDARY_PUPIL", ANY, "", 5)],
        "SECONDARY_PUPIL",
        "BOOK",
        5,
        2,
    ),
    ("a wider category counts for the narrower", [(1, "CHILD", ANY, "", 3)], "SECONDARY_PUPIL", "BOOK", 3, 1),
    ("but not the other way round", [(1, "SECONDARY_PUPIL", ANY, "", 3)], "CHILD", "BOOK", 14, None),
    ("another type says nothing", [(1, ANY, "MAP", "", 3)], "ADULT", "BOOK", 14, None),
    ("what a row leaves unset falls through", [(0, ANY, ANY, "", 3), (1, ANY, ANY, "", None)], "ADULT", "BOOK", 3, 1),
    ("a lock from above wins", [(0, ANY, ANY, "loan_days", 3), (1, "ADULT", "BOOK", "", 5)], "ADULT", "BOOK", 3, 1),
    (
        "the highest lock wins over a lower one",
        [(0, ANY, ANY, "loan_days", 3), (1, ANY, ANY, "loan_days", 5), (2, ANY, ANY, "", 7)],
        "ADULT",
        "BOOK",
        3,
        1,
    ),
    ("a lock binds its readers only", [(0, "CHILD", ANY, "loan_days", 3), (1, ANY, ANY, "", 5)], "ADULT", "BOOK", 5, 2),
    (
        "a place may make exceptions to its own lock",
        [(0, ANY, ANY, "loan_days", 3), (0, "CHILD", ANY, "", 5), (1, ANY, ANY, "", 7)],
        "CHILD",
        "BOOK",
        5,
        2,
    ),
]
PLACES = ("PROVINCE", "LIBRARY", "BRANCH")


@pytest.mark.parametrize(("name", "lines", "category", "kind", "value", "winner"), CASES, ids=[c[0] for c in CASES])
def test_which_value_holds(name, lines, category, kind, value, winner):
    tables = Tables()
    levels: list[list[Row]] = [[], [], []]
    for place, line_category, line_type, locks, days in lines:
        given_values: dict[str, Any] = {"renewals": 1} if days is None else {"loan_days": days}
        levels[place].append(tables.row(PLACES[place], line_category, line_type, locks, **given_values))
    found = resolve(levels, category_path=path_of(category), item_type=kind)["loan_days"]
    assert (found.value, found.rule.row_id if found.rule else None) == (value, winner)


CATEGORIES = [*WIDER, "UNHEARD_OF"]
TYPES = [ANY, "BOOK", "MAP"]
NAMES = ["loan_days", "renewals"]


@st.composite
def levels_of(draw: st.DrawFn) -> list[list[Row]]:
    tables = Tables()
    levels = []
    for place in PLACES:
        keys = draw(st.sets(st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(TYPES)), max_size=6))
        rows = []
        for category, item_type in sorted(keys):
            values: dict[str, Any] = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9), min_size=1))
            locks = draw(st.sets(st.sampled_from(sorted(values)), max_size=1))
            rows.append(tables.row(place, category, item_type, " ".join(locks), **values))
        levels.append(rows)
    return levels


ASKED = st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(["BOOK", "MAP", "DISC"]))


def answers(levels, asked):
    return resolve(levels, category_path=path_of(asked[0]), item_type=asked[1])


@given(levels=levels_of(), asked=ASKED)
def test_there_is_always_one_answer_and_the_order_of_rows_does_not_matter(levels, asked):
    found = answers(levels, asked)
    assert set(found) == set(ATTRIBUTES)
    assert found == answers([list(reversed(rows)) for rows in levels], asked)


@given(levels=levels_of(), asked=ASKED)
def test_a_lock_from_above_always_wins(levels, asked):
    found = answers(levels, asked)
    for name in NAMES:
        for place, rows in enumerate(levels):
            rows_here = matching(rows, category_path=path_of(asked[0]), item_type=asked[1])
            if any(name in row.locks for row in rows_here):
                assert found[name].value == answers([*levels[: place + 1], [], []][:3], asked)[name].value
                assert found[name].locked_by is not None
                break
        else:
            assert found[name].locked_by is None


@given(levels=levels_of(), asked=ASKED, days=st.integers(10, 20), data=st.data())
def test_a_less_specific_row_never_changes_what_a_more_specific_row_gives(levels, asked, days, data):
    levels = [[replace(row, locks=frozenset()) for row in rows] for rows in levels]
    before = answers(levels, asked)["loan_days"]
    place = data.draw(st.sampled_from(range(3)))
    extra = Tables().row(PLACES[place], data.draw(st.sampled_from(CATEGORIES)), ANY, loan_days=days)
    extra = replace(extra, ref=replace(extra.ref, row_id=1000))
    with_extra = [[*rows, extra] if number == place else rows for number, rows in enumerate(levels)]
    after = answers(with_extra, asked)["loan_days"]
    assert after == before or after.rule is extra.ref or (extra.ref, days) in after.beaten
    if before.rule is not None and after.rule is not extra.ref:
        assert after.value == before.value
    if after.rule is extra.ref and before.rule is not None:
        assert rank(extra, asked) < rank_of(before.rule, asked)


def rank(row, asked):
    return rank_of(row.ref, asked)


def rank_of(ref, asked):
    """Small is specific."""
    path = path_of(asked[0])
    return (-PLACES.index(ref.place), path.index(ref.category), ref.item_type == ANY, ref.row_id)


@given(levels=levels_of(), asked=ASKED)
def test_the_rules_beaten_are_all_the_others_that_give_the_value(levels, asked):
    found = answers(levels, asked)
    for name in NAMES:
        givers = {
            row.ref
            for rows in levels
            for row in matching(rows, category_path=path_of(asked[0]), item_type=asked[1])
            if name in row.values
        }
        told = {ref for ref, _ in found[name].beaten} | ({found[name].rule} if found[name].rule else set())
        assert told == givers
