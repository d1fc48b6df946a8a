"""Money at a self-service machine, from the charge to the paper and the page of the desk."""

import pytest
from django.test import Client

from lienthu.audit.actions import writing
from lienthu.fees.actions import charge
from lienthu.fees.models import Entry as Booked
from lienthu.fees.models import Line, Receipt
from lienthu.fees.queries import balance
from lienthu.kernel import clock

pytestmark = pytest.mark.django_db


def owe(network, amount, *, at=None, key="c1"):
    with writing(network.actor) as w:
        return charge(
            w,
            patron_id=network.first.id,
            library_id=(at or network.a).pk,
            kind="COPY",
            amount=amount,
            because={},
            key=key,
        )


def owed(network, at=None) -> int:
    return balance(network.first.id, library_id=(at or network.a).pk).owed


def test_a_reader_asks_pays_a_part_and_finds_the_paper_at_the_desk(machine, network, trail):
    owe(network, 12_000)
    asked = machine.say("63", AA="T-0001", summary="   Y      ")

    said = machine.say("37", AA="T-0001", BV="5000.00", BK="GIAO-DICH-7")
    after = machine.say("23", AA="T-0001")

    assert (asked.get("BV"), asked.get("BH"), asked.fixed["fines"]) == ("12000", "VND", "0001")
    assert asked.all("AV") == [f"12000 VND {clock.today():%d/%m/%Y}"]
    assert (said.fixed["ok"], said.get("BK"), said.get("AF")) == ("Y", "GIAO-DICH-7", "Đã ghi nhận tiền.")
    assert after.get("BV") == "7000"
    booked = Booked.objects.get(kind="PAYMENT")
    assert (booked.amount, booked.method, booked.library_id) == (5_000, "TRANSFER", network.a.pk)
    assert dict(Line.objects.filter(entry=booked).values_list("account", "amount")) == {"OWED": -5_000, "BANK": 5_000}
    paper = Receipt.objects.get(entry=booked)
    noted = trail("fees.paid").get()
    assert (noted.actor_name, noted.details) == ("SIP2 may-1", {"amount": 5_000, "method": "TRANSFER"})
    desk = Client()
    desk.force_login(network.desk_a.account)
    page = desk.get(f"/ban-lam-viec/thu-tien/ban-doc/{network.first.public_id}/").content.decode()
    assert "Còn nợ <strong>7.000 đồng</strong>" in page
    assert paper.shown in page


def test_a_payment_sent_again_is_booked_once_also_over_a_new_line(machine, network):
    owe(network, 12_000)
    line = machine.line("37", AA="T-0001", BV="5000", at=clock.now())

    first, second = machine.raw(line), machine.raw(line)
    machine.connect().signed_in()
    third = machine.read(machine.raw(line))

    assert first == second
    assert third.fixed["ok"] == "Y"
    assert Booked.objects.filter(kind="PAYMENT").count() == 1
    assert owed(network) == 7_000


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"BV": "12001"}, "Số tiền lớn hơn số phải nộp."),
        ({"BV": "5000", "payment_type": "00"}, "Máy này không nhận tiền mặt. Mời nộp ở quầy."),
        ({"BV": "5000", "currency": "USD"}, "Số tiền phải là một số đồng Việt Nam (VND)."),
        ({"BV": "5000.50"}, "Số tiền phải là một số đồng Việt Nam (VND)."),
        ({"BV": "-5000"}, "Số tiền phải là một số đồng Việt Nam (VND)."),
        ({"BV": "0"}, "Số tiền phải là một số đồng Việt Nam (VND)."),
        ({"BV": ""}, "Số tiền phải là một số đồng Việt Nam (VND)."),
        ({"BV": "9" * 400}, "Số tiền phải là một số đồng Việt Nam (VND)."),
    ],
)
def test_what_cannot_be_booked_is_refused_with_the_reason_and_changes_nothing(machine, network, given, sentence):
    owe(network, 12_000)

    said = machine.say("37", AA="T-0001", BK="GIAO-DICH-8", **given)

    assert (said.fixed["ok"], said.get("BK"), said.get("AF")) == ("N", "GIAO-DICH-8", sentence)
    assert Booked.objects.filter(kind="PAYMENT").count() == 0
    assert owed(network) == 12_000


def test_a_machine_asks_for_and_takes_only_what_is_owed_to_its_own_library(machine, network):
    owe(network, 12_000, at=network.b)

    asked, said = machine.say("63", AA="T-0001"), machine.say("37", AA="T-0001", BV="12000")

    assert (asked.get("BV"), asked.fixed["fines"]) == ("0", "0000")
    assert (said.fixed["ok"], said.get("AF")) == ("N", "Bạn đọc không phải nộp khoản nào ở thư viện này.")
    assert owed(network, network.b) == 12_000
    assert Booked.objects.filter(kind="PAYMENT").count() == 0
