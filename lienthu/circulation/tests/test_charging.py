"""What loans cost: fines, replacements, what takes them back, and the limit of debt."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lienthu.audit.actions import writing
from lienthu.circulation.actions import Refused, checkin, checkout, mark, renew, undo_last
from lienthu.circulation.policy import Action
from lienthu.circulation.tests.conftest import Network
from lienthu.circulation.tests.test_loans import statements
from lienthu.fees.actions import charge, pay
from lienthu.fees.models import Price, PriceList
from lienthu.fees.queries import Balance, balance, open_charges
from lienthu.kernel import clock
from lienthu.loanrules.tests.factories import rules

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FINES = {"loan_days": 7, "fine_per_day": 1_000, "fine_cap": 20_000, "grace_days": 1, "overdue_blocks_after_days": 0}


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def loan(network: Network):
    rules(network.a.scope, ("ANY", "ANY", FINES))
    return lend(network, network.copy())


def lend(network: Network, item):
    return checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk).loan


def take_in(network: Network, loan, **more):
    return checkin(actor=network.actor, item_id=loan.item_id, library_id=network.a.pk, **more)


def days_later(days: int):
    return clock.frozen(NOW + timedelta(days=days))


def test_a_loan_that_comes_back_in_time_costs_nothing(network, loan):
    with days_later(7):
        assert take_in(network, loan).fine == 0
    assert balance(network.first.id) == Balance()


def test_a_late_return_is_fined_by_the_terms_of_the_loan_and_says_why(network, loan):
    rules(network.a.scope, ("ANY", "ANY", FINES | {"fine_per_day": 9_000}))  # later rules do not touch old loans
    with days_later(12):
        assert take_in(network, loan).fine == 4_000
    (owed,) = open_charges(network.first.id)
    assert (owed.kind, owed.open, owed.library_id, owed.on) == ("FINE", 4_000, network.a.pk, date(2026, 12, 5))
    because = owed.because
    assert (because["title"], because["late"], because["grace"], because["charged"]) == ("Truyện Kiều", 5, 1, 4)
    assert because["rule"]["place"] == network.a.code


def test_the_fine_stops_at_its_cap(network, loan):
    with days_later(300):
        assert take_in(network, loan).fine == 20_000


def test_the_same_return_sent_twice_is_fined_once(network, loan):
    with days_later(12):
        take_in(network, loan, request_key="r1")
        assert take_in(network, loan, request_key="r1").again
    assert balance(network.first.id).owed == 4_000


def test_undoing_a_late_return_takes_the_fine_back_and_the_next_return_fines_again(network, loan):
    with days_later(12):
        take_in(network, loan)
        undo_last(actor=network.actor, library_id=network.a.pk)
        assert balance(network.first.id) == Balance()
    with days_later(13):
        assert take_in(network, loan).fine == 5_000
    assert balance(network.first.id).owed == 5_000


def test_a_late_renewal_is_fined_for_the_days_until_then_and_undone_with_it(network, loan):
    with days_later(10):
        renew(actor=network.actor, loan_id=loan.pk)
        assert balance(network.first.id).owed == 2_000
        undo_last(actor=network.actor, library_id=network.a.pk)
        assert balance(network.first.id).owed == 0


def test_days_after_the_reader_said_it_was_brought_back_are_not_charged(network, loan):
    with days_later(10):
        mark(actor=network.actor, action=Action.CLAIM_RETURNED, item_id=loan.item_id, library_id=network.a.pk)
        assert balance(network.first.id).owed == 0
    with days_later(40):
        assert take_in(network, loan).fine == 2_000


def prices(network: Network, amount: int) -> None:
    made = PriceList.objects.create(
        library=network.a, number=1, valid_from=NOW.date(), basis="Nghị quyết", basis_on=NOW.date(), published_by="x"
    )
    Price.objects.create(
        list=made, position=1, kind="REPLACEMENT", name_vi="Đền sách", name_en="Lost book",
        unit_vi="bản", unit_en="copy", amount=amount,
    )  # fmt: skip


def lose(network: Network, loan) -> None:
    mark(actor=network.actor, action=Action.MARK_LOST, item_id=loan.item_id, library_id=network.a.pk)


def test_a_lost_copy_costs_nothing_until_the_library_has_published_a_price(network, loan):
    lose(network, loan)
    assert balance(network.first.id) == Balance()


def test_a_lost_copy_costs_its_price_and_what_was_paid_comes_back_when_it_is_found(network, loan):
    prices(network, 80_000)
    lose(network, loan)
    assert balance(network.first.id).owed == 80_000
    with writing(network.actor) as w:
        pay(w, patron_id=network.first.id, library_id=network.a.pk, amount=30_000, method="TRANSFER", key="p1")
    take_in(network, loan)
    assert balance(network.first.id) == Balance(credit=30_000)
    undo_last(actor=network.actor, library_id=network.a.pk)
    assert balance(network.first.id) == Balance(owed=80_000, credit=30_000, oldest=NOW.date())
    take_in(network, loan)
    assert balance(network.first.id) == Balance(credit=30_000)


def test_who_owes_more_than_the_limit_borrows_nothing_and_is_told_by_which_rule(network, loan):
    rules(network.a.scope, ("ANY", "ANY", FINES | {"debt_limit": 10_000}))
    item = network.copy()
    with writing(network.actor) as w:
        charge(w, patron_id=network.first.id, library_id=network.b.pk, kind="OTHER", amount=10_001, because={}, key="x")
    with pytest.raises(Refused) as refusal:
        lend(network, item)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.params) == ("OWES_TOO_MUCH", {"owed": 10_001, "most": 10_000})
    assert reason.rule and reason.rule["place"] == network.a.code
    with pytest.raises(Refused):
        renew(actor=network.actor, loan_id=loan.pk)
    with writing(network.actor) as w:
        pay(w, patron_id=network.first.id, library_id=network.b.pk, amount=1, method="TRANSFER", key="p")
    assert lend(network, item).patron_id == network.first.id


def test_a_return_with_a_fine_takes_no_more_than_25_statements(network, loan):
    rules(network.a.scope, ("ANY", "ANY", FINES | {"debt_limit": 10_000}))
    with days_later(12):
        lend(network, network.copy())  # the rules of the day are known from now on
        item = network.copy()
        back = statements(lambda: take_in(network, loan, request_key="k1"))
        out = statements(lambda: lend(network, item))
    assert balance(network.first.id).owed == 4_000
    assert len(back) <= 25, "\n".join(back)
    assert len(out) <= 25, "\n".join(out)
