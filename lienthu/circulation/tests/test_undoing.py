"""The last step taken back: marks, recalls and requests; whatever happened since stands in the way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lienthu.audit.actions import writing
from lienthu.circulation.actions import (
    Refused,
    Wish,
    cancel_hold,
    checkin,
    checkout,
    mark,
    place_hold,
    recall,
    send,
    undo_last,
)
from lienthu.circulation.models import Custody, Fact, Hold, Loan, Transit
from lienthu.circulation.policy import Action
from lienthu.fees.actions import charge
from lienthu.kernel import clock
from lienthu.loanrules.tests.factories import rules

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def lent(network, item=None):
    item = item or network.copy()
    with clock.frozen(NOW - timedelta(days=1)):
        loan = checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk).loan
    return item, loan


def undo(network):
    return undo_last(actor=network.actor, library_id=network.a.pk)


def state(item) -> tuple:
    item.refresh_from_db()
    holder = Custody.objects.get(item=item, until=None)
    loan = Loan.objects.filter(item=item).order_by("-pk").values_list("patron_id", "ended_at", "claimed_at").first()
    return item.status, holder.library_id, holder.loan_id, holder.transit_id, loan


@pytest.mark.parametrize("action", [Action.MARK_LOST, Action.MARK_DAMAGED, Action.CLAIM_RETURNED])
def test_a_mark_of_a_lent_copy_is_undone_and_the_loan_goes_on(network, action):
    item, _loan = lent(network)
    before = state(item)
    mark(actor=network.actor, action=action, item_id=item.pk, library_id=network.a.pk)
    assert state(item) != before
    undo(network)
    assert state(item) == before
    counted = Fact.objects.filter(event__in=["LOST", "DAMAGED"]).values_list("count", flat=True)
    assert sum(counted) == 0
    with pytest.raises(Refused, match="NOTHING_TO_UNDO"):
        undo(network)


def test_a_find_is_undone_and_the_claim_stands(network):
    item, _loan = lent(network)
    with clock.frozen(NOW - timedelta(hours=1)):
        mark(actor=network.actor, action=Action.CLAIM_RETURNED, item_id=item.pk, library_id=network.a.pk)
    before = state(item)
    mark(actor=network.actor, action=Action.MARK_FOUND, item_id=item.pk, library_id=network.a.pk)
    undo(network)
    assert state(item) == before


def test_a_copy_not_found_on_the_hold_shelf_waits_there_again_for_its_reader(network):
    item = network.copy()
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    with clock.frozen(NOW - timedelta(hours=1)):
        checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    hold.refresh_from_db()
    before = (hold.state, hold.assigned_id, hold.ready_at, hold.shelf_until)
    mark(actor=network.actor, action=Action.MARK_MISSING, item_id=item.pk, library_id=network.a.pk)
    undo(network)
    hold.refresh_from_db()
    item.refresh_from_db()
    assert (hold.state, hold.assigned_id, hold.ready_at, hold.shelf_until) == before
    assert item.status == "ON_HOLD_SHELF"


def test_a_copy_marked_lost_on_its_way_is_on_its_way_again(network):
    item = network.copy()
    with clock.frozen(NOW - timedelta(hours=1)):
        send(actor=network.actor, item_id=item.pk, library_id=network.a.pk, to_library_id=network.b.pk)
    before = state(item)
    mark(actor=network.actor, action=Action.MARK_LOST, item_id=item.pk, library_id=network.a.pk)
    undo(network)
    assert state(item) == before
    assert Transit.objects.get().ended_at is None


def test_a_mark_is_not_undone_after_something_else_happened_to_the_copy(network):
    item, _loan = lent(network)
    mark(actor=network.actor, action=Action.MARK_LOST, item_id=item.pk, library_id=network.a.pk)
    checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    before = state(item)
    with pytest.raises(Refused, match="CHANGED_SINCE"):
        undo(network)
    assert state(item) == before


def test_a_recall_is_undone_and_the_loan_is_due_as_before(network):
    rules(network.a.scope, ("ADULT", "BOOK", {"loan_days": 30}))
    _item, loan = lent(network)
    place_hold(
        actor=network.desk_b.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.b.pk
    )
    before = (loan.due_at, loan.due_on)
    recall(actor=network.actor, loan_id=loan.pk)
    loan.refresh_from_db()
    assert loan.due_on == date(2026, 11, 30)
    undo(network)
    loan.refresh_from_db()
    assert (loan.due_at, loan.due_on, loan.recalled_at) == (*before, None)


def test_a_request_placed_by_mistake_is_placed_no_more_and_counted_no_more(network):
    lent(network)
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    undo(network)
    hold.refresh_from_db()
    assert (hold.state, hold.patron_id) == ("CANCELLED", None)
    assert sum(Fact.objects.filter(event="HOLD_PLACED").values_list("count", flat=True)) == 0


def test_a_request_that_is_served_already_is_not_undone(network):
    item = network.copy()
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    with pytest.raises(Refused, match="CHANGED_SINCE"):
        undo(network)
    hold.refresh_from_db()
    assert (hold.state, hold.patron_id) == ("SENT", network.second.id)


@pytest.mark.parametrize("ready", [False, True])
def test_a_request_cancelled_by_mistake_waits_again_at_its_old_place(network, ready):
    item = network.copy()
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    if ready:
        checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    hold.refresh_from_db()
    before = (hold.state, hold.patron_id, hold.assigned_id, hold.shelf_until, hold.ended_at)
    cancel_hold(actor=network.actor, hold_id=hold.pk, reason="Nhầm")
    undo(network)
    hold.refresh_from_db()
    assert (hold.state, hold.patron_id, hold.assigned_id, hold.shelf_until, hold.ended_at) == before


def test_a_cancelled_request_whose_copy_went_on_is_not_undone(network):
    item = network.copy()
    hold = place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    cancel_hold(actor=network.actor, hold_id=hold.pk)
    checkin(actor=network.manager_a.actor, item_id=item.pk, library_id=network.a.pk)
    with pytest.raises(Refused, match="CHANGED_SINCE"):
        undo(network)
    assert Hold.objects.get().state == "CANCELLED"


def test_who_owes_more_than_the_rules_allow_places_no_request(network):
    rules(network.a.scope, ("ADULT", "BOOK", {"debt_limit": 10_000}))
    network.copy()
    with writing(network.actor) as w:
        charge(
            w,
            patron_id=network.second.id,
            library_id=network.a.pk,
            kind="OTHER",
            amount=10_001,
            because={},
            key="debt-1",
        )
    with pytest.raises(Refused, match="OWES_TOO_MUCH"):
        place_hold(
            actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
        )
    assert Hold.objects.count() == 0
