"""Readers at home: their own loans and requests, and nobody else's."""

import pytest
from django.test import Client

from lienthu.circulation.actions import checkout
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.actions import create_account
from lienthu.kernel import ids
from lienthu.libraries.tests.factories import SYSTEM

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
