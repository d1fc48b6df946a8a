"""The ledger: what is booked, how often, what it refuses, and that its sums are the balances."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

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
from lienthu.fees.queries import Balance, balance, open_charges
from lienthu.fees.tests.conftest import Till
from lienthu.kernel import clock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def owe(till: Till, amount: int, key: str, *, kind: str = "FINE", library=None, at=None) -> int:
    with writing(till.desk_a.actor) as w:
        return charge(
            w,
            patron_id=till.first.id,
            library_id=(library or till.a).pk,
            kind=kind,
            amount=amount,
            because={"days": 3},
            key=key,
            at=at,
        )


def paid(till: Till, amount: int, key: str, method: str = "CASH"):
    with writing(till.desk_a.actor) as w:
        return pay(w, patron_id=till.first.id, library_id=till.a.pk, amount=amount, method=method, key=key)


def test_a_payment_settles_the_oldest_charges_first_and_says_how(till):
    late = owe(till, 5_000, "c2")
    early = owe(till, 3_000, "c1", at=datetime(2026, 11, 1, tzinfo=UTC))
    done = paid(till, 4_000, "p1")
    assert [(one.charge_id, one.amount, one.left) for one in done.shares] == [(early, 3_000, 0), (late, 1_000, 4_000)]
    assert balance(till.first.id) == Balance(owed=4_000, oldest=clock.today())
    assert [(one.charge_id, one.open) for one in open_charges(till.first.id)] == [(late, 4_000)]
    assert sum(Line.objects.values_list("amount", flat=True)) == 0


def test_the_same_key_books_once_and_another_use_of_it_is_refused(till):
    assert owe(till, 5_000, "c1") == owe(till, 5_000, "c1")
    with pytest.raises(Refused, match="KEY_USED"):
        owe(till, 6_000, "c1")
    first, again = paid(till, 2_000, "p1"), paid(till, 2_000, "p1")
    assert (first.entry, again.again) == (again.entry, True)
    with pytest.raises(Refused, match="KEY_USED"):
        paid(till, 1_000, "p1")
    assert (balance(till.first.id).owed, Receipt.objects.count()) == (3_000, 1)


def test_more_than_is_owed_is_refused_and_nothing_changes(till):
    owe(till, 5_000, "c1")
    with pytest.raises(Refused, match="TOO_MUCH") as refusal:
        paid(till, 5_001, "p1")
    assert refusal.value.params == {"owed": 5_000}
    with pytest.raises(ValueError, match="-5"):
        paid(till, -5, "p2")
    assert (Entry.objects.count(), balance(till.first.id).owed) == (1, 5_000)


def test_cash_needs_the_open_drawer_of_the_person_who_takes_it(till):
    owe(till, 5_000, "c1", library=till.b)
    with pytest.raises(Refused, match="NO_OPEN_DRAWER"), writing(till.desk_b.actor) as w:
        pay(w, patron_id=till.first.id, library_id=till.b.pk, amount=5_000, method="CASH", key="p1")
    with writing(till.desk_b.actor) as w:
        pay(w, patron_id=till.first.id, library_id=till.b.pk, amount=5_000, method="TRANSFER", key="p1")
    assert balance(till.first.id).owed == 0


def test_money_for_one_library_is_not_taken_by_another(till):
    owe(till, 5_000, "c1", library=till.b)
    with pytest.raises(Refused, match="NOTHING_OWED"):
        paid(till, 5_000, "p1")
    assert balance(till.first.id).owed == 5_000
    assert balance(till.first.id, library_id=till.a.pk).owed == 0


def test_a_waiver_needs_a_reason_and_leaves_the_rest_open(till):
    number = owe(till, 5_000, "c1")
    with pytest.raises(Refused, match="REASON_NEEDED"), writing(till.manager_a.actor) as w:
        waive(w, charge_id=number, library_id=till.a.pk, amount=2_000, reason=" ", key="w1")
    with writing(till.manager_a.actor) as w:
        waive(w, charge_id=number, library_id=till.a.pk, amount=2_000, reason="Bạn đọc ốm", key="w1")
    assert balance(till.first.id).owed == 3_000


def test_a_charge_taken_back_gives_the_reader_what_was_paid_and_forgives_nothing_twice(till):
    number = owe(till, 10_000, "c1")
    paid(till, 4_000, "p1")
    with writing(till.manager_a.actor) as w:
        waive(w, charge_id=number, library_id=till.a.pk, amount=1_000, reason="Bạn đọc ốm", key="w1")
    with writing(till.desk_a.actor) as w:
        assert reverse(w, key="c1", reason="Đã thấy sách") == reverse(w, key="c1")
    assert balance(till.first.id) == Balance(credit=4_000)
    owe(till, 6_000, "c2")
    paid(till, 3_000, "p2", method="CREDIT")
    with pytest.raises(Refused, match="NOT_SO_MUCH_HELD"):
        paid(till, 3_000, "p3", method="CREDIT")
    with writing(till.desk_a.actor) as w:
        refund(w, patron_id=till.first.id, library_id=till.a.pk, amount=1_000, method="CASH", key="r1")
    assert balance(till.first.id) == Balance(owed=3_000, oldest=clock.today())
    with writing(till.desk_a.actor) as w:
        assert reverse(w, key="unknown") is None
        w.nothing_changed()


def test_a_deposit_is_held_used_and_returned_but_never_beyond_itself(till):
    with writing(till.desk_a.actor) as w:
        take_deposit(w, patron_id=till.first.id, library_id=till.a.pk, amount=50_000, method="CASH", key="d1")
    owe(till, 20_000, "c1")
    paid(till, 20_000, "p1", method="DEPOSIT")
    assert balance(till.first.id) == Balance(deposit=30_000)
    with pytest.raises(Refused, match="NOT_SO_MUCH_HELD"), writing(till.desk_a.actor) as w:
        return_deposit(w, patron_id=till.first.id, library_id=till.a.pk, amount=30_001, method="CASH", key="d2")
    with writing(till.desk_a.actor) as w:
        return_deposit(w, patron_id=till.first.id, library_id=till.a.pk, amount=30_000, method="CASH", key="d2")
    assert balance(till.first.id) == Balance()
    assert [one.shown for one in Receipt.objects.order_by("pk")] == ["PT-2026-000001", "PC-2026-000001"]


def test_a_deposit_that_is_asked_for_is_held_once_it_is_paid(till):
    owe(till, 50_000, "c1", kind="DEPOSIT")
    assert balance(till.first.id).deposit == 0
    paid(till, 20_000, "p1")
    assert (balance(till.first.id).owed, balance(till.first.id).deposit) == (30_000, 20_000)
    with pytest.raises(Refused, match="DEPOSIT_PAID"), writing(till.desk_a.actor) as w:
        reverse(w, key="c1")


def test_a_payment_taken_back_restores_every_balance(till):
    owe(till, 5_000, "c1")
    before = (balance(till.first.id), open_charges(till.first.id))
    done = paid(till, 4_000, "p1")
    with writing(till.desk_a.actor) as w:
        take_back(w, entry_id=done.entry.pk, library_id=till.a.pk, reason="Thu nhầm người", key="b1")
    assert (balance(till.first.id), open_charges(till.first.id)) == before
    with pytest.raises(Refused, match="REVERSED_ALREADY"), writing(till.desk_a.actor) as w:
        take_back(w, entry_id=done.entry.pk, library_id=till.a.pk, reason="Thu nhầm người", key="b2")
    assert Receipt.objects.filter(series="OUT").count() == 1


def test_a_payment_for_a_charge_that_was_taken_back_since_stays(till):
    owe(till, 5_000, "c1")
    done = paid(till, 4_000, "p1")
    with writing(till.desk_a.actor) as w:
        reverse(w, key="c1")
    with pytest.raises(Refused, match="CHANGED_SINCE"), writing(till.desk_a.actor) as w:
        take_back(w, entry_id=done.entry.pk, library_id=till.a.pk, reason="Nhầm", key="b1")


def test_numbers_of_receipts_have_no_gap_when_a_booking_fails(till):
    owe(till, 5_000, "c1")
    paid(till, 1_000, "p1")
    with pytest.raises(RuntimeError), writing(till.desk_a.actor) as w:
        pay(w, patron_id=till.first.id, library_id=till.a.pk, amount=1_000, method="CASH", key="p2")
        raise RuntimeError
    paid(till, 1_000, "p3")
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]


def test_the_year_of_a_receipt_begins_at_one_again(till):
    owe(till, 5_000, "c1")
    paid(till, 1_000, "p1")
    with clock.frozen(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)):
        done = paid(till, 1_000, "p2")
    assert Receipt.objects.get(entry=done.entry).shown == "PT-2027-000001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fees_line SET amount = amount + 1",
        "DELETE FROM fees_line",
        "UPDATE fees_entry SET amount = 1",
        "DELETE FROM fees_receipt",
        "UPDATE fees_charge SET amount = 1",
        "UPDATE fees_receipt SET number = 7",
        "DELETE FROM fees_drawer",
    ],
)
def test_the_database_refuses_changes_of_the_ledger(till, statement):
    owe(till, 5_000, "c1")
    paid(till, 1_000, "p1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert balance(till.first.id).owed == 4_000


@pytest.mark.parametrize(
    "lines",
    [
        [("OWED", -1_000), ("CASH", 900)],
        [("OWED", -6_000), ("CASH", 6_000)],
        [("OWED", 1_000), ("CASH", -1_000)],
    ],
)
def test_the_database_refuses_unbalanced_and_impossible_entries(till, lines):
    number = owe(till, 5_000, "c1")

    def write() -> None:
        with transaction.atomic():
            entry = Entry.objects.create(
                kind="PAYMENT",
                library=till.a,
                patron_id=till.first.id,
                amount=1,
                on=NOW,
                by="x",
                key="x",
                method="CASH",
            )
            for account, amount in lines:
                mine = {"patron_id": till.first.id, "charge_id": number} if account == "OWED" else {}
                Line.objects.create(entry=entry, account=account, amount=amount, **mine)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError):
        write()
    assert (balance(till.first.id).owed, Charge.objects.count(), Entry.objects.count()) == (5_000, 1, 1)
