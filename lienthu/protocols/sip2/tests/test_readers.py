"""What machines ask and hear of readers, their passwords and their requests."""

from datetime import timedelta

import pytest

from lienthu.circulation.actions import Wish, checkin, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.kernel import clock
from lienthu.patrons.models import Block, Patron
from lienthu.protocols.sip2.messages import RESPONSES, parse
from lienthu.protocols.sip2.tests.machine import Machine, lent

pytestmark = pytest.mark.django_db


# --- readers -------------------------------------------------------------------------------------------------


def test_patron_information_counts_and_lists_in_the_range_that_is_asked_for(machine, network):
    copies = [network.copy() for _one in range(3)]
    for copy in copies:
        lent(machine, copy, network.first)

    said = machine.say("63", AA="T-0001", summary="  Y       ", BP="2", BQ="3")

    assert (said.fixed["charged"], said.fixed["overdue"], said.fixed["holds"]) == ("0003", "0000", "0000")
    assert said.all("AU") == [copy.accession_number for copy in copies[1:]]
    assert (said.get("AE"), said.get("BL"), said.get("CQ"), said.get("BH")) == ("Bạn đọc thứ nhất", "Y", "Y", "VND")
    assert said.fixed["patron_status"] == " " * 14


def test_requests_are_told_apart_into_ready_and_waiting(machine, network):
    copy = network.copy()
    place_hold(actor=network.actor, patron_id=network.first.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk)
    waiting = machine.say("63", AA="T-0001", summary="     Y    ")
    checkin(actor=network.actor, item_id=copy.pk, library_id=network.a.pk)
    ready = machine.say("63", AA="T-0001", summary="Y         ")

    assert (waiting.fixed["holds"], waiting.fixed["unavailable_holds"], waiting.all("CD")) == (
        "0000", "0001", ["Truyện Kiều"],
    )  # fmt: skip
    assert (ready.fixed["holds"], ready.fixed["unavailable_holds"], ready.all("AS")) == (
        "0001",
        "0000",
        ["Truyện Kiều"],
    )


def test_a_letter_that_is_written_as_the_delimiter_parts_no_field(network):
    Patron.objects.filter(pk=network.first.id).update(full_name="Trần\u037eBL Y")
    machine = Machine(network.a, login="may9", delimiter=";")
    signed = machine.raw(f"9300CN{machine.terminal.login};CO{machine.password};".encode())
    assert signed.startswith(b"941")
    line = machine.raw(b"63000" + b"20261123    101010" + b" " * 10 + b"AOx;AAT-0001;")
    said = parse(line.decode().rstrip("\r"), ";", layouts=RESPONSES)
    assert (said.all("AE"), said.all("BL")) == (["Trần BL Y"], ["Y"])


def test_nothing_of_a_reader_but_the_name_is_told(machine, network):
    said = machine.say("63", AA="T-0001")

    assert {name for name, _value in said.fields} == {"AO", "AA", "AE", "BZ", "CB", "BL", "CQ", "BH", "BV"}


def test_opening_a_reader_is_in_the_trail_once_for_each_session(machine, network, trail):
    for _one in range(3):
        machine.say("63", AA="T-0001")
    machine.say("35", AA="T-0001")
    machine.say("23", AA="T-0001")

    entries = trail("sip2.reader_seen")
    assert [entry.target_id for entry in entries] == [network.first.public_id] * 2


def test_a_blocked_reader_is_shown_as_denied(machine, network):
    network.first.block("Chưa bồi thường")

    said = machine.say("23", AA="T-0001")

    assert said.fixed["patron_status"][:5] == "YYYY "
    assert said.get("AF") == "Bạn đọc bị ngừng mượn: Chưa bồi thường."


def test_a_machine_may_block_a_card_and_lift_only_its_own_block(machine, network):
    network.first.block("Do quầy đặt")

    machine.say("01", AA="T-0001", AL="Thẻ bị bỏ quên")
    assert Block.objects.filter(lifted_at=None).count() == 2
    machine.say("25", AA="T-0001")

    assert [block.reason for block in Block.objects.filter(lifted_at=None)] == ["Do quầy đặt"]


# --- passwords of readers --------------------------------------------------------------------------------------


@pytest.fixture
def account(network):
    from lienthu.identity.tests.factories import PASSWORD, make_account

    made = make_account("bandoc", "Bạn đọc thứ nhất", password=PASSWORD)
    network.first.link(made)
    return PASSWORD


def test_a_machine_that_asks_for_passwords_serves_nobody_without(make_machine, network, account):
    machine, copy = make_machine(needs_pin=True), network.copy()

    none, wrong = lent(machine, copy, network.first), lent(machine, copy, network.first, AD="sai")
    asked = machine.say("63", AA="T-0001", AD="sai", summary="  Y       ")

    assert (none.fixed["ok"], wrong.fixed["ok"]) == ("0", "0")
    assert (asked.get("BL"), asked.get("CQ"), asked.get("AE"), asked.fixed["charged"]) == ("Y", "N", "", "0000")
    assert not Loan.objects.exists()


def test_a_right_password_counts_until_the_session_ends(make_machine, network, account):
    machine, copy = make_machine(needs_pin=True), network.copy()

    assert machine.say("63", AA="T-0001", AD=account).get("CQ") == "Y"
    assert lent(machine, copy, network.first).fixed["ok"] == "1"
    machine.say("35", AA="T-0001")
    assert machine.say("63", AA="T-0001").get("CQ") == "N"


def test_a_wrong_password_is_never_called_right_even_where_none_is_needed(machine, network, account):
    assert machine.say("63", AA="T-0001", AD="sai").get("CQ") == "N"
    assert machine.say("63", AA="T-0002", AD="bất kỳ").get("CQ") == "N"
    assert machine.say("63", AA="T-0001", AD=account).get("CQ") == "Y"


def test_guessing_a_reader_s_password_is_stopped(make_machine, network, account, trail):
    machine = make_machine(needs_pin=True)
    for _one in range(5):
        machine.say("63", AA="T-0001", AD="sai")

    assert machine.say("63", AA="T-0001", AD=account).get("CQ") == "N"
    assert trail("sip2.pin_failed").count() == 5


# --- requests ------------------------------------------------------------------------------------------------


def test_a_request_is_placed_and_taken_back(machine, network):
    copy = network.copy()
    checkout(actor=network.actor, item_id=copy.pk, patron_id=network.second.id, library_id=network.a.pk)

    placed = machine.say("15", AA="T-0001", AB=copy.accession_number)
    again = machine.say("15", AA="T-0001", AB=copy.accession_number, at=clock.now() + timedelta(seconds=5))
    cancelled = machine.say("15", mode="-", AA="T-0001", AB=copy.accession_number)

    assert (placed.fixed["ok"], placed.get("BR"), placed.get("BS")) == ("1", "1", network.a.code)
    assert (again.fixed["ok"], again.get("AF")) == ("0", "Bạn đọc đã đặt mượn tài liệu này.")
    assert cancelled.fixed["ok"] == "1"
    assert Hold.objects.get().state == "CANCELLED"


def test_a_request_for_another_library_s_counter_is_refused(machine, network):
    said = machine.say("15", AA="T-0001", AB=network.copy().accession_number, BS=network.b.code)

    assert said.fixed["ok"] == "0"
    assert not Hold.objects.exists()
