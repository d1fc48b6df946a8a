"""What is kept of a reader: taken along, agreed to, withdrawn, erased."""

import json

import pytest
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.kernel import ids
from lienthu.patrons.models import Card, Consent, Patron
from lienthu.patrons.queries import patron_of_card
from lienthu.patrons.tests.test_desk import DESK, NAME, given, page, registered, web

pytestmark = pytest.mark.django_db
OWN = "/tai-khoan/du-lieu/"


@pytest.fixture
def reader(cast) -> Patron:
    patron = registered(cast, email="bandoc@example.org", identity_number="001090012345")
    assert web(cast.librarian).post(page(patron, "tai-khoan"), {"account-username": "bandoc"}).status_code == 302
    return patron


def test_a_reader_takes_everything_along_to_read_and_for_machines(cast, reader):
    for client, base in ((web(cast.reader), OWN), (web(cast.librarian), page(reader, "du-lieu") + "/")):
        found = json.loads(client.get(base + "du-lieu.json").content)
        person = {row["what"]: row["value"] for row in found["person"]}
        assert person["Họ và tên"] == NAME and person["Ngày sinh"] == "1990-11-22"
        assert person["Số định danh"] == "•••••••••345"
        assert [row["number"] for row in found["cards"]] == ["TQ-000001"]
        assert found["loans"] == found["requests"] == found["history"] == found["owed"] == []
        text = client.get(base + "du-lieu.html").content.decode()
        assert NAME in text and "22/11/1990" in text and "001090012345" not in text
    assert Entry.objects.filter(action="patrons.exported").count() == 4


def test_consents_are_given_and_taken_back_by_the_reader_and_at_the_desk(cast, reader):
    client = web(cast.reader)
    assert "Gửi tin" in client.get(OWN).content.decode()
    client.post(OWN + "dong-y", {"purpose": "HISTORY", "given": "1"})
    assert Patron.objects.get(pk=reader.pk).keep_history
    desk = web(cast.librarian)
    assert "Rút lại" in desk.get(page(reader, "du-lieu", "")).content.decode()
    desk.post(page(reader, "du-lieu", ""), {"purpose": "HISTORY", "given": "0"})
    assert not Patron.objects.get(pk=reader.pk).keep_history
    log = list(Consent.objects.filter(purpose="HISTORY").order_by("pk").values_list("given", "how"))
    assert log == [(True, "WEB"), (False, "DESK")]
    assert client.post(OWN + "dong-y", {"purpose": "CARD", "given": "0"}).status_code == 404
    assert client.post(OWN + "dong-y", {"purpose": "x"}).status_code == 404


def test_what_is_anothers_stays_closed(cast, reader):
    stranger = web(cast.other_librarian)
    for address in ("du-lieu.json", "du-lieu.html"):
        assert stranger.get(OWN + address).status_code == 404
        assert stranger.get(page(reader, "du-lieu", address)).status_code == 403
        assert Client().get(OWN + address).status_code == 302
    assert stranger.post(page(reader, "du-lieu", "xoa"), {"sure": "1"}).status_code == 403
    assert stranger.post(OWN + "xoa", {"sure": "1"}).status_code == 404
    assert Patron.objects.get(pk=reader.pk).state == "ACTIVE"


@pytest.mark.parametrize("who", ["reader", "librarian"])
def test_an_erased_reader_leaves_no_name_and_the_number_is_never_given_again(cast, reader, who):
    address = OWN + "xoa" if who == "reader" else page(reader, "du-lieu", "xoa")
    client = web(getattr(cast, who))
    client.post(address)
    assert Patron.objects.get(pk=reader.pk).state == "ACTIVE"
    assert client.post(address, {"sure": "1"}).status_code == 302
    row = Patron.objects.values().get(pk=reader.pk)
    assert row["state"] == "ERASED" and row["identity_sealed"] is None and row["account_id"] is None
    assert not {NAME, "0912345678", "bandoc@example.org"} & {str(value) for value in row.values()}
    assert patron_of_card("TQ-000001") is not None and Card.objects.get().status == "RETURNED"
    answer = web(cast.librarian).post(DESK + "them", given(cast, number="TQ-000001"))
    assert answer.status_code == 302 and not Patron.objects.latest("pk").cards.exists()
    assert web(cast.librarian).get(page(reader)).status_code == 404
    entry = Entry.objects.get(action="patrons.erased")
    assert ids.encode(reader.pk) in str(entry.target_id) and NAME not in str(entry.details)
