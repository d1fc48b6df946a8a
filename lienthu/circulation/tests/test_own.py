"""Readers at home: their own loans and requests, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.catalogue.tests.factories import cluster
from lienthu.circulation.actions import Wish, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.actions import create_account
from lienthu.kernel import clock, ids
from lienthu.libraries.tests.factories import SYSTEM
from lienthu.patrons.actions import add_guardian, end_guardianship
from lienthu.patrons.models import Patron

OWN = "/tai-khoan/sach/"


def reader(network: Network, patron, name: str) -> Client:
    account = create_account(actor=SYSTEM, username=name, full_name=name, password="mot-mat-khau-dai")
    patron.link(account)
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def loan(network: Network) -> Loan:
    item = network.copy()
    done = checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk)
    return done.loan


def test_a_reader_sees_and_renews_a_loan_and_is_told_why_not(network, loan):
    client = reader(network, network.first, "docgia1")
    assert "Truyện Kiều" in client.get(OWN).content.decode()
    assert "Đã gia hạn 1 tài liệu." in client.post(OWN + "gia-han", follow=True).content.decode()
    page = client.post(OWN + "gia-han", {"loan": loan.pk}, follow=True).content.decode()
    assert "Được gia hạn nhiều nhất 1 lần, đã gia hạn 1." in page
    loan.refresh_from_db()
    assert loan.renewals == 1


def test_a_reader_who_writes_the_number_of_anothers_loan_finds_nothing(network, loan):
    client = reader(network, network.second, "docgia2")
    assert "Truyện Kiều" not in client.get(OWN).content.decode()
    assert client.post(OWN + "gia-han", {"loan": loan.pk}).status_code == 404
    assert client.post(OWN + "gia-han", {"loan": "x"}).status_code == 404
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_a_request_is_placed_once_and_cancelled_by_its_reader_only(network, loan):
    client = reader(network, network.second, "docgia2")
    address = f"/dat-muon/{ids.encode(network.kieu)}/"
    assert "Chưa có ai chờ tài liệu này." in client.get(address).content.decode()
    form = {"library": network.a.pk, "level": "EDITION", "key": "k1"}
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302
    assert client.post(address, form | {"key": "k2"}).status_code == 422
    hold = Hold.objects.get()
    assert (hold.patron_id, hold.state, hold.channel) == (network.second.id, "PENDING", "WEB")
    assert "Bạn đứng thứ 1 trong hàng chờ." in client.get(OWN).content.decode()

    other = reader(network, network.third, "docgia3")
    assert other.post(f"{OWN}dat-muon/{hold.pk}/huy").status_code == 404
    hold.refresh_from_db()
    assert hold.state == "PENDING"
    assert client.post(f"{OWN}dat-muon/{hold.pk}/huy").status_code == 302
    hold.refresh_from_db()
    assert (hold.state, hold.patron_id) == ("CANCELLED", None)


def test_an_account_without_a_card_is_told_what_to_do(network):
    account = create_account(actor=SYSTEM, username="moi", full_name="moi", password="mot-mat-khau-dai")
    client = Client()
    client.force_login(account)
    assert "chưa gắn với thẻ bạn đọc" in client.get(OWN).content.decode()
    assert client.post(OWN + "gia-han").status_code == 404


def a_child(network: Network, *, of=None, born: str = "2016-05-02"):
    """The first reader as a child for whom the second answers, as a desk notes it."""
    Patron.objects.filter(pk=network.first.id).update(birth_date=born)
    child = Patron.objects.get(pk=network.first.id)
    guardian = Patron.objects.get(pk=network.second.id)
    return add_guardian(actor=network.actor, child=child, guardian=of or guardian, child_agreed=True)


def test_a_guardian_sees_renews_and_cancels_for_a_child(network, loan):
    network.copy("ON_LOAN", record="demen")
    wish = Wish(cluster("demen").pk)
    hold = place_hold(actor=network.actor, patron_id=network.first.id, wish=wish, pickup_library_id=network.a.pk)
    a_child(network)
    client = reader(network, network.second, "docgia2")
    name = Patron.objects.get(pk=network.first.id).full_name
    assert f"Sách của {name}" in client.get(OWN).content.decode()
    page = f"{OWN}tre/{ids.encode(network.first.id)}/"
    assert "Truyện Kiều" in client.get(page).content.decode()
    assert Entry.objects.filter(action="circulation.looked_at", details__by="guardian").count() == 1
    done = client.post(OWN + "gia-han", {"loan": loan.pk, "reader": ids.encode(network.first.id)}, follow=True)
    assert "Đã gia hạn 1 tài liệu." in done.content.decode()
    assert done.redirect_chain[-1][0] == page
    client.post(f"{OWN}dat-muon/{hold.pk}/huy")
    hold.refresh_from_db()
    assert hold.state == "CANCELLED"


@pytest.mark.parametrize("why", ["stranger", "ended", "sixteen"])
def test_nobody_opens_the_page_of_a_child_for_whom_they_do_not_answer(network, loan, why):
    if why != "stranger":
        noted = a_child(network, born="2016-05-02" if why == "ended" else "2008-01-01")
    if why == "ended":
        child = Patron.objects.get(pk=network.first.id)
        end_guardianship(actor=network.actor, child=child, guardianship_id=noted.pk)
    client = reader(network, network.second, "docgia2")
    public_id = ids.encode(network.first.id)
    assert client.get(f"{OWN}tre/{public_id}/").status_code == 404
    assert client.post(OWN + "gia-han", {"loan": loan.pk, "reader": public_id}).status_code == 404
    assert "Sách của ai" not in client.get(OWN).content.decode()
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_a_child_does_not_open_the_page_of_its_guardian(network, loan):
    a_child(network)
    client = reader(network, network.first, "docgia1")
    assert client.get(f"{OWN}tre/{ids.encode(network.second.id)}/").status_code == 404


def test_the_first_page_of_the_account_says_what_is_due_what_waits_and_what_is_owed(network, loan):
    client = reader(network, network.first, "docgia1")
    asked = Wish(network.copy(record="demen").record.cluster_id)
    place_hold(actor=network.actor, patron_id=network.first.id, wish=asked, pickup_library_id=network.a.pk)
    page = client.get("/tai-khoan/").content.decode()
    figures = page[page.index('class="figures"') : page.index("</dl>")]
    assert f"hạn gần nhất {loan.due_on:%d/%m/%Y}" in figures
    assert figures.count('href="/tai-khoan/sach/"') == 2
    assert '<a href="/tai-khoan/khoan-thu/">0 đ</a>' in figures
    Loan.objects.update(due_at=clock.now() - timedelta(days=1))
    assert "1 tài liệu quá hạn" in client.get("/tai-khoan/").content.decode()
    nobody = Client()
    without = create_account(actor=SYSTEM, username="khongthe", full_name="Không thẻ", password="mot-mat-khau-dai")
    nobody.force_login(without)
    assert 'class="figures"' not in nobody.get("/tai-khoan/").content.decode()


def test_a_reader_goes_from_a_loan_to_the_page_of_the_book(network, loan):
    page = reader(network, network.first, "docgia1").get(OWN).content.decode()
    assert f'href="/bieu-ghi/{ids.encode(network.kieu)}">Truyện Kiều</a>' in page
