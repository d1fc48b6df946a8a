"""Terms and due dates as other rooms ask for them."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthu.kernel import clock
from lienthu.libraries.actions.hours import add_exception, set_week
from lienthu.libraries.models import Library
from lienthu.libraries.policy.hours import Span
from lienthu.loanrules.queries import NoSuchPlace, due_of, terms_for
from lienthu.loanrules.tests.factories import SYSTEM, library, root_scope, rules

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.VIETNAM)
TODAY = MONDAY.date()


@pytest.fixture
def mine() -> Library:
    return library("VN-A", "Thư viện xã A")


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


def asked(place: Library, category: str = "CHILD", item_type: str = "BOOK", on: date = TODAY):
    return terms_for(library_id=place.pk, branch_id=None, category=category, item_type=item_type, on=on)


def test_without_rules_the_defaults_of_the_product_hold(mine):
    terms = asked(mine)
    assert (terms.loan_days.value, terms.loan_days.rule) == (14, None)
    assert (terms.fine_per_day.value, terms.lendable.value) == (0, True)


def test_each_value_comes_from_the_most_specific_row_that_gives_it(mine):
    rules(root_scope(), ("ANY", "ANY", {"loan_days": 14, "max_loans": 3}), ("CHILD", "ANY", {"max_loans": 2}))
    rules(mine.scope, ("ANY", "BOOK", {"loan_days": 21}))
    terms = asked(mine)
    assert (terms.loan_days.value, terms.loan_days.rule.place) == (21, "VN-A")
    assert [(ref.place, value) for ref, value in terms.loan_days.beaten] == [("VN-TQ", 14)]
    assert (terms.max_loans.value, terms.max_loans.rule.category) == (2, "CHILD")
    assert asked(mine, category="ADULT").max_loans.value == 3


def test_a_lock_of_the_province_holds_in_every_library(mine):
    rules(root_scope(), ("ANY", "ANY", {"fine_per_day": 0}), locks="fine_per_day")
    rules(mine.scope, ("ANY", "ANY", {"fine_per_day": 2000, "loan_days": 7}))
    terms = asked(mine)
    assert (terms.fine_per_day.value, terms.fine_per_day.locked_by.place) == (0, "VN-TQ")
    assert [(ref.place, value) for ref, value in terms.fine_per_day.beaten] == [("VN-A", 2000)]
    assert terms.loan_days.value == 7


def test_the_rules_of_a_day_are_those_that_began_last(mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 30}), valid_from=date(2027, 1, 1))
    assert asked(mine).loan_days.value == 7
    assert asked(mine, on=date(2026, 12, 31)).loan_days.value == 7
    assert asked(mine, on=date(2027, 1, 1)).loan_days.value == 30
    assert asked(mine, on=date(2026, 11, 22)).loan_days.value == 14


def test_a_warm_question_costs_one_statement(mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    asked(mine)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert asked(mine).loan_days.value == 7
    assert len(queries) == 1


def test_a_publication_is_seen_at_once(mine):
    assert asked(mine).loan_days.value == 14
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    assert asked(mine).loan_days.value == 7


def test_an_unknown_library_is_told(mine):
    with pytest.raises(NoSuchPlace):
        terms_for(library_id=0, branch_id=None, category="ANY", item_type="", on=TODAY)


def test_a_due_date_moves_over_closed_days_and_names_them(mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 5, "due_time": "CLOSING"}))
    morning = (Span(datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 17).time()),)
    set_week(actor=SYSTEM, library=mine, week=(*([morning] * 5), (), ()))
    add_exception(actor=SYSTEM, library=mine, first=date(2026, 11, 30), last=date(2026, 11, 30), reason="Kiểm kê")
    due = due_of(terms=asked(mine), library_id=mine.pk, branch_id=None, at=MONDAY)
    assert (due.on, due.counted) == (date(2026, 12, 1), date(2026, 11, 28))
    assert due.at == datetime(2026, 12, 1, 17, 0, tzinfo=clock.VIETNAM)
    assert due.skipped == (
        (date(2026, 11, 28), "WEEK"),
        (date(2026, 11, 29), "WEEK"),
        (date(2026, 11, 30), "EXCEPTION:Kiểm kê"),
    )


def test_terms_can_be_kept_with_a_loan(mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7, "fixed_due": date(2027, 5, 31)}))
    kept = asked(mine).as_json()
    assert kept["values"]["loan_days"]["value"] == 7
    assert kept["values"]["loan_days"]["rule"]["place"] == "VN-A"
    assert kept["values"]["fixed_due"]["value"] == "2027-05-31"
    assert kept["values"]["renewals"] == {"value": 1}
