"""Lending, returning, renewing through the actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthu.circulation.actions import (
    NOTHING,
    RETURNED,
    TO_HOLD_SHELF,
    TO_TRANSIT,
    Refused,
    Wish,
    checkin,
    checkout,
    mark,
    place_hold,
    receive,
    renew,
    undo_last,
)
from lienthu.circulation.models import Custody, Fact, Hold, Loan, Step, Transit
from lienthu.circulation.policy import Action
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock
from lienthu.kernel.models import Event
from lienthu.loanrules.tests.factories import rules

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def lend(network: Network, item, patron=None, **more):
    patron_id = (patron or network.first).id
    return checkout(actor=network.actor, item_id=item.pk, patron_id=patron_id, library_id=network.a.pk, **more)


def status(item) -> str:
    item.refresh_from_db()
    return item.status


def holder(item) -> tuple[int | None, int | None, int | None]:
    row = Custody.objects.get(item=item, until=None)
    return row.library_id, row.loan_id, row.transit_id


def test_a_loan_keeps_its_terms_its_due_date_and_a_figure_without_the_reader(network):
    rules(network.a.scope, ("ADULT", "BOOK", {"loan_days": 10}))
    item = network.copy()
    done = lend(network, item)
    assert (done.loan.patron_id, done.loan.due_on) == (network.first.id, date(2026, 12, 3))
    assert done.loan.terms["values"]["loan_days"]["rule"]["place"] == "VN-T-A"
    assert status(item) == "ON_LOAN"
    assert holder(item) == (None, done.loan.pk, None)
    fact = Fact.objects.get()
    assert (fact.event, fact.category, fact.item_type, fact.library_id) == ("LOAN", "ADULT", "BOOK", network.a.pk)
    assert Event.objects.filter(name="circulation.loan_started").count() == 1


def test_the_reader_is_forgotten_when_the_copy_comes_back(network):
    item = network.copy()
    loan = lend(network, item).loan
    result = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    loan.refresh_from_db()
    assert (result.what, status(item)) == (RETURNED, "AVAILABLE")
    assert (loan.patron_id, loan.ended_how) == (None, "RETURNED")
    assert holder(item) == (network.a.pk, None, None)


def test_a_reader_who_keeps_a_history_keeps_it(network):
    network.first.keep_history()
    item = network.copy()
    loan = lend(network, item).loan
    checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    loan.refresh_from_db()
    assert loan.patron_id == network.first.id


def test_all_refusals_come_at_once_and_nothing_changed(network):
    rules(network.a.scope, ("ANY", "ANY", {"max_loans": 1, "overdue_blocks_after_days": 1}))
    lend(network, network.copy(), at=NOW - timedelta(days=60))
    network.first.block("Chưa đền sách")
    network.first.is_child()
    item = network.copy("DAMAGED")
    with pytest.raises(Refused) as refusal:
        lend(network, item)
    assert refusal.value.codes == ("DAMAGED", "BLOCKED", "GUARDIAN_MISSING", "TOO_MANY", "OVERDUE")
    assert (refusal.value.reasons[3].rule or {})["place_name"] == "Thư viện A"
    assert (status(item), Loan.objects.count(), Step.objects.count()) == ("DAMAGED", 1, 1)


def test_a_manager_may_lend_nevertheless_with_a_reason_but_not_a_copy_that_is_out(network):
    network.first.block("Chưa đền sách")
    item, gone = network.copy(), network.copy("DAMAGED")
    with pytest.raises(Refused):
        lend(network, item, override="Đã hứa đền")
    lent = checkout(
        actor=network.manager_a.actor,
        item_id=item.pk,
        patron_id=network.first.id,
        library_id=network.a.pk,
        override="Đã hứa đền",
    )
    assert lent.loan.item_id == item.pk
    with pytest.raises(Refused):
        checkout(
            actor=network.manager_a.actor,
            item_id=gone.pk,
            patron_id=network.first.id,
            library_id=network.a.pk,
            override="Đã hứa đền",
        )


def test_the_same_request_twice_makes_one_loan_and_one_return(network):
    item = network.copy()
    first = lend(network, item, request_key="desk-1")
    again = lend(network, item, request_key="desk-1")
    assert (again.loan.pk, again.again, Loan.objects.count()) == (first.loan.pk, True, 1)
    back = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk, request_key="desk-2")
    twice = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk, request_key="desk-2")
    assert (back.what, twice.what, twice.again) == (RETURNED, RETURNED, True)
    assert Fact.objects.filter(event="RETURN").count() == 1
    with pytest.raises(Refused) as refusal:
        lend(network, network.copy(), request_key="desk-1")
    assert refusal.value.codes == ("KEY_USED",)


def test_a_desk_lends_at_its_own_library_only(network):
    item = network.copy()
    with pytest.raises(NotAllowed):
        checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk)
    assert (status(item), Loan.objects.count()) == ("AVAILABLE", 0)


def test_a_returned_copy_goes_to_the_first_who_waits_by_way_of_the_van(network):
    item = network.copy()
    lend(network, item)
    wish = Wish(network.kieu)
    second = place_hold(
        actor=network.desk_b.actor, patron_id=network.second.id, wish=wish, pickup_library_id=network.b.pk
    )
    third = place_hold(actor=network.actor, patron_id=network.third.id, wish=wish, pickup_library_id=network.a.pk)
    back = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    assert (back.what, back.hold, back.to_library_id) == (TO_TRANSIT, second, network.b.pk)
    second.refresh_from_db()
    assert (second.state, second.ready_at, status(item)) == ("SENT", None, "IN_TRANSIT")
    assert not Event.objects.filter(name="circulation.hold_ready").exists()

    passing = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    assert (passing.what, passing.passing, Transit.objects.count()) == (TO_TRANSIT, True, 1)

    arrived = receive(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    second.refresh_from_db()
    assert (arrived.what, second.state, second.shelf_until) == (TO_HOLD_SHELF, "READY", date(2026, 11, 30))
    assert Event.objects.filter(name="circulation.hold_ready").count() == 1
    with pytest.raises(Refused) as refusal:
        checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.third.id, library_id=network.b.pk)
    assert refusal.value.codes == ("HELD_FOR_ANOTHER",)
    lent = checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.second.id, library_id=network.b.pk)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, second.patron_id, lent.loan.library_id) == ("FILLED", None, network.b.pk)
    assert (third.state, third.assigned_id) == ("PENDING", None)


def test_a_renewal_is_refused_while_somebody_waits(network):
    item = network.copy()
    loan = lend(network, item).loan
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    with pytest.raises(Refused) as refusal:
        renew(actor=network.actor, loan_id=loan.pk)
    assert refusal.value.codes == ("HELD_FOR_ANOTHER",)
    Hold.objects.filter(pk=hold.pk).update(frozen_until=date(2027, 1, 1))
    renewed = renew(actor=network.actor, loan_id=loan.pk)
    assert (renewed.loan.due_on, renewed.loan.renewals) == (date(2026, 12, 21), 1)
    with pytest.raises(Refused) as refusal:
        renew(actor=network.actor, loan_id=loan.pk)
    assert "TOO_MANY_RENEWALS" in refusal.value.codes


@pytest.mark.parametrize("keep", [False, True])
def test_the_last_step_is_undone_and_undone_once(network, keep):
    if keep:
        network.first.keep_history()
    item = network.copy()
    loan = lend(network, item).loan
    undo_last(actor=network.actor, library_id=network.a.pk)
    loan.refresh_from_db()
    assert (status(item), loan.ended_how, loan.patron_id) == ("AVAILABLE", "UNDONE", None)
    assert sum(Fact.objects.filter(event="LOAN").values_list("count", flat=True)) == 0

    loan = lend(network, item).loan
    renew(actor=network.actor, loan_id=loan.pk)
    undo_last(actor=network.actor, library_id=network.a.pk)
    loan.refresh_from_db()
    assert (loan.due_on, loan.renewals) == (date(2026, 12, 7), 0)

    checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    undo_last(actor=network.actor, library_id=network.a.pk)
    loan.refresh_from_db()
    assert (status(item), loan.patron_id, loan.ended_at) == ("ON_LOAN", network.first.id, None)
    assert holder(item) == (None, loan.pk, None)
    with pytest.raises(Refused):
        undo_last(actor=network.desk_b.actor, library_id=network.b.pk)


def test_a_lost_copy_that_turns_up_is_taken_in_again(network):
    item = network.copy()
    loan = lend(network, item).loan
    assert (
        mark(actor=network.actor, action=Action.CLAIM_RETURNED, item_id=item.pk, library_id=network.a.pk) == "CLAIMED"
    )
    assert mark(actor=network.actor, action=Action.MARK_LOST, item_id=item.pk, library_id=network.a.pk) == "LOST"
    loan.refresh_from_db()
    assert (loan.ended_how, loan.patron_id) == ("LOST", None)
    back = checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    assert (back.what, back.found, status(item)) == (RETURNED, True, "AVAILABLE")
    assert holder(item) == (network.a.pk, None, None)


def test_another_library_may_not_call_our_copy_lost(network):
    item = network.copy()
    with pytest.raises(Refused) as refusal:
        mark(actor=network.desk_b.actor, action=Action.MARK_LOST, item_id=item.pk, library_id=network.b.pk)
    assert (refusal.value.codes, status(item)) == (("BELONGS_ELSEWHERE",), "AVAILABLE")


def test_a_copy_already_on_its_shelf_stays_there(network):
    assert checkin(actor=network.actor, item_id=network.copy().pk, library_id=network.a.pk).what == NOTHING


def test_the_ledger_of_custody_is_append_only(network):
    item = network.copy()
    lend(network, item)
    with pytest.raises(Exception, match="append-only"):
        Custody.objects.all().delete()


def test_no_more_than_25_statements_whatever_the_history(network):
    for _ in range(4):
        item = network.copy()
        lend(network, item)
        checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    item = network.copy()
    out = statements(lambda: lend(network, item, request_key="k1"))
    place_hold(
        actor=network.desk_b.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.b.pk
    )
    back = statements(lambda: checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk, request_key="k2"))
    assert len(out) <= 25, "\n".join(out)
    assert len(back) <= 25, "\n".join(back)


def statements(act) -> list[str]:
    """What was asked of the database; the savepoint is the transaction itself outside of tests."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [one["sql"][:200] for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_undoing_a_scan_of_a_copy_that_only_passed_leaves_it_on_its_way(network: Network) -> None:
    item = network.copy()
    assert checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk).what == TO_TRANSIT
    checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    undo_last(actor=network.desk_b.actor, library_id=network.b.pk)
    item.refresh_from_db()
    assert item.status == "IN_TRANSIT"
    assert Transit.objects.get(item=item).ended_at is None
