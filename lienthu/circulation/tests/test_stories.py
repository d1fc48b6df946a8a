"""Days that several libraries share, through the pages that readers and desks use."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.models import Item
from lienthu.circulation.actions import expire_holds, retarget
from lienthu.circulation.models import Custody, Fact, Hold, Loan
from lienthu.circulation.tests.conftest import Network
from lienthu.circulation.tests.test_desk import press, scan, signed_in
from lienthu.circulation.tests.test_own import reader
from lienthu.kernel import clock, ids
from lienthu.libraries.tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_c(network: Network) -> Client:
    return signed_in(person("thuthuc", "LIBRARIAN", network.c.scope).account)


def taken_in(desk: Client, item: Item) -> str:
    press(desk, "close")
    press(desk, "mode", to="RETURN")
    return scan(desk, item.accession_number)


def lent(desk: Client, card: str, item: Item) -> str:
    press(desk, "mode", to="LEND")
    press(desk, "close")
    scan(desk, card)
    return scan(desk, item.accession_number)


def state(item: Item) -> tuple[str, int | None, bool, bool]:
    """Its status, where it is, whether a reader or the road has it."""
    item.refresh_from_db()
    held = Custody.objects.get(item=item, until=None)
    return item.status, held.library_id, held.loan_id is not None, held.transit_id is not None


def asked_for(client: Client, network: Network, pickup: int) -> Hold:
    address = reverse("circulation:place_hold", args=[ids.encode(network.kieu)])
    answer = client.post(address, {"level": "EDITION", "library": pickup, "pickup": pickup}, follow=True)
    assert "Đã đặt mượn" in answer.content.decode()
    return Hold.objects.latest("pk")


def test_a_book_of_one_library_is_read_in_another_returned_in_a_third_and_comes_home(network, desk_c):
    a, b, c = network.a, network.b, network.c
    book = network.copy()
    desk_a, desk_b = signed_in(network.desk_a.account), signed_in(network.desk_b.account)
    at_home = reader(network, network.first, "docgia1")
    hold = asked_for(at_home, network, b.pk)
    retarget()
    assert book.accession_number in desk_a.get(reverse("circulation:fetch")).content.decode()

    assert b.name_vi in taken_in(desk_a, book)  # fetched from the shelf and scanned: off to B
    assert state(book) == ("IN_TRANSIT", None, False, True)
    assert book.accession_number in desk_b.get(reverse("circulation:transits")).content.decode()
    assert "Bạn đọc thứ nhất" in taken_in(desk_b, book)  # only this scan makes it ready
    hold.refresh_from_db()
    assert (hold.state, state(book)[:2]) == ("READY", ("ON_HOLD_SHELF", b.pk))
    assert book.accession_number in desk_b.get(reverse("circulation:shelf")).content.decode()

    # Another reader is refused at the very desk; the one who waits borrows it.
    assert "Bạn đọc khác đang chờ tài liệu này." in lent(desk_b, "T-0002", book)
    lent(desk_b, "T-0001", book)
    hold.refresh_from_db()
    assert (hold.state, state(book)) == ("FILLED", ("ON_LOAN", None, True, False))
    assert "Truyện Kiều" in at_home.get("/tai-khoan/sach/").content.decode()

    assert a.name_vi in taken_in(desk_c, book)  # brought back to C, which sends it home
    assert state(book) == ("IN_TRANSIT", None, False, True)
    taken_in(desk_a, book)
    assert state(book) == ("AVAILABLE", a.pk, False, False)
    # The loan forgot its reader; the figures say where it happened and nothing about whom.
    loan = Loan.objects.get()
    assert (loan.patron_id, loan.ended_how) == (None, "RETURNED")
    facts = set(Fact.objects.values_list("event", "library__code", "item_library__code"))
    assert ("LOAN", b.code, a.code) in facts and any(at == c.code for _event, at, _owner in facts)


def test_two_libraries_ask_for_one_last_copy_and_the_second_gets_it_after_the_first(network, desk_c):
    book = network.copy()
    desk_a, desk_b = signed_in(network.desk_a.account), signed_in(network.desk_b.account)
    first = asked_for(reader(network, network.first, "docgia1"), network, network.b.pk)
    second = asked_for(reader(network, network.second, "docgia2"), network, network.c.pk)
    retarget()
    taken_in(desk_a, book)
    taken_in(desk_b, book)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.assigned_id) == ("READY", "PENDING", None)
    lent(desk_b, "T-0001", book)
    assert network.c.name_vi in taken_in(desk_b, book)
    second.refresh_from_db()
    assert (second.state, state(book)[0]) == ("SENT", "IN_TRANSIT")
    taken_in(desk_c, book)
    second.refresh_from_db()
    assert second.state == "READY" and Hold.objects.filter(assigned=book, state="READY").count() == 1


def test_a_copy_that_goes_to_the_wrong_library_is_sent_on_its_way(network, desk_c):
    book = network.copy()
    desk_a, desk_b = signed_in(network.desk_a.account), signed_in(network.desk_b.account)
    hold = asked_for(reader(network, network.first, "docgia1"), network, network.b.pk)
    retarget()
    taken_in(desk_a, book)
    assert network.b.name_vi in taken_in(desk_c, book)
    assert state(book)[0] == "IN_TRANSIT"
    taken_in(desk_b, book)
    hold.refresh_from_db()
    assert (hold.state, state(book)[:2]) == ("READY", ("ON_HOLD_SHELF", network.b.pk))


def test_what_nobody_collects_goes_home_when_its_days_are_over(network):
    book = network.copy()
    desk_a, desk_b = signed_in(network.desk_a.account), signed_in(network.desk_b.account)
    hold = asked_for(reader(network, network.first, "docgia1"), network, network.b.pk)
    retarget()
    taken_in(desk_a, book)
    taken_in(desk_b, book)
    hold.refresh_from_db()
    assert hold.shelf_until is not None
    with clock.frozen(clock.now() + timedelta(days=30)):
        expire_holds()
        hold.refresh_from_db()
        assert hold.state == "EXPIRED"
        assert network.a.name_vi in taken_in(desk_b, book)
        taken_in(desk_a, book)
    assert state(book) == ("AVAILABLE", network.a.pk, False, False)
