"""Whatever happens to money in whatever order: balances are sums of rows, nothing falls below zero."""

from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthu.audit.actions import writing
from lienthu.fees.actions import (
    Refused,
    charge,
    pay,
    refund,
    return_deposit,
    reverse,
    take_back,
    take_deposit,
    waive,
)
from lienthu.fees.models import Charge, Entry, Line, Receipt
from lienthu.fees.policy.allocating import Open, TooMuch, allocate
from lienthu.fees.policy.cash import in_words
from lienthu.fees.policy.statements import candidates, reference
from lienthu.fees.policy.vietqr import Transfer, Unreadable, crc16, payload, read
from lienthu.fees.queries import balance, open_charges
from lienthu.fees.tests.conftest import Till
from lienthu.kernel import ids
from lienthu.kernel.money import money

PAID_WITH = {"pay": "CASH", "use": "DEPOSIT", "credit": "CREDIT"}
AMOUNTS = st.integers(1, 50_000)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["charge", "pay", "deposit", "use", "credit", "waive", "return", "refund", "uncharge", "back", "again"]
        ),
        AMOUNTS,
        st.integers(0, 30),
    ),
    max_size=14,
)


@given(
    st.lists(st.integers(1, 10**6), max_size=12),
    st.integers(1, 10**7),
)
def test_an_allocation_gives_all_of_the_payment_oldest_first_and_never_more_than_is_open(opens, amount):
    charges = [Open(number, "FINE", date(2026, 1, 1 + number % 3), still) for number, still in enumerate(opens)]
    if amount > sum(opens):
        with pytest.raises(TooMuch):
            allocate(amount, charges)
        return
    shares = allocate(amount, charges)
    assert sum(share.amount for share in shares) == amount
    assert all(0 < share.amount <= opens[share.charge_id] for share in shares)
    assert all(share.left == 0 for share in shares[:-1])
    order = sorted(charges, key=lambda one: (one.on, one.charge_id))
    assert [share.charge_id for share in shares] == [one.charge_id for one in order[: len(shares)]]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_balances_are_sums_of_rows_whatever_happens_in_whatever_order(till, steps):
    with transaction.atomic():
        for number, step in enumerate(steps):
            _do(till, number, *step)
            _holds(till)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _do(till: Till, number: int, what: str, amount: int, which: int) -> None:
    """One step; a refusal changes nothing."""
    before = (balance(till.first.id), Line.objects.count(), Receipt.objects.count())
    mine = {"patron_id": till.first.id, "library_id": till.a.pk, "amount": amount, "key": f"s{number}"}
    charges, entries = list(Charge.objects.order_by("pk")), list(Entry.objects.order_by("pk"))
    try:
        with writing(till.desk_a.actor) as w:
            w.nothing_changed()
            if what in ("charge", "again"):
                kind = "DEPOSIT" if what == "again" and which % 2 else "FINE"
                charge(w, kind=kind, because={}, **mine)
            elif what in PAID_WITH:
                pay(w, method=PAID_WITH[what], **mine)
            elif what == "deposit":
                take_deposit(w, method="CASH", **mine)
            elif what == "return":
                return_deposit(w, method="CASH", **mine)
            elif what == "refund":
                refund(w, method="TRANSFER", **mine)
            elif what == "waive" and charges:
                found = charges[which % len(charges)]
                waive(w, charge_id=found.pk, library_id=till.a.pk, amount=amount, reason="x", key=f"s{number}")
            elif what == "uncharge" and charges:
                reverse(w, key=charges[which % len(charges)].entry.key)
            elif what == "back" and entries:
                entry = entries[which % len(entries)]
                take_back(w, entry_id=entry.pk, library_id=till.a.pk, reason="x", key=f"s{number}")
    except Refused:
        assert before == (balance(till.first.id), Line.objects.count(), Receipt.objects.count())


def _holds(till: Till) -> None:
    lines = list(Line.objects.select_related("entry"))
    sums: dict[str, int] = {}
    by_charge: dict[int, int] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, 0) + line.amount
        if line.charge_id is not None:
            by_charge[line.charge_id] = by_charge.get(line.charge_id, 0) + line.amount
    stands = balance(till.first.id)
    assert sum(sums.values()) == 0
    assert (stands.owed, stands.deposit, stands.credit) == (
        sums.get("OWED", 0), -sums.get("DEPOSIT", 0), -sums.get("CREDIT", 0),
    )  # fmt: skip
    assert min(stands.owed, stands.deposit, stands.credit, sums.get("CASH", 0), *by_charge.values(), 0) == 0
    assert {one.charge_id: one.open for one in open_charges(till.first.id)} == {
        number: still for number, still in by_charge.items() if still
    }
    for series in ("IN", "OUT"):
        numbers = sorted(Receipt.objects.filter(series=series).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


NOTES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ", max_size=25)


@given(
    st.from_regex(r"\A[0-9]{6}\Z"), st.from_regex(r"\A[0-9A-Za-z]{1,19}\Z"), st.integers(0, 9_999_999_999_999), NOTES
)
def test_every_transfer_is_read_back_from_its_code_and_a_changed_one_is_not(bank, account, amount, note):
    transfer = Transfer(bank, account, amount, note)
    text = payload(transfer)
    assert read(text) == transfer
    place = (amount + len(note)) % (len(text) - 4)
    broken = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
    with pytest.raises(Unreadable):
        read(broken)


def test_the_example_of_the_standard_has_its_checksum():
    """NAPAS, technical specifications on QR switching, part IV: transfer to an account with amount and note."""
    text = (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E"
    )
    assert crc16(text[:-4]) == "2E2E"
    assert read(text) == Transfer("970403", "0011012345678", 180_000, "thanh toan don hang")


@pytest.mark.parametrize("text", ["", "6304", "000201630476FF", "x" * 99, "00020163040000"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    "transfer",
    [Transfer("97043", "1", 1, ""), Transfer("970436", "", 1, ""), Transfer("970436", "1", -1, ""),
     Transfer("970436", "1", 1, "n" * 26), Transfer("970436", "1", 1, "nợ")],
)  # fmt: skip
def test_what_the_standard_cannot_carry_is_refused(transfer):
    with pytest.raises(ValueError):
        payload(transfer)


@given(st.integers(0, 2**40), st.text("ABCXYZ0123 .-/", max_size=12), st.text("ABCXYZ0123 .-/", max_size=12))
def test_a_reference_is_found_in_a_note_whatever_stands_around_it(number, before, after):
    public = ids.encode(number)
    found = [ids.decode(one) for one in candidates(f"{before}{reference(public)}{after}")]
    assert number in found
    assert number in [
        ids.decode(one) for one in candidates(f"{before} {reference(public)[:4]} {reference(public)[4:]}")
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("15.000", 15_000), ("15,000.00", 15_000), ("1.234.567,00", 1_234_567), ("+20 000 VND", 20_000), (7000.0, 7_000),
     ("15000", 15_000), ("1,5", 0), ("abc", 0), (None, 0), ("-5.000", -5_000), (0.5, 0), ("12.5.1", 0)],
)  # fmt: skip
def test_amounts_are_read_as_banks_and_people_write_them(text, amount):
    assert money(text) == amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "không đồng"), (15_000, "mười lăm nghìn đồng"), (21_000, "hai mươi mốt nghìn đồng"),
     (105_004, "một trăm linh năm nghìn không trăm linh bốn đồng"), (24, "hai mươi tư đồng"),
     (1_000_000_000, "một tỷ đồng"), (2_010_000, "hai triệu không trăm mười nghìn đồng")],
)  # fmt: skip
def test_amounts_in_words(amount, words):
    assert in_words(amount) == words
