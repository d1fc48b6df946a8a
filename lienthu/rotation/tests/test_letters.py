"""Reminders as letters: to whom, how often, and what a mail server that fails changes."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, transaction

from lienthu.identity.models import Account, Grant
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import Person, person
from lienthu.notices.tests.conftest import Letters, letters
from lienthu.rotation import jobs
from lienthu.rotation.actions import change_set, give_back, remind_of_sets, scan_back, send_letters
from lienthu.rotation.models import Letter
from lienthu.rotation.policy import LETTER_WAITS, next_letter
from lienthu.rotation.tests.test_pages import DESK, browser

__all__ = ["letters"]
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE = date(2027, 3, 1)
# The day of the first reminder, 14 days before.
FIRST = datetime(2027, 2, 15, 3, 0, tzinfo=UTC)
SECOND = datetime(2027, 2, 26, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def addressed(one: Person) -> Person:
    Account.objects.filter(pk=one.account.pk).update(email=f"{one.account.username}@thuvien.example")
    return one


@pytest.fixture
def managers(network) -> list[Person]:
    """Managers of A, of B and of C, who have e-mail."""
    fresh = [person(f"phutrach{letter}2", "LIBRARY_MANAGER", getattr(network, letter).scope) for letter in "bc"]
    return [addressed(one) for one in (network.manager_a, *fresh)]


def at(moment: datetime) -> int:
    with clock.frozen(moment):
        return jobs.remind(0) or send_letters()


def to_whom(mail: Letters) -> list[str]:
    parsed = [message_from_bytes(one, policy=policy.default) for one in mail.got]
    return sorted(one["To"].split("@")[0] for one in parsed)


def states() -> list[tuple[str, str, int]]:
    return sorted(Letter.objects.values_list("state", "detail", "tries"))


def test_the_managers_of_both_libraries_today_are_written_to_once(network, sets, managers, letters):
    sets.there(network.copy())
    assert at(FIRST) == 4
    # of the librarians who made the set up and received it, nobody knows an address
    assert to_whom(letters) == ["phutracha", "phutrachb2"]
    assert states() == [("FAILED", "NO_ADDRESS", 1), ("FAILED", "NO_ADDRESS", 1), ("SENT", "", 1), ("SENT", "", 1)]
    assert at(FIRST + timedelta(hours=5)) == 0
    (first,) = {message_from_bytes(one, policy=policy.default)["Subject"].strip() for one in letters.got}
    assert first == "Bộ sách “Tủ sách thôn” sắp đến hạn trả"


def test_who_is_no_longer_in_office_gets_no_letter_and_the_successor_does(network, sets, managers, letters):
    addressed(network.desk_a)
    addressed(network.desk_b)
    sets.there(network.copy())
    Grant.objects.filter(account__in=[network.manager_a.account, network.desk_b.account]).update(
        valid_to=date(2026, 12, 31)
    )
    with clock.frozen(datetime(2027, 1, 5, 3, tzinfo=UTC)):
        addressed(person("phutrachmoi", "LIBRARY_MANAGER", network.a.scope))
    assert at(FIRST) == 3
    assert to_whom(letters) == ["phutrachb2", "phutrachmoi", "thuthua"]


def test_a_letter_that_surely_did_not_arrive_is_tried_again_and_goes_once(network, sets, managers, letters):
    sets.there(network.copy())
    Account.objects.filter(pk=managers[1].account.pk).update(email="")
    letters.refuse = "451 later"
    at(FIRST)
    assert ("WAITING", "SMTP 451", 1) in states()
    letters.refuse = ""
    with clock.frozen(FIRST + timedelta(seconds=LETTER_WAITS[0] - 1)):
        assert (send_letters(), letters.got) == (0, [])
    for minutes in (6, 60, 600):
        with clock.frozen(FIRST + timedelta(minutes=minutes)):
            send_letters()
    assert to_whom(letters) == ["phutracha"]
    assert ("SENT", "", 2) in states()


def test_a_server_that_never_answers_is_given_up_at_last(network, sets, managers, letters):
    sets.there(network.copy())
    letters.refuse = "451 later"
    moment = FIRST
    at(moment)
    for wait in LETTER_WAITS:
        moment += timedelta(seconds=wait)
        with clock.frozen(moment):
            send_letters()
    with clock.frozen(moment + timedelta(days=3)):
        assert send_letters() == 0
    assert next_letter(len(LETTER_WAITS) + 1) is None
    assert ("FAILED", "SMTP 451", len(LETTER_WAITS) + 1) in states() and letters.got == []


def test_a_letter_that_may_have_arrived_is_never_sent_again(network, sets, managers, letters):
    sets.there(network.copy())
    letters.cut = True
    at(FIRST)
    assert {state for state, _detail, _tries in states()} == {"FAILED", "UNCERTAIN"}
    letters.cut = False
    with clock.frozen(FIRST + timedelta(days=2)):
        assert send_letters() == 0
    assert len(letters.got) == 2


def test_a_letter_in_the_hand_of_a_worker_that_died_is_not_sent_again(network, sets, managers, letters):
    sets.there(network.copy())
    with clock.frozen(FIRST):
        remind_of_sets()
    Letter.objects.update(state="SENDING", claimed_at=FIRST)
    with clock.frozen(FIRST + timedelta(minutes=6)):
        assert send_letters() == 0
    assert {state for state, _detail, _tries in states()} == {"UNCERTAIN"} and letters.got == []


def test_a_set_that_went_back_or_has_another_day_is_not_asked_for_any_more(network, sets, managers, letters):
    item = network.copy()
    one = sets.there(item)
    with clock.frozen(FIRST):
        remind_of_sets()
        change_set(actor=network.actor, set_id=one.pk, name=one.name, host=network.b, due_on=date(2027, 4, 1))
        assert send_letters() == 0
    with clock.frozen(datetime(2027, 3, 18, 3, tzinfo=UTC)):
        remind_of_sets()
        scan_back(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
        give_back(actor=network.desk_b.actor, set_id=one.pk, why={})
        assert send_letters() == 0
    assert {state for state, _detail, _tries in states()} == {"SKIPPED"} and letters.got == []


def test_without_a_mail_server_the_letter_waits_and_the_page_says_so(network, sets, managers, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    one = sets.there(network.copy())
    at(FIRST)
    assert ("WAITING", "NO_SERVER", 1) in states()
    page = browser(network.desk_a).get(f"{DESK}{one.public_id}/").content.decode()
    assert "Thư nhắc trả" in page and "15/02/2027</time>: Chờ gửi (2)" in page


def test_the_database_keeps_one_letter_for_a_person_and_a_day(network, sets, managers):
    sets.there(network.copy())
    with clock.frozen(FIRST):
        remind_of_sets()
    one = Letter.objects.order_by("pk").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(set=one.set, day=one.day, account_id=one.account_id, due_at=FIRST)
    at(SECOND)
    assert Letter.objects.filter(day=date(2027, 2, 26)).count() == 4
