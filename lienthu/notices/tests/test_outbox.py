"""The outbox: once for ever, by the way that reaches the reader, and never a second time after a fault."""

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest

from lienthu.audit.actions import writing
from lienthu.kernel import clock
from lienthu.notices.actions import BadNotice, route_new, send, send_due, withdraw
from lienthu.notices.models import Delivery, Notice
from lienthu.notices.tests.conftest import Place, reader

# 09:00 in Vietnam
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BOOK = {"title": "Truyện Kiều", "due_on": "2026-11-25"}


def tell(place: Place, patron, kind: str = "DUE_SOON", key: str = "k1", about: str = "", **params: object) -> None:
    with writing(place.librarian.actor) as w:
        w.nothing_changed()
        send(
            w,
            kind=kind,
            patron_id=patron.pk,
            library_id=place.main.pk,
            params=BOOK | {"days": 3, "until": "2026-11-28", "card": "N-0001"} | params,
            key=key,
            about=about,
        )


def run(at: datetime) -> None:
    with clock.frozen(at):
        while route_new():
            pass
        send_due(seconds=20)


def states() -> list[tuple[str, str, str]]:
    return list(Delivery.objects.order_by("channel").values_list("channel", "state", "reason"))


def test_a_letter_arrives_once_however_often_it_is_told(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):
        tell(place, patron)
        tell(place, patron)
    run(MORNING)
    assert letters.got == []  # letters are collected until the morning of the next day
    run(MORNING + timedelta(days=1))
    run(MORNING + timedelta(days=1))
    (raw,) = letters.got
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["subject"] == "Sắp đến hạn trả: Truyện Kiều"
    assert letter["to"] == "bandoc@example.org"
    assert letter["from"] == "Thư viện tỉnh <lienthu@thuvien.example>"
    assert letter["auto-submitted"] == "auto-generated"
    assert "Hạn trả là ngày 25/11/2026." in letter.get_content()
    assert Notice.objects.count() == 1
    assert states() == [("EMAIL", "SENT", ""), ("PUSH", "SKIPPED", "NO_ADDRESS"), ("SMS", "SKIPPED", "NO_ADDRESS")]


def test_what_is_taken_back_with_its_transaction_is_not_told(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    with pytest.raises(RuntimeError), writing(place.librarian.actor) as w:
        send(w, kind="DUE_SOON", patron_id=patron.pk, library_id=place.main.pk, params=BOOK, key="k1")
        raise RuntimeError
    assert not Notice.objects.exists()


def test_a_notice_without_its_values_or_of_no_kind_is_a_fault_of_the_caller(place):
    patron = reader(place.main)
    for kind, params, key in (("DUE_SOON", {}, "k"), ("NO_KIND", BOOK, "k"), ("DUE_SOON", BOOK, "")):
        with pytest.raises(BadNotice), writing(place.librarian.actor) as w:
            send(w, kind=kind, patron_id=patron.pk, library_id=place.main.pk, params=params, key=key)
    assert not Notice.objects.exists()


def test_several_notices_of_one_day_become_one_letter(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):
        tell(place, patron)
        tell(place, patron, "OVERDUE_1", "k2", title="Dế Mèn phiêu lưu ký", days=3)
        tell(place, patron, "CARD_EXPIRING", "k3")
    run(MORNING)
    run(MORNING + timedelta(days=1))
    (raw,) = letters.got
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["subject"] == "3 thông báo từ thư viện"
    assert "2. Đã quá hạn trả: Dế Mèn phiêu lưu ký" in letter.get_content()
    assert len(set(Delivery.objects.filter(channel="EMAIL").values_list("bundle", flat=True))) == 1


def test_a_reader_of_english_is_written_to_in_english(place, letters):
    patron = reader(place.main, email="bandoc@example.org", language="en")
    with clock.frozen(MORNING):
        tell(place, patron)
    run(MORNING)
    run(MORNING + timedelta(days=1))
    letter = email.message_from_bytes(letters.got[0], policy=email.policy.default)
    assert letter["subject"] == "Due soon: Truyện Kiều"
    assert "on loan from Provincial library" in letter.get_content()
    assert letter["content-language"] == "en"


def test_what_is_no_longer_true_is_not_sent(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):
        tell(place, patron, about="loan:1")
    run(MORNING)
    withdraw(about="loan:1")
    run(MORNING + timedelta(days=1))
    assert letters.got == []
    assert ("EMAIL", "SKIPPED", "NO_LONGER_TRUE") in states()


def test_a_reader_whom_no_way_reaches_comes_on_the_list_of_the_desk(place, letters):
    patron = reader(place.main)
    with clock.frozen(MORNING):
        tell(place, patron)
    run(MORNING)
    assert ("DESK", "WAITING", "") in states()


@pytest.mark.parametrize(
    ("answer", "state", "reason", "detail"),
    [("451 later", "WAITING", "BUSY", "SMTP 451"), ("550 no such person", "FAILED", "REFUSED", "SMTP 550")],
)
def test_a_mail_server_that_says_no_is_asked_again_or_believed(place, letters, answer, state, reason, detail):
    patron = reader(place.main, email="bandoc@example.org")
    letters.refuse = answer
    with clock.frozen(MORNING):
        tell(place, patron, "HOLD_READY")
    run(MORNING)
    run(MORNING + timedelta(minutes=11))
    one = Delivery.objects.get(channel="EMAIL")
    assert (one.state, one.reason, one.detail, one.tries) == (state, reason, detail, 1 if state == "WAITING" else 0)
    assert Delivery.objects.filter(channel="DESK").exists() is (state == "FAILED")


def test_a_server_that_is_down_is_tried_again_and_given_up_in_the_end(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    letters.refuse = "421 closed"
    with clock.frozen(MORNING):
        tell(place, patron, "HOLD_READY")
    moment = MORNING
    waits = []
    for _ in range(9):
        run(moment)
        one = Delivery.objects.filter(channel="EMAIL").first()
        assert one is not None
        if one.state != "WAITING":
            break
        waits.append(round((one.due_at - moment).total_seconds()))
        moment = one.due_at
    assert waits == [600, 60, 300, 1800, 7200, 21600, 43200]
    assert (one.state, one.tries) == ("FAILED", 7)
    assert letters.got == []
    assert Delivery.objects.get(channel="DESK").state == "WAITING"


def test_a_line_cut_while_a_letter_is_handed_over_is_uncertain_and_not_tried_again(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    letters.cut = True
    with clock.frozen(MORNING):
        tell(place, patron, "HOLD_READY")
    run(MORNING)
    run(MORNING + timedelta(minutes=11))
    run(MORNING + timedelta(days=1))
    assert len(letters.got) == 1
    assert ("EMAIL", "UNCERTAIN", "CUT") in states()
