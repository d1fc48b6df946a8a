"""Readers: their messages, their choices, their devices, and nobody else's."""

import json
import re
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client, override_settings

from lienthu.identity.actions import create_account
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import SYSTEM
from lienthu.notices.models import Delivery, Device, Notice, Preference
from lienthu.notices.ports.webpush import encoded, point
from lienthu.notices.tests.conftest import Gateway, Place, reader
from lienthu.notices.tests.test_outbox import MORNING, run, tell

INBOX, CHOICES, DEVICE = "/tai-khoan/tin-nhan/", "/tai-khoan/tuy-chon/", "/tai-khoan/thiet-bi"


def signed_in(patron, name: str) -> Client:
    account = create_account(actor=SYSTEM, username=name, full_name=name, password="mot-mat-khau-dai")
    if patron is not None:
        patron.account = account
        patron.save(update_fields=["account"])
    client = Client()
    client.force_login(account)
    return client


class Browser:
    """The keys of a browser."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"
        self.given = {
            "endpoint": endpoint,
            "keys": {"p256dh": encoded(point(self.key)), "auth": encoded(self.secret)},
            "name": "Chrome, Android",
        }

    def read(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


def subscribe(client: Client, given: dict):
    return client.post(DEVICE, json.dumps(given), content_type="application/json")


def test_a_message_is_on_the_readers_page_whatever_else_happens_and_on_nobody_elses(place: Place):
    one, other = reader(place.main, 1), reader(place.main, 2)
    with clock.frozen(MORNING):
        tell(place, one)
    run(MORNING)
    client = signed_in(one, "docgia1")
    shown = client.get(INBOX).content.decode()
    assert "Sắp đến hạn trả: Truyện Kiều" in shown
    assert "1 tin chưa đọc" in shown
    assert client.post(INBOX).status_code == 302
    assert "tin chưa đọc" not in client.get(INBOX).content.decode()
    stranger = signed_in(other, "docgia2")
    assert "Truyện Kiều" not in stranger.get(INBOX).content.decode()
    assert "chưa gắn với thẻ" in signed_in(None, "khongthe").get(INBOX).content.decode()


def test_choices_decide_the_ways_and_the_language_decides_the_words(place, letters):
    one = reader(place.main, email="bandoc@example.org")
    client = signed_in(one, "docgia1")
    shown = client.get(CHOICES).content.decode()
    assert "ba…@example.org" in shown
    assert "bandoc@example.org" not in shown
    assert re.search(r'name="DUE_SOON-EMAIL"\s+checked', shown)
    answer = client.post(CHOICES, {"OVERDUE-EMAIL": "on", "HOLD-EMAIL": "on", "CARD-EMAIL": "on", "language": "en"})
    assert answer.status_code == 302
    assert dict(Preference.objects.filter(channel="EMAIL").values_list("topic", "wanted")) == {
        "DUE_SOON": False,
        "OVERDUE": True,
        "HOLD": True,
        "CARD": True,
    }
    with clock.frozen(MORNING):
        tell(place, one)
        tell(place, one, "OVERDUE_1", "k2")
    run(MORNING)
    run(MORNING + timedelta(days=1))
    assert len(letters.got) == 1
    assert Delivery.objects.get(notice__kind="DUE_SOON", channel="EMAIL").reason == "TURNED_OFF"
    assert Notice.objects.get(kind="DUE_SOON").subject == "Due soon: Truyện Kiều"


def test_who_took_back_the_consent_is_only_told_on_the_page(place, letters):
    one = reader(place.main, email="bandoc@example.org")
    one.consents.create(purpose="CARD", given=False, by="SELF", how="DESK", recorded_by="tests")
    with clock.frozen(MORNING):
        tell(place, one)
    run(MORNING)
    run(MORNING + timedelta(days=1))
    assert letters.got == []
    assert set(Delivery.objects.values_list("state", "reason")) == {("SKIPPED", "NO_CONSENT")}
    assert "Truyện Kiều" in signed_in(one, "docgia1").get(INBOX).content.decode()


def https(gateway: Gateway) -> str:
    return gateway.url.replace("http://", "https://")


def test_a_push_message_reaches_the_browser_and_only_the_browser_can_read_it(place, gateway):
    one = reader(place.main)
    client = signed_in(one, "docgia1")
    browser = Browser(https(gateway) + "/push/1")
    assert subscribe(client, browser.given).status_code == 201
    assert subscribe(client, browser.given).status_code == 201
    Device.objects.update(endpoint=gateway.url + "/push/1")  # the local push service has no certificate
    with clock.frozen(MORNING):
        tell(place, one, "HOLD_READY")
    run(MORNING)
    run(MORNING + timedelta(minutes=11))
    ((path, headers, body),) = gateway.got
    assert path == "/push/1"
    assert b"Ki" not in body
    said = browser.read(body)
    assert said["title"] == "Tài liệu bạn đặt đã về: Truyện Kiều"
    assert said["body"] == "Thư viện tỉnh: «Truyện Kiều» bạn đặt đã về, giữ đến hết 28/11/2026."
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "172800")
    assert headers["authorization"].startswith("vapid t=ey")
    assert Delivery.objects.get(channel="PUSH").state == "SENT"


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_desk_has_to_call(place, gateway, status):
    one = reader(place.main)
    browser = Browser(https(gateway) + "/push/1")
    subscribe(signed_in(one, "docgia1"), browser.given)
    Device.objects.update(endpoint=gateway.url + "/push/1")
    gateway.status = status
    with clock.frozen(MORNING):
        tell(place, one, "HOLD_READY")
    run(MORNING)
    run(MORNING + timedelta(minutes=11))
    assert not Device.objects.exists()
    assert Delivery.objects.get(channel="PUSH").state == "FAILED"
    assert Delivery.objects.get(channel="DESK").state == "WAITING"


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example.org/1"},
        {"endpoint": "https://push.example.org/" + "x" * 1000},
        {"endpoint": "ftp://push.example.org/"},
        {"keys": {"p256dh": "AAAA", "auth": "MDEyMzQ1Njc4OWFiY2RlZg"}},
        {"keys": {"p256dh": "**", "auth": "**"}},
        {"keys": None},
        {"keys": {}},
    ],
)
def test_what_is_no_subscription_is_refused(place, change):
    client = signed_in(reader(place.main), "docgia1")
    assert subscribe(client, Browser("https://push.example.org/1").given | change).status_code == 422
    assert client.post(DEVICE, "{", content_type="application/json").status_code == 422
    assert client.post(DEVICE, "[]", content_type="application/json").status_code == 422
    assert not Device.objects.exists()


def test_a_push_address_in_the_house_is_not_called(place):
    """A reader names the address: it must not lead into private networks."""
    one = reader(place.main)
    subscribe(signed_in(one, "docgia1"), Browser("https://127.0.0.1:5432/x").given)
    with clock.frozen(MORNING):
        tell(place, one, "HOLD_READY")
    run(MORNING)
    with override_settings(ALLOW_PRIVATE_FETCH=[]):
        run(MORNING + timedelta(minutes=11))
    found = Delivery.objects.get(channel="PUSH")
    assert (found.state, found.reason) == ("FAILED", "NO_ADDRESS")
    assert not Device.objects.exists()


def test_a_reader_removes_a_device_of_ones_own_only(place):
    one, other = signed_in(reader(place.main, 1), "docgia1"), signed_in(reader(place.main, 2), "docgia2")
    subscribe(one, Browser("https://push.example.org/1").given)
    made = Device.objects.get()
    assert other.post(f"/tai-khoan/thiet-bi/{made.pk}/bo").status_code == 404
    assert Device.objects.exists()
    assert one.post(f"/tai-khoan/thiet-bi/{made.pk}/bo").status_code == 302
    assert not Device.objects.exists()


def test_the_worker_of_push_messages_is_a_script_with_the_readers_part_as_its_scope(db):
    answer = Client().get("/tai-khoan/sw.js")
    assert answer["content-type"] == "text/javascript; charset=utf-8"
    assert b"showNotification" in answer.content
    assert b'"fetch"' not in answer.content
