"""What machines ask and hear: lending, taking in, renewing, without a socket between."""

from datetime import timedelta

import pytest

from lienthu.catalogue.models import Item
from lienthu.circulation.actions import Wish, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.kernel import clock
from lienthu.patrons.models import Card
from lienthu.protocols.sip2.tests.machine import lent

pytestmark = pytest.mark.django_db


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
