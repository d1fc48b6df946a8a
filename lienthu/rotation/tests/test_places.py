"""Where copies of a set are: for staff who fetch them, and for readers who look for them."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.circulation.actions import Wish, checkin, checkout, not_found, place_hold, retarget
from lienthu.circulation.models import Hold, Stay
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock, ids
from lienthu.rotation.actions import (
    add_copies,
    change_set,
    close_set,
    confirm_arrival,
    give_back,
    hand_over,
    make_set,
    scan_arrival,
    scan_back,
    scan_home,
)
from lienthu.rotation.models import Piece, RotationSet
from lienthu.rotation.tests.test_pages import browser

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
VAN = "Xe thư viện lưu động"


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def asked(network, patron, at) -> Hold:
    actor = network.desk_b.actor if at == network.b else network.actor
    hold = place_hold(actor=actor, patron_id=patron.id, wish=Wish(network.kieu), pickup_library_id=at.pk)
    hold.refresh_from_db()
    return hold


def pull_list(person) -> str:
    return browser(person).get(reverse("circulation:fetch")).content.decode()


def record_page(network) -> str:
    return Client().get(reverse("discovery:record", args=[ids.encode(network.kieu)])).content.decode()


def at_own_point(network, *items, there: bool = True) -> RotationSet:
    one = make_set(actor=network.actor, name="Xe", owner=network.a, host=network.a, due_on=date(2027, 3, 1), point=VAN)
    add_copies(actor=network.actor, set_id=one.pk, numbers=[item.accession_number for item in items])
    hand_over(actor=network.actor, set_id=one.pk)
    if there:
        for item in items:
            scan_arrival(actor=network.actor, set_id=one.pk, number=item.accession_number)
        confirm_arrival(actor=network.actor, set_id=one.pk, why={})
    return one


def test_a_copy_of_a_set_is_fetched_where_it_stays_and_only_there(network, sets):
    item = network.copy()
    sets.there(item)
    hold = asked(network, network.first, network.a)
    assert hold.target_id == item.pk
    assert item.accession_number not in pull_list(network.desk_a)
    shown = pull_list(network.desk_b)
    assert item.accession_number in shown and "của Thư viện A, trong bộ luân chuyển" in shown
    with pytest.raises(NotAllowed):
        not_found(actor=network.actor, hold_id=hold.pk)
    assert Hold.objects.get(pk=hold.pk).target_id == item.pk
    not_found(actor=network.desk_b.actor, hold_id=hold.pk)
    item.refresh_from_db()
    assert (item.status, Hold.objects.get(pk=hold.pk).target_id) == ("MISSING", None)


def test_readers_of_the_host_are_served_by_the_set_before_copies_from_afar(network, sets):
    item = network.copy()
    sets.there(item)
    network.copy(at=network.c)
    assert asked(network, network.first, network.b).target_id == item.pk
    page = record_page(network)
    assert "Đang luân chuyển tại Thư viện B đến 01/03/2027" in page


def test_a_copy_taken_in_at_home_meanwhile_is_fetched_at_home(network, sets):
    item = network.copy()
    sets.there(item)
    checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.b.pk)
    checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk)
    asked(network, network.second, network.b)
    assert item.accession_number in pull_list(network.desk_a)
    assert item.accession_number not in pull_list(network.desk_b)
    assert "Đang luân chuyển" not in record_page(network)


def test_what_stands_at_a_point_is_not_fetched_and_the_page_names_the_point_until_it_is_home(network):
    item = network.copy()
    one = at_own_point(network, item)
    hold = asked(network, network.first, network.a)
    assert (hold.target_id, retarget()) == (None, 0)
    assert item.accession_number not in pull_list(network.desk_a)
    assert f"Đang luân chuyển tại {VAN}, Thư viện A đến 01/03/2027" in record_page(network)
    scan_back(actor=network.actor, set_id=one.pk, number=item.accession_number)
    give_back(actor=network.actor, set_id=one.pk, why={})
    assert retarget() == 0, "it is on its way from the point to its shelf"
    scan_home(actor=network.actor, set_id=one.pk, number=item.accession_number)
    assert retarget() == 1
    assert item.accession_number in pull_list(network.desk_a)
    assert "Đang luân chuyển" not in record_page(network)
    close_set(actor=network.actor, set_id=one.pk, why={})
    assert not Stay.objects.filter(ended_at=None).exists()


def test_what_never_came_home_from_a_point_is_no_longer_said_to_be_there(network):
    first, second = network.copy(), network.copy()
    one = at_own_point(network, first, second)
    for item in (first, second):
        scan_back(actor=network.actor, set_id=one.pk, number=item.accession_number)
    give_back(actor=network.actor, set_id=one.pk, why={})
    scan_home(actor=network.actor, set_id=one.pk, number=first.accession_number)
    missing = Piece.objects.get(item=second)
    close_set(actor=network.actor, set_id=one.pk, why={missing.pk: "Rơi trên đường"})
    assert not Stay.objects.filter(ended_at=None).exists()


def test_a_copy_that_somebody_waits_for_does_not_leave_for_a_point(network):
    wanted, free = network.copy(), network.copy(record="demen")
    asked(network, network.first, network.a)
    at_own_point(network, wanted, free, there=False)
    assert dict(Piece.objects.values_list("item_id", "left_out")) == {wanted.pk: "HELD_FOR_ANOTHER", free.pk: ""}
    assert list(Stay.objects.values_list("item_id", "point")) == [(free.pk, VAN)]


def test_another_day_of_return_is_told_to_readers_too(network, sets):
    item = network.copy()
    one = sets.there(item)
    change_set(actor=network.actor, set_id=one.pk, name=one.name, host=network.b, due_on=date(2027, 4, 2))
    assert "đến 02/04/2027" in record_page(network)
