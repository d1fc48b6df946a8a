"""The ways out: an SMS gateway, the keys of push, a worker killed while it sends."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection
from django.test import override_settings

from lienthu.kernel import clock
from lienthu.notices.actions import purge, route_new
from lienthu.notices.models import Delivery, Notice
from lienthu.notices.ports import push
from lienthu.notices.ports.sms import mobile_number
from lienthu.notices.ports.webpush import Subscription, decoded, encoded, encrypt, point
from lienthu.notices.tests.conftest import Gateway, Place, make_place, reader
from lienthu.notices.tests.test_outbox import MORNING, run, states, tell

EVENING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 21:30 here


def ready(place: Place, patron, at: datetime = MORNING) -> None:
    with clock.frozen(at):
        tell(place, patron, "HOLD_READY")
    run(at)


def test_an_sms_goes_to_the_gateway_as_the_settings_describe_it(place, gateway: Gateway):
    patron = reader(place.main, phone="0912 345 678")
    with override_settings(
        SMS_URL=gateway.url + "/send",
        SMS_HEADERS={"authorization": "Bearer bi-mat"},
        SMS_BODY='{"msisdn": ["{phone}"], "message": {"text": "{text}", "id": "{reference}"}}',
        SMS_OK='"status": "ok"',
    ):
        ready(place, patron)
        run(MORNING + timedelta(minutes=11))
        run(MORNING + timedelta(minutes=12))
    ((path, headers, body),) = gateway.got
    given = json.loads(body)
    assert (path, headers["authorization"]) == ("/send", "Bearer bi-mat")
    assert given["msisdn"] == ["84912345678"]
    assert given["message"]["text"] == 'Thu vien tinh: "Truyen Kieu" ban dat da ve, giu den het 28/11/2026.'
    assert given["message"]["id"].startswith("lienthu-")
    assert ("SMS", "SENT", "") in states()


def test_a_gateway_that_takes_forms_gets_a_form_with_marks_where_the_settings_say_so(place, gateway):
    patron = reader(place.main, phone="+84 912 345 678")
    with override_settings(SMS_URL=gateway.url, SMS_FORM="form", SMS_PREFIX="0", SMS_PLAIN=False):
        ready(place, patron)
        run(MORNING + timedelta(minutes=11))
    given = parse_qs(gateway.got[0][2].decode())
    assert given["to"] == ["0912345678"]
    assert given["text"] == ["Thư viện tỉnh: «Truyện Kiều» bạn đặt đã về, giữ đến hết 28/11/2026."]


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, b'{"status": "no credit"}', ("SMS", "FAILED", "REFUSED")),
        (401, b"", ("SMS", "FAILED", "REFUSED")),
        (429, b"", ("SMS", "WAITING", "BUSY")),
        (503, b"", ("SMS", "WAITING", "BUSY")),
        (500, b"", ("SMS", "UNCERTAIN", "CUT")),
        (302, b"", ("SMS", "FAILED", "REFUSED")),
    ],
)
def test_what_the_gateway_answers_decides_what_happens_next(place, gateway, status, answer, expected):
    patron = reader(place.main, phone="0912345678")
    gateway.status, gateway.answer = status, answer
    with override_settings(SMS_URL=gateway.url, SMS_OK='"ok"'):
        ready(place, patron)
        run(MORNING + timedelta(minutes=11))
    assert len(gateway.got) == 1
    assert expected in states()


def test_a_gateway_that_cannot_be_reached_is_tried_again_later(place, gateway):
    patron = reader(place.main, phone="0912345678")
    with override_settings(SMS_URL="http://127.0.0.1:9/", ALLOW_PRIVATE_FETCH=["127.0.0.1:9"]):
        ready(place, patron)
        run(MORNING + timedelta(minutes=11))
    assert ("SMS", "WAITING", "UNREACHABLE") in states()


def test_nobody_is_woken_at_night(place, gateway):
    patron = reader(place.main, phone="0912345678")
    with override_settings(SMS_URL=gateway.url):
        ready(place, patron, EVENING)
        run(EVENING + timedelta(hours=2))
        assert gateway.got == []
        # 07:00 of the next morning
        assert Delivery.objects.get(channel="SMS").due_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
        # a worker that comes late finds it due in the next night
        run(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
        assert gateway.got == []
        run(datetime(2026, 11, 25, 0, 0, tzinfo=UTC))
    assert len(gateway.got) == 1


def test_an_sms_costs_money_and_is_for_those_whom_nothing_else_reaches(place, gateway, letters):
    patron = reader(place.main, phone="0912345678", email="bandoc@example.org")
    with override_settings(SMS_URL=gateway.url):
        ready(place, patron)
    assert ("SMS", "SKIPPED", "OTHER_WAY") in states()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0912 345 678", "84912345678"),
        ("+84 912.345.678", "84912345678"),
        ("84912345678", "84912345678"),
        ("0207 3822 111", ""),
        ("0112345678", ""),
        ("không có", ""),
    ],
)
def test_only_mobile_numbers_of_today_take_an_sms(written, number):
    assert mobile_number(written) == number


def test_push_encryption_gives_the_bytes_of_the_example_in_rfc_8291():
    """Appendix A, whole."""
    own = ec.derive_private_key(
        int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    to = Subscription(
        "https://push.example.net/",
        decoded("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        decoded("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    made = encrypt(b"When I grow up, I want to be a watermelon", to, own=own, salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"))
    assert encoded(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_key_of_the_sender_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = push.public_key()
    push._key_in.cache_clear()
    assert push.public_key() == first
    assert len(decoded(first)) == 65
    path = tmp_path / "vapid.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert point(push.sender_key()) == decoded(first)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_leaves_an_uncertain_message_that_nobody_sends_twice(gateway):
    """The real thing: another process hands the message to the gateway and dies by SIGKILL before the answer."""
    place = make_place()
    patron = reader(place.main, phone="0912345678")
    tell(place, patron, "HOLD_READY")
    with override_settings(SMS_URL=gateway.url):
        while route_new():
            pass
    Delivery.objects.filter(channel="SMS").update(due_at=clock.now() - timedelta(minutes=1))
    gateway.hang = threading.Event()
    values = connection.settings_dict
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {values['NAME']!r}\n"
        "from datetime import time\n"
        "from lienthu.notices.policy import Timing\n"
        "from lienthu.notices.queries import Timetable\n"
        "Timetable.of = lambda self, library: Timing(quiet_from=time(0), quiet_until=time(0))\n"
        "from lienthu.notices.actions import send_due\n"
        "send_due()\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
        "LIENTHU_SMS_URL": gateway.url,
        "LIENTHU_ALLOW_PRIVATE_FETCH": gateway.authority,
    }
    worker = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=settings.ROOT.parent)
    try:
        assert gateway.arrived.wait(60)
        assert ("SMS", "SENDING", "") in states()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    gateway.hang.set()
    with override_settings(SMS_URL=gateway.url):
        later = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), tzinfo=UTC) + timedelta(
            hours=4
        )
        run(later)
        run(later + timedelta(days=1))
    assert len(gateway.got) == 1
    assert ("SMS", "UNCERTAIN", "KILLED") in states()


def test_words_and_readers_go_after_some_days_and_the_counts_stay(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    ready(place, patron)
    run(MORNING + timedelta(minutes=11))
    with clock.frozen(MORNING + timedelta(days=89)):
        assert purge() == 0
    with clock.frozen(MORNING + timedelta(days=91)):
        assert purge() == 1
        assert purge() == 0
    left = Notice.objects.get()
    assert (left.patron_id, left.params, left.subject, left.body, left.short) == (None, {}, "", "", "")
    assert ("EMAIL", "SENT", "") in states()


def test_the_logs_name_nobody(place, letters, caplog):
    patron = reader(place.main, email="bandoc@example.org", phone="0912345678")
    ready(place, patron)
    run(MORNING + timedelta(minutes=11))
    # the mail server of the test speaks in the same process
    everything = " ".join(one.getMessage() for one in caplog.records if not one.name.startswith("mail."))
    assert "EMAIL" in everything
    assert len(letters.got) == 1
    for secret in ("bandoc@example.org", "0912345678", "Bạn đọc số 1", "Truyện Kiều"):
        assert secret not in everything
