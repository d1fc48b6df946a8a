"""What readers are told by loans and requests: once, and not what is over."""

from datetime import UTC, datetime, timedelta

import pytest

from lienthu.circulation.actions import Wish, cancel_hold, checkin, checkout, expire_holds, place_hold, renew, undo_last
from lienthu.circulation.actions.notifying import tell_the_day
from lienthu.circulation.models import Hold
from lienthu.circulation.tests.conftest import Network
from lienthu.kernel import clock
from lienthu.notices.models import Notice

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def lent(network: Network):
    with clock.frozen(MONDAY):
        item = network.copy()
        done = checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk)
    return done.loan


def told(**values: object) -> list[str]:
    return list(Notice.objects.filter(**values).order_by("pk").values_list("kind", flat=True))


def day_by_day(loan, *days: int) -> None:
    for days_late in days:
        on = loan.due_on + timedelta(days=days_late)
        with clock.frozen(datetime(on.year, on.month, on.day, 1, tzinfo=UTC)):
            tell_the_day()
            tell_the_day()


def test_a_loan_is_told_of_before_it_is_due_and_three_times_after_each_once(network, lent):
    day_by_day(lent, -9, -3, -2, -1, 0, 1, 2, 7, 8, 21, 22, 40)
    assert told() == ["DUE_SOON", "OVERDUE_1", "OVERDUE_2", "OVERDUE_3"]
    first = Notice.objects.order_by("pk")[1]
    assert first.params == {"title": "Truyện Kiều", "due_on": str(lent.due_on), "days": 1}
    assert (first.patron_id, first.library_id) == (network.first.id, network.a.pk)


def test_a_day_on_which_the_machine_stood_still_is_made_up_for(network, lent):
    day_by_day(lent, 9)
    assert told() == ["OVERDUE_2"]


def test_reminders_of_a_renewed_or_returned_loan_go_out_no_more(network, lent):
    day_by_day(lent, -1)
    with clock.frozen(MONDAY + timedelta(days=2)):
        renew(actor=network.actor, loan_id=lent.pk)
    assert told(withdrawn_at__isnull=False) == ["DUE_SOON"]
    lent.refresh_from_db()
    day_by_day(lent, -1)
    assert told() == ["DUE_SOON", "DUE_SOON"]
    with clock.frozen(MONDAY + timedelta(days=40)):
        checkin(actor=network.actor, item_id=lent.item_id, library_id=network.a.pk)
        assert told(withdrawn_at=None) == []
        undo_last(actor=network.actor, library_id=network.a.pk)
    assert told(withdrawn_at=None) == ["DUE_SOON"]


def test_a_reader_is_told_when_the_copy_waits_when_it_waits_no_longer_and_not_what_he_did_himself(network, lent):
    wish = Wish(network.kieu)
    with clock.frozen(MONDAY):
        hold = place_hold(actor=network.actor, patron_id=network.second.id, wish=wish, pickup_library_id=network.a.pk)
        checkin(actor=network.actor, item_id=lent.item_id, library_id=network.a.pk)
    assert told() == ["HOLD_READY"]
    hold.refresh_from_db()
    ready = Notice.objects.get()
    assert ready.params == {"title": "Truyện Kiều", "until": str(hold.shelf_until)}
    assert (ready.patron_id, ready.withdrawn_at) == (network.second.id, None)

    last = hold.shelf_until
    with clock.frozen(datetime(last.year, last.month, last.day, 1, tzinfo=UTC)):
        tell_the_day()
        tell_the_day()
    assert told() == ["HOLD_READY", "HOLD_EXPIRING"]
    with clock.frozen(datetime(last.year, last.month, last.day, 20, tzinfo=UTC)):
        assert expire_holds() == 1
    assert told(withdrawn_at__isnull=False) == ["HOLD_READY", "HOLD_EXPIRING"]
    assert told(withdrawn_at=None) == ["HOLD_EXPIRED"]
    assert Hold.objects.get(pk=hold.pk).patron_id is None
    assert Notice.objects.get(kind="HOLD_EXPIRED").patron_id == network.second.id


def test_a_request_cancelled_at_the_desk_is_told_and_one_that_the_reader_cancels_is_not(network, lent):
    from_desk = place_hold(
        actor=network.actor,
        patron_id=network.second.id,
        wish=Wish(network.kieu),
        pickup_library_id=network.a.pk,
    )
    cancel_hold(actor=network.actor, hold_id=from_desk.pk, reason="Bản duy nhất bị mất")
    assert told() == ["HOLD_CANCELLED"]
    network.third.link(network.desk_b.account)
    own = place_hold(
        actor=network.actor, patron_id=network.third.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    cancel_hold(actor=network.desk_b.actor, hold_id=own.pk)
    assert told() == ["HOLD_CANCELLED"]


def test_a_copy_that_is_taken_needs_no_reminder(network, lent):
    hold = place_hold(
        actor=network.actor,
        patron_id=network.second.id,
        wish=Wish(network.kieu),
        pickup_library_id=network.a.pk,
    )
    checkin(actor=network.actor, item_id=lent.item_id, library_id=network.a.pk)
    assert told(about=f"hold:{hold.pk}", withdrawn_at=None) == ["HOLD_READY"]
    checkout(actor=network.actor, item_id=lent.item_id, patron_id=network.second.id, library_id=network.a.pk)
    assert told(withdrawn_at=None) == []
