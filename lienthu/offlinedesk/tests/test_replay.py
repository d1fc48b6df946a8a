"""Logs sent through HTTP: each event once, in order, whatever happened to the log and to the books meanwhile."""

from datetime import UTC, datetime, timedelta

import orjson
from django.db import connection

from lienthu.catalogue.models import Item
from lienthu.circulation import actions as circulation
from lienthu.circulation.models import Fact, Hold, Loan
from lienthu.identity.models import Grant
from lienthu.loanrules.tests.factories import rules
from lienthu.offlinedesk.actions import revoke
from lienthu.offlinedesk.models import Device, Event, Received
from lienthu.offlinedesk.sealing import unseal
from lienthu.offlinedesk.tests.device import browser_at
from lienthu.patrons.models import Card


def states(device) -> list[str]:
    return list(
        Event.objects.filter(device__pk=device.enrolled.device.pk).order_by("number").values_list("state", flat=True)
    )


def codes(device) -> list[str]:
    events = Event.objects.filter(device__pk=device.enrolled.device.pk).order_by("number")
    return [code for event in events for code, _params in event.notices]


def lend_now(network, item, reader, *, at=None):
    return circulation.checkout(
        actor=network.actor, item_id=item.pk, patron_id=reader.id, library_id=network.a.pk, at=at
    )


def wait(network, reader) -> None:
    circulation.place_hold(
        actor=network.actor,
        patron_id=reader.id,
        wish=circulation.Wish(network.kieu),
        pickup_library_id=network.a.pk,
    )


def borrowers(item) -> list[tuple[int | None, bool]]:
    return [(loan.patron_id, loan.ended_at is None) for loan in Loan.objects.filter(item=item).order_by("pk")]


def test_loans_and_returns_of_a_day_without_network_are_done_at_their_own_times(network, device):
    first, second = network.copy(), network.copy(record="demen")
    device.lend(first.accession_number, "T-0001")
    device.lend(second.accession_number, "t-0002")
    device.note("CHECKIN", first.accession_number)
    told = device.send()
    assert (told["last"], told["pending"], told["problem"]) == (3, 0, None)
    assert states(device) == ["DONE", "DONE", "DONE"]
    loan = Loan.objects.get(item=first)
    begun = device.enrolled.device.enrolled_at
    assert timedelta(0) < loan.started_at - begun < timedelta(minutes=1)
    assert loan.ended_at - loan.started_at == timedelta(seconds=2)
    assert loan.channel == "OFFLINE"
    assert borrowers(second) == [(network.second.id, True)]
    assert Fact.objects.filter(channel="OFFLINE", event="LOAN").count() == 2


def test_a_log_sent_twice_changes_nothing_the_second_time(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    device.send()
    told = device.send()
    assert (told["last"], told["pending"], told["problem"]) == (1, 0, None)
    assert Loan.objects.count() == 1
    assert list(Received.objects.order_by("pk").values_list("taken", "known")) == [(1, 0), (0, 1)]


def test_a_tampered_log_is_applied_up_to_the_break_and_kept_byte_for_byte(network, device):
    items = [network.copy(), network.copy(), network.copy()]
    for item in items:
        device.lend(item.accession_number, "T-0001")
    rows = [device.rows[0], device.rows[1].replace("T-0001", "T-0002"), device.rows[2]]
    body = device.body(rows)
    told = device.post("nhat-ky", body).json()
    assert told["problem"] == {"code": "BAD_SEAL", "at": 2}
    assert [borrowers(item) for item in items] == [[(network.first.id, True)], [], []]
    kept = Received.objects.get()
    assert unseal(kept.body_sealed) == body
    device.send(rows[1:])
    device.send(rows[1:])
    assert Received.objects.count() == 2
    assert device.send()["problem"] is None
    assert Loan.objects.filter(patron_id=network.first.id).count() == 3


def test_a_cut_log_waits_for_the_missing_line(network, device):
    items = [network.copy(), network.copy(), network.copy()]
    for item in items:
        device.lend(item.accession_number, "T-0001")
    told = device.send([device.rows[0], device.rows[2]])
    assert (told["last"], told["problem"]) == (1, {"code": "GAP", "at": 2})
    assert Loan.objects.count() == 1
    assert device.send(device.rows[1:])["last"] == 3
    assert Loan.objects.count() == 3


def test_a_reordered_log_is_done_in_its_own_order(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    device.note("CHECKIN", item.accession_number)
    device.lend(item.accession_number, "T-0002")
    device.send(device.rows[::-1])
    assert [holder for holder, is_open in borrowers(item) if is_open] == [network.second.id]
    assert states(device) == ["DONE", "DONE", "DONE"]


def test_two_devices_that_lent_one_copy_leave_it_with_whom_it_went_to_last(network, device):
    other, item = browser_at(network, "Máy thứ hai"), network.copy()
    device.lend(item.accession_number, "T-0001")
    other.note("CHECKIN", "KHONG-CO")
    other.lend(item.accession_number, "T-0002")
    device.send()
    other.send()
    assert borrowers(item) == [(None, False), (network.second.id, True)]
    assert states(other) == ["ASKS", "NOTED"]
    assert codes(other) == ["COPY_UNKNOWN", "LENT_ELSEWHERE"]


def test_an_older_loan_that_arrives_late_is_overtaken_by_the_newer_one(network, device):
    other, item = browser_at(network, "Máy thứ hai"), network.copy()
    device.lend(item.accession_number, "T-0001")
    other.note("CHECKIN", "KHONG-CO")
    other.lend(item.accession_number, "T-0002")
    other.send()
    device.send()
    assert borrowers(item) == [(network.second.id, True)]
    assert (states(device), codes(device)) == (["PAST"], ["MOVED_SINCE"])


def test_what_happened_is_recorded_although_the_reader_was_blocked_meanwhile(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    network.first.block("chưa trả sách lớp 5")
    told = device.send()
    assert borrowers(item) == [(network.first.id, True)]
    assert states(device) == ["NOTED"]
    assert Event.objects.get().notices == [["AGAINST_RULE", {"code": "BLOCKED"}]]
    assert told["events"][0]["notices"] == [
        {
            "text": "Bạn đọc đang bị ngừng mượn; sách đã ra khỏi quầy nên vẫn ghi mượn.",
            "then": "Nhắc bạn đọc khi họ đến lần sau.",
        }
    ]


def test_more_than_the_rules_allow_is_recorded_with_a_notice(network, device):
    rules(network.a.scope, ("ANY", "ANY", {"max_loans": 1}))
    for item in (network.copy(), network.copy()):
        device.lend(item.accession_number, "T-0001", at=datetime.now(UTC))
    device.send()
    assert Loan.objects.filter(patron_id=network.first.id, ended_at=None).count() == 2
    assert states(device) == ["DONE", "NOTED"]


def test_a_copy_kept_for_another_reader_is_lent_and_that_reader_waits_again(network, device):
    item, other = network.copy(), network.copy()
    lend_now(network, item, network.third, at=datetime.now(UTC) - timedelta(days=3))
    lend_now(network, other, network.third, at=datetime.now(UTC) - timedelta(days=3))
    wait(network, network.second)
    early = device.enrolled.device.enrolled_at
    circulation.checkin(actor=network.actor, item_id=item.pk, library_id=network.a.pk, at=early)
    assert Hold.objects.get().state == "READY"
    device.lend(item.accession_number, "T-0001")
    device.send()
    assert Loan.objects.get(item=item, ended_at=None).patron_id == network.first.id
    assert Hold.objects.get().state == "PENDING"
    assert (states(device)[0], codes(device)[0]) == ("NOTED", "KEPT_FOR_ANOTHER")


def test_a_queue_does_not_undo_what_happened(network, device):
    item = network.copy()
    lend_now(network, item, network.third)
    wait(network, network.second)
    fresh = network.copy()
    device.lend(fresh.accession_number, "T-0001")
    device.send()
    assert borrowers(fresh) == [(network.first.id, True)]
    assert Hold.objects.get().state == "PENDING"


def test_a_return_for_which_somebody_waits_tells_to_put_it_on_the_shelf(network, device):
    item = network.copy()
    lend_now(network, item, network.third, at=datetime.now(UTC) - timedelta(days=3))
    wait(network, network.second)
    device.note("CHECKIN", item.accession_number)
    device.send()
    assert (states(device), codes(device)) == (["NOTED"], ["HOLD_WAITING"])
    assert Hold.objects.get().state == "READY"


def test_unknown_cards_and_copies_wait_for_a_person_and_change_nothing(network, device):
    item = network.copy()
    device.lend(item.accession_number, "LA-0009")
    device.lend("KHONG-CO", "T-0001")
    device.note("CHECKIN", "KHONG-CO")
    device.send()
    assert states(device) == ["ASKS", "ASKS", "ASKS"]
    assert codes(device) == ["CARD_UNKNOWN", "COPY_UNKNOWN", "COPY_UNKNOWN"]
    assert Loan.objects.count() == 0


def test_a_card_that_was_replaced_meanwhile_still_means_its_reader(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    old = Card.objects.get(number="T-0001")
    Card.objects.filter(pk=old.pk).update(status="REPLACED")
    new = Card.objects.create(patron_id=network.first.id, number="T-0009", library=network.a, issued_on=old.issued_on)
    Card.objects.filter(pk=old.pk).update(replaced_by=new)
    device.send()
    assert borrowers(item) == [(network.first.id, True)]
    assert Event.objects.get().notices == [["CARD_REPLACED", {"number": "T-0009"}]]


def test_a_card_reported_lost_meanwhile_is_recorded_with_a_notice(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    Card.objects.filter(number="T-0001").update(status="LOST")
    device.send()
    assert borrowers(item) == [(network.first.id, True)]
    assert "CARD_LOST" in codes(device)


def test_a_renewal_that_the_rules_refuse_is_not_done(network, device):
    rules(network.a.scope, ("ANY", "ANY", {"renewals": 0}))
    item = network.copy()
    lend_now(network, item, network.first, at=datetime.now(UTC) - timedelta(days=3))
    device.note("RENEW", item.accession_number, at=datetime.now(UTC))
    told = device.send()
    assert states(device) == ["REFUSED"]
    assert Loan.objects.get().renewals == 0
    assert told["events"][0]["notices"][0]["text"] == "Được gia hạn nhiều nhất 0 lần, đã gia hạn 0."


def test_a_copy_that_is_barred_asks_and_stays_as_it_was(network, device):
    item = network.copy("REFERENCE_ONLY")
    device.lend(item.accession_number, "T-0001")
    device.send()
    assert (states(device), codes(device)) == (["ASKS"], ["COPY_BARRED"])
    assert Item.objects.get(pk=item.pk).status == "REFERENCE_ONLY"


def test_a_clock_in_the_future_lends_now_and_says_so(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001", at=datetime.now(UTC) + timedelta(days=9))
    device.send()
    assert abs((Loan.objects.get().started_at - datetime.now(UTC)).total_seconds()) < 60
    assert codes(device) == ["CLOCK_FUTURE"]


def test_a_slow_clock_is_put_right(network, device):
    device.behind = timedelta(hours=30)
    item = network.copy()
    device.lend(item.accession_number, "T-0001", at=datetime.now(UTC) - timedelta(hours=4))
    device.send()
    happened = Loan.objects.get().started_at
    assert abs((happened - (datetime.now(UTC) - timedelta(hours=4))).total_seconds()) < 60


def test_nobody_who_lacks_the_key_sends_or_reads_anything(network, device):
    device.lend(network.copy().accession_number, "T-0001")
    for where, body in (("nhat-ky", device.body()), ("ban-sao", b"{}"), ("ket-qua", b"{}")):
        assert device.post(where, body, key=b"x" * 32).status_code == 401
        assert device.client.post(f"/quay-ngoai-tuyen/may/{where}", body, content_type="text/plain").status_code == 401
    assert (Received.objects.count(), Loan.objects.count()) == (0, 0)


def test_a_revoked_device_gets_no_copy_and_its_log_waits_for_a_person(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    revoke(actor=network.desk_a.actor, device=device.enrolled.device)
    assert device.post("ban-sao", b"{}").json() == {"state": "REVOKED"}
    told = device.send()
    assert (told["state"], told["pending"]) == ("REVOKED", 1)
    assert Loan.objects.count() == 0
    device.client.force_login(network.desk_a.account)
    device.client.post(f"/ban-lam-viec/quay-ngoai-tuyen/may/{device.id}/ap-dung")
    assert borrowers(item) == [(network.first.id, True)]


def test_a_device_whose_person_lost_the_role_lends_nothing(network, device):
    item = network.copy()
    device.lend(item.accession_number, "T-0001")
    Grant.objects.filter(account=network.desk_a.account).delete()
    told = device.send()
    assert (told["state"], told["pending"]) == ("NO_PERSON", 1)
    assert Loan.objects.count() == 0
    assert device.post("ban-sao", b"{}").json() == {"state": "NO_PERSON"}


def test_the_copy_names_no_more_of_readers_than_the_desk_needs_and_later_only_what_changed(network, device):
    item = network.copy()
    whole = device.post("ban-sao", b"{}").json()
    text = "".join(part["text"] for part in whole["parts"].values())
    assert '["T-0001","ACTIVE","","Bạn đọc thứ nhất","ADULT","",[],0,""]' in text
    assert item.accession_number in text
    assert "1990" not in text
    have = {name: part["digest"] for name, part in whole["parts"].items()}
    assert device.post("ban-sao", orjson.dumps({"have": have})).json()["parts"] == {}
    lend_now(network, item, network.first)
    changed = device.post("ban-sao", orjson.dumps({"have": have})).json()["parts"]
    assert sorted(name.partition("-")[0] for name in changed) == ["cards", "copies"]
    assert len(set(whole["all"])) == len(whole["parts"])


def test_the_database_itself_refuses_a_number_twice(network, device):
    device.lend(network.copy().accession_number, "T-0001")
    device.send()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE %s AND indexname = 'offline_event_once'",
            ["%UNIQUE%(device_id, number)%"],
        )
        assert cursor.fetchone()[0] == 1
    assert Device.objects.get().last_number == 1
