"""Two desks at one moment, with real transactions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.fees.actions import Refused, charge, import_statement, pay
from lienthu.fees.models import Line, Receipt, Transfer
from lienthu.fees.policy.sheets import StatementLine
from lienthu.fees.queries import balance
from lienthu.fees.tests.conftest import Till, make_till

DESKS = 6


@pytest.fixture
def till(transactional_db: None) -> Till:
    return make_till("-AO")


def owe(till: Till) -> None:
    with writing(till.desk_a.actor) as w:
        charge(w, patron_id=till.first.id, library_id=till.a.pk, kind="FINE", amount=10_000, because={}, key="at-once")


def at_once(till: Till, keys: list[str], amount: int) -> list[str]:
    """Pay at several desks at the same time; what each was told."""

    def one(key: str) -> str:
        try:
            with writing(till.desk_a.actor) as w:
                done = pay(w, patron_id=till.first.id, library_id=till.a.pk, amount=amount, method="TRANSFER", key=key)
            return "again" if done.again else "paid"
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as desks:
        return sorted(desks.map(one, keys))


def test_one_charge_is_paid_once_however_many_desks_pay_it_at_once(till):
    owe(till)
    told = at_once(till, [f"desk-{number}" for number in range(DESKS)], 10_000)
    assert told == ["NOTHING_OWED"] * (DESKS - 1) + ["paid"]
    assert balance(till.first.id).owed == 0
    assert sum(Line.objects.filter(account="BANK").values_list("amount", flat=True)) == 10_000
    assert list(Receipt.objects.values_list("number", flat=True)) == [1]


def test_one_request_sent_many_times_at_once_is_booked_once(till):
    owe(till)
    assert at_once(till, ["the-same"] * DESKS, 4_000) == ["again"] * (DESKS - 1) + ["paid"]
    assert balance(till.first.id).owed == 6_000


def test_numbers_have_no_gap_when_desks_pay_parts_at_once(till):
    owe(till)
    assert at_once(till, [f"part-{number}" for number in range(DESKS)], 1_000) == ["paid"] * DESKS
    assert balance(till.first.id).owed == 4_000
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, DESKS + 1))


def test_a_statement_read_in_at_several_desks_at_once_is_kept_once(till):
    lines = [StatementLine(number, f"FT{number}", date(2026, 11, 23), 5_000, "") for number in range(3)]

    def one(_desk: int) -> tuple[int, int]:
        try:
            done = import_statement(actor=till.desk_a.actor, library=till.a, lines=lines)
            return done.doubtful, done.known
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as desks:
        assert sorted(desks.map(one, range(DESKS))) == [(0, 3)] * (DESKS - 1) + [(3, 0)]
    assert Transfer.objects.count() == 3
