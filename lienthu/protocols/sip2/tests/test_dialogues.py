"""What machines ask and hear, message by message, without a socket between."""

from datetime import timedelta

import pytest

from lienthu.catalogue.models import Item
from lienthu.circulation.actions import Wish, checkin, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.kernel import clock
from lienthu.patrons.models import Block, Card
from lienthu.protocols.sip2.tests.machine import request

pytestmark = pytest.mark.django_db


def lent(machine, copy, reader, **given):
    return machine.say("11", AA=reader.card, AB=copy.accession_number, **given)


# --- lending -------------------------------------------------------------------------------------------------


def test_a_checkout_makes_one_loan_of_this_library_through_this_channel(machine, network):
    copy = network.copy()

    said = lent(machine, copy, network.first)

    loan = Loan.objects.get(item=copy)
    assert (loan.patron_id, loan.library_id, loan.channel) == (network.first.id, network.a.pk, "SIP2")
    assert said.code == "12"
    assert (said.fixed["ok"], said.fixed["renewal_ok"], said.fixed["desensitize"]) == ("1", "N", "Y")
    assert (said.get("AA"), said.get("AB"), said.get("AJ")) == ("T-0001", copy.accession_number, "Truyện Kiều")
    assert said.get("AH")[:8] == loan.due_on.strftime("%Y%m%d")
    assert said.get("AF") == f"Hạn trả: {loan.due_on:%d/%m/%Y}."


def test_the_trail_names_the_machine_and_the_copy_and_no_reader(machine, network, trail):
    copy = network.copy()

    lent(machine, copy, network.first)

    entry = trail("circulation.checked_out").get()
    assert (entry.actor_name, entry.target_id) == ("SIP2 may-1", copy.accession_number)
    assert "T-0001" not in str(entry.details)


def test_a_message_sent_again_is_answered_from_memory_and_done_once(machine, network):
    copy = network.copy()
    line = machine.line("11", AA="T-0001", AB=copy.accession_number)

    first, second = machine.raw(line), machine.raw(line)

    assert first == second
    assert Loan.objects.filter(item=copy).count() == 1


def test_a_message_sent_again_after_a_broken_connection_finds_its_loan(machine, network):
    copy, at = network.copy(), clock.now()
    first = lent(machine, copy, network.first, at=at)
    machine.connect().signed_in()

    second = lent(machine, copy, network.first, at=at)

    assert (first.fixed["ok"], second.fixed["ok"]) == ("1", "1")
    assert second.get("AH") == first.get("AH")
    assert Loan.objects.filter(item=copy).count() == 1


def test_a_machine_whose_clock_stands_still_can_lend_a_copy_again(machine, network):
    copy, at = network.copy(), clock.now()
    lent(machine, copy, network.first, at=at)
    machine.say("09", AB=copy.accession_number, at=at)

    again = lent(machine, copy, network.first, at=at)
    machine.say("09", AB=copy.accession_number, at=at)

    assert again.fixed["ok"] == "1"
    assert Loan.objects.filter(item=copy).count() == 2
    assert Loan.objects.filter(item=copy, ended_at=None).count() == 0


def test_97_brings_the_last_answer_again_byte_for_byte(machine, network):
    line = machine.line("17", AB=network.copy().accession_number)
    first = machine.raw(line)

    assert machine.raw(b"97AZFEF5") == first


def test_97_before_any_answer_is_answered_96(machine):
    assert machine.connect().raw(b"97AZFEF5") == b"96AZFEF6\r"


def test_a_copy_lent_to_somebody_else_is_refused_with_the_reason(machine, network):
    copy = network.copy()
    checkout(actor=network.actor, item_id=copy.pk, patron_id=network.second.id, library_id=network.a.pk)

    said = lent(machine, copy, network.first)

    assert (said.fixed["ok"], said.get("AH")) == ("0", "")
    assert said.get("AF") == "Bản này đang ghi cho bạn đọc khác mượn."
    assert Loan.objects.get(item=copy).patron_id == network.second.id


def test_all_reasons_of_a_refusal_are_said(machine, network):
    network.first.block("Chưa bồi thường")
    network.first.is_child()

    said = lent(machine, network.copy(), network.first)

    assert said.all("AF") == [
        "Bạn đọc bị ngừng mượn: Chưa bồi thường.",
        "Bạn đọc dưới 16 tuổi chưa có người giám hộ đồng ý.",
    ]
    assert not Loan.objects.exists()


def test_reasons_are_said_in_english_to_who_asked_in_english(machine, network):
    machine.say("23", language="001", AA="T-0001")

    said = lent(machine, network.copy("DAMAGED"), network.first)

    assert said.get("AF") == "This copy is marked as damaged."


def test_one_s_own_loan_is_renewed_when_the_machine_allows_it(machine, network):
    copy = network.copy()
    lent(machine, copy, network.first)

    refused = lent(machine, copy, network.first, renewal_policy="N", at=clock.now() + timedelta(seconds=5))
    Loan.objects.filter(item=copy).update(due_on=clock.today(), due_at=clock.now() + timedelta(hours=1))
    renewed = lent(machine, copy, network.first, renewal_policy="Y")

    assert (refused.fixed["ok"], refused.get("AF")) == ("0", "Bạn đọc đang mượn chính tài liệu này.")
    assert (renewed.fixed["ok"], renewed.fixed["renewal_ok"], renewed.fixed["desensitize"]) == ("1", "Y", "N")
    assert Loan.objects.get(item=copy).renewals == 1


def test_a_checkout_that_could_not_be_unlocked_is_taken_back(machine, network):
    copy = network.copy()
    lent(machine, copy, network.first)

    said = lent(machine, copy, network.first, BI="Y")

    assert (said.fixed["ok"], said.get("AF")) == ("1", "Đã hủy lần mượn này.")
    assert Item.objects.get(pk=copy.pk).status == "AVAILABLE"


def test_unknown_cards_and_copies_are_refused(machine, network):
    copy = network.copy()

    assert machine.say("11", AA="KHONG-CO", AB=copy.accession_number).get("AF") == "Không tìm thấy thẻ này."
    assert machine.say("11", AA="T-0001", AB="KHONG-CO").get("AF") == "Không có bản tài liệu nào mang số này."
    assert not Loan.objects.exists()


@pytest.mark.parametrize("status", ["LOST", "REPLACED", "RETURNED"])
def test_a_card_that_is_not_in_use_lends_nothing_and_tells_no_name(machine, network, status):
    Card.objects.filter(number="T-0001").update(status=status)

    said, asked = lent(machine, network.copy(), network.first), machine.say("63", AA="T-0001", summary="  Y       ")

    assert said.fixed["ok"] == "0"
    assert (asked.get("BL"), asked.get("CQ"), asked.get("AE")) == ("N", "N", "")
    assert (asked.fixed["patron_status"][4] == "Y") is (status == "LOST")
    assert not Loan.objects.exists()


# --- taking in -----------------------------------------------------------------------------------------------


def test_a_return_ends_the_loan(machine, network):
    copy = network.copy()
    lent(machine, copy, network.first)

    said = machine.say("09", AB=copy.accession_number)

    assert (said.code, said.fixed["ok"], said.fixed["alert"], said.fixed["resensitize"]) == ("10", "1", "N", "Y")
    assert (said.get("AQ"), said.get("AJ")) == (network.a.code, "Truyện Kiều")
    assert Loan.objects.get(item=copy).ended_at is not None


def test_a_return_for_who_waits_here_says_so_and_names_the_card_only_where_it_may(make_machine, network):
    copy = network.copy()
    place_hold(actor=network.actor, patron_id=network.first.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk)

    said = make_machine().say("09", AB=copy.accession_number)
    other = make_machine(login="may-2", permits=["CHECKIN"]).say("09", AB=copy.accession_number)

    assert (said.fixed["alert"], said.get("CV"), said.get("CT"), said.get("CY")) == (
        "Y",
        "01",
        network.a.code,
        "T-0001",
    )
    assert Hold.objects.get().state == "READY"
    assert (other.get("CV"), other.get("CY")) == ("01", "")


def test_a_return_for_who_waits_elsewhere_goes_there(machine, network):
    copy = network.copy()
    place_hold(
        actor=network.desk_b.actor, patron_id=network.first.id, wish=Wish(network.kieu), pickup_library_id=network.b.pk
    )

    said = machine.say("09", AB=copy.accession_number)

    assert (said.get("CV"), said.get("CT"), said.get("AF")) == ("02", network.b.code, "Gửi đến Thư viện B.")


def test_a_copy_of_another_library_is_sent_home(make_machine, network):
    copy = network.copy()
    from lienthu.protocols.sip2.tests.machine import Machine

    said = Machine(network.b, login="may-b").signed_in().say("09", AB=copy.accession_number)

    assert (said.get("CV"), said.get("CT"), said.get("AQ")) == ("04", network.a.code, network.a.code)
    assert Item.objects.get(pk=copy.pk).status == "IN_TRANSIT"


# --- renewing ------------------------------------------------------------------------------------------------


def test_renew_all_says_what_was_renewed_and_what_not(machine, network):
    good, bad = network.copy(), network.copy()
    for copy in (good, bad):
        lent(machine, copy, network.first)
    soon = {"due_on": clock.today(), "due_at": clock.now() + timedelta(hours=1)}
    Loan.objects.filter(item=good).update(**soon)
    Loan.objects.filter(item=bad).update(**soon, renewals=99)

    said = machine.say("65", AA="T-0001")

    assert (said.fixed["renewed"], said.fixed["unrenewed"]) == ("0001", "0001")
    assert (said.all("BM"), said.all("BN")) == ([good.accession_number], [bad.accession_number])


def test_a_loan_of_another_reader_cannot_be_renewed(machine, network):
    copy = network.copy()
    lent(machine, copy, network.second)

    said = machine.say("29", AA="T-0001", AB=copy.accession_number)

    assert (said.fixed["ok"], said.get("AF")) == ("0", "Bạn đọc không mượn bản này.")


def test_a_loan_of_another_library_is_renewed_there(machine, network):
    copy = network.copy()
    checkout(actor=network.desk_b.actor, item_id=copy.pk, patron_id=network.first.id, library_id=network.b.pk)

    said = machine.say("29", AA="T-0001", AB=copy.accession_number)

    assert said.fixed["ok"] == "0"
    assert said.get("AF").startswith("Bản này mượn ở thư viện khác")


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
