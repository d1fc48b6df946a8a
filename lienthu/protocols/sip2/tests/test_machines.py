"""What machines ask and hear of copies, work without network, permissions and the line itself."""

from datetime import timedelta

import pytest

from lienthu.circulation.actions import checkout
from lienthu.circulation.models import Loan
from lienthu.kernel import clock
from lienthu.patrons.models import Block
from lienthu.protocols.sip2.tests.machine import lent, request

pytestmark = pytest.mark.django_db


# --- copies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [("AVAILABLE", "03"), ("IN_PROCESS", "06"), ("LOST", "12"), ("DAMAGED", "01")]
)
def test_item_information_tells_how_a_copy_stands(machine, network, status, code):
    said = machine.say("17", AB=network.copy(status).accession_number)

    assert (said.fixed["circulation_status"], said.get("AJ"), said.get("BG")) == (code, "Truyện Kiều", network.a.code)


def test_item_information_of_a_lent_copy_tells_the_day_and_no_reader(machine, network):
    copy = network.copy()
    lent(machine, copy, network.first)

    said = machine.say("17", AB=copy.accession_number)

    assert said.fixed["circulation_status"] == "04"
    assert said.get("AH")[:8] == Loan.objects.get(item=copy).due_on.strftime("%Y%m%d")
    assert not {"AA", "AE", "CY"} & {name for name, _value in said.fields}


def test_marks_of_a_machine_on_a_copy_are_refused_openly(machine, network):
    said = machine.say("19", AB=network.copy().accession_number, CH="bìa rách")

    assert (said.code, said.fixed["ok"]) == ("20", "0")


# --- without network ------------------------------------------------------------------------------------------


def test_what_was_done_without_network_is_booked_at_its_time(machine, network):
    copy, at = network.copy(), (clock.now() - timedelta(hours=5)).replace(microsecond=0)
    network.first.block("Đặt sau khi mất mạng")

    said = lent(machine, copy, network.first, no_block="Y", at=at)

    assert said.fixed["ok"] == "1"
    assert Loan.objects.get(item=copy).started_at == at


def test_the_stored_messages_sent_twice_are_booked_once(machine, network):
    copy, at = network.copy(), (clock.now() - timedelta(hours=5)).replace(microsecond=0)
    for _one in range(2):
        lent(machine, copy, network.first, no_block="Y", at=at)
        machine.say("09", no_block="Y", AB=copy.accession_number, at=at + timedelta(hours=1))

    assert Loan.objects.filter(item=copy).count() == 1
    assert Loan.objects.get(item=copy).ended_at == at + timedelta(hours=1)


def test_what_the_network_knows_better_is_refused_and_stays_in_the_trail(machine, network, trail):
    copy, at = network.copy(), (clock.now() - timedelta(hours=5)).replace(microsecond=0)
    checkout(actor=network.actor, item_id=copy.pk, patron_id=network.second.id, library_id=network.a.pk)

    lending = lent(machine, copy, network.first, no_block="Y", at=at)
    taking = machine.say("09", no_block="Y", AB=copy.accession_number, at=at)

    assert (lending.fixed["ok"], taking.fixed["ok"]) == ("0", "0")
    assert Loan.objects.get(item=copy, ended_at=None).patron_id == network.second.id
    noted = trail("sip2.offline_refused").order_by("seq")
    assert [entry.details["reasons"] for entry in noted] == [["CHANGED_SINCE"]] * 2


def test_a_machine_without_the_permission_cannot_pass_the_rules_by_calling_it_done(make_machine, network):
    machine, copy = make_machine(permits=["CHECKOUT", "CHECKIN"]), network.copy()
    network.first.block("Chưa bồi thường")

    said = lent(machine, copy, network.first, no_block="Y")

    assert said.fixed["ok"] == "0"
    assert not Loan.objects.exists()


# --- permissions and signing in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("11", {"AA": "T-0001", "AB": "x"}),
        ("09", {"AB": "x"}),
        ("29", {"AA": "T-0001", "AB": "x"}),
        ("65", {"AA": "T-0001"}),
        ("63", {"AA": "T-0001"}),
        ("23", {"AA": "T-0001"}),
        ("15", {"AA": "T-0001", "AB": "x"}),
        ("37", {"AA": "T-0001", "BV": "1000"}),
        ("01", {"AA": "T-0001"}),
        ("25", {"AA": "T-0001"}),
    ],
)
def test_what_a_machine_may_not_do_is_refused_message_by_message(make_machine, code, given):
    said = make_machine(permits=[]).say(code, **given)

    assert said.get("AF") == "Máy này không được làm việc này."
    assert said.get("AE") == ""
    assert not Block.objects.exists()


def test_the_status_tells_what_this_machine_may_do(make_machine, network):
    said = make_machine(permits=["CHECKIN"]).say("99")

    assert (said.fixed["online"], said.fixed["checkin"], said.fixed["checkout"]) == ("Y", "Y", "N")
    assert (said.get("BX"), said.get("AM")) == ("NNYNYYYNYNYNNNNN", "Thư viện A")
    assert said.fixed["version"] == "2.00"


def test_nothing_is_answered_before_signing_in_but_the_status(machine, network):
    machine.connect()

    assert machine.say("99").fixed["online"] == "N"
    assert machine.raw(machine.line("63", AA="T-0001")) == b""


@pytest.mark.parametrize(("values", "how"), [
    ({"enabled": False}, {}),
    ({"needs_tls": True}, {}),
    ({"addresses": ["192.168.0.0/24"]}, {}),
])  # fmt: skip
def test_a_machine_that_may_not_come_is_not_let_in(network, values, how, trail):
    from lienthu.protocols.sip2.tests.machine import Machine

    machine = Machine(network.a, **values)

    assert machine.say("93", CN="may-1", CO=machine.password).fixed["ok"] == "0"
    assert trail("sip2.sign_in_failed").count() == 1


def test_a_machine_within_its_network_and_with_tls_is_let_in(network):
    from lienthu.protocols.sip2.tests.machine import Machine

    machine = Machine(network.a, needs_tls=True, addresses=["192.168.0.0/24"])

    assert (
        machine.connect(address="192.168.0.9", tls=True).say("93", CN="may-1", CO=machine.password).fixed["ok"] == "1"
    )


def test_guessing_a_machine_s_password_closes_its_sign_in_from_there(machine, trail):
    machine.connect()
    for _one in range(5):
        assert machine.say("93", CN="may-1", CO="sai").fixed["ok"] == "0"

    assert machine.say("93", CN="may-1", CO=machine.password).fixed["ok"] == "0"
    assert machine.connect(address="10.0.0.8").say("93", CN="may-1", CO=machine.password).fixed["ok"] == "1"
    entry = trail("sip2.sign_in_failed").first()
    assert entry.details == {"why": "PASSWORD", "network": "10.0.0.0/24"}


# --- the line itself -------------------------------------------------------------------------------------------


def test_a_wrong_checksum_is_answered_96_and_nothing_is_done(machine, network):
    copy = network.copy()
    line = machine.line("11", AA="T-0001", AB=copy.accession_number)

    assert machine.raw(line[:-4] + b"0000") == b"96AZFEF6\r"
    assert not Loan.objects.exists()
    assert machine.read(machine.raw(line)).fixed["ok"] == "1"


def test_a_machine_that_never_speaks_rightly_is_let_go(machine):
    from lienthu.protocols.sip2.handlers import answer

    replies = [answer(machine.session, b"nonsense") for _one in range(5)]

    assert [reply.close for reply in replies] == [False] * 4 + [True]


def test_answers_carry_the_number_and_checksum_of_the_request_or_none(machine):
    assert machine.raw(request("99", sequence="7")).split(b"AY")[-1][:3] == b"7AZ"
    assert b"AY" not in machine.raw(request("99", sequence=""))


def test_error_detection_is_demanded_or_left_out_as_the_machine_is_set_up(make_machine):
    strict = make_machine(detection="REQUIRED")
    plain = make_machine(login="may-2", detection="OFF")

    assert strict.raw(request("99", sequence="")) == b"96AZFEF6\r"
    assert strict.read(strict.raw(request("99", sequence="3"))).sequence == "3"
    assert b"AZ" not in plain.raw(request("99", sequence="3"))


def test_line_end_and_delimiter_are_those_of_the_machine(network):
    from lienthu.protocols.sip2.tests.machine import Machine

    machine = Machine(network.a, line_end="CRLF", delimiter="^")
    machine.session.delimiter = "^"
    body = f"9300CNmay-1^CO{machine.password}^".encode()
    assert machine.raw(body) == b"941\r\n"

    raw = machine.raw(b"2300020260101    120000AOx^AAT-0001^AC^AD^")
    assert "AEBạn đọc thứ nhất^".encode() in raw
    assert b"|" not in raw


def test_names_reach_an_old_machine_without_marks_instead_of_broken(make_machine):
    machine = make_machine(charset="cp850")

    assert machine.say("23", AA="T-0001").get("AE") == "Ban doc thu nhat"


def test_names_reach_a_windows_machine_with_their_marks(make_machine):
    machine = make_machine(charset="cp1258")

    assert machine.say("23", AA="T-0001").get("AE") == "Bạn đọc thứ nhất"
