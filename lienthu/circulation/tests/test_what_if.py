"""A draft of the rules tried on the loans of the last month: figures, every loan that would differ, nothing written."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lienthu.audit.models import Head
from lienthu.circulation.actions import checkin, checkout, renew
from lienthu.circulation.models import Loan
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.access import system_actor
from lienthu.kernel import clock, ids
from lienthu.loanrules.actions import RuleData, put_rule, start_draft
from lienthu.loanrules.tests.factories import rules

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SYSTEM = system_actor("tests")
SAME = {"loan_days": 14, "max_loans": 5, "renewals": 1, "renewal_days": 14}


@pytest.fixture
def month(network: Network) -> Network:
    """Loans of a month at A under rules of 14 days and 5 loans, one late, one renewed; and one at B."""
    with clock.frozen(MONDAY - timedelta(days=60)):
        rules(network.a.scope, ("ANY", "ANY", SAME | {"overdue_blocks_after_days": 0}))
    for days, reader in ((30, network.first), (20, network.first), (20, network.second)):
        with clock.frozen(MONDAY - timedelta(days=days)):
            lend(network, reader)
    with clock.frozen(MONDAY - timedelta(days=10)):
        late = Loan.objects.order_by("started_at").first()
        assert late is not None
        checkin(actor=network.actor, item_id=late.item_id, library_id=network.a.pk)
        kept = Loan.objects.filter(patron_id=network.second.id).get()
        renew(actor=network.actor, loan_id=kept.pk)
    with clock.frozen(MONDAY - timedelta(days=5)):
        lend(network, network.first)
    with clock.frozen(MONDAY - timedelta(days=3)):
        checkout(
            actor=network.desk_b.actor,
            item_id=network.copy(at=network.b).pk,
            patron_id=network.third.id,
            library_id=network.b.pk,
        )
    return network


def lend(network: Network, reader) -> None:
    copy = network.copy()
    checkout(actor=network.actor, item_id=copy.pk, patron_id=reader.id, library_id=network.a.pk)


def page(network: Network, values: Mapping[str, Any], query: str = "", who=None):
    draft = start_draft(actor=SYSTEM, scope=network.a.scope)
    draft.rules.all().delete()
    put_rule(actor=SYSTEM, draft=draft, data=RuleData(category="ANY", item_type="ANY", values=dict(values)))
    client = Client()
    client.force_login((who or network.manager_a).account)
    return client.get(f"/ban-lam-viec/noi-quy-muon/{ids.encode(network.a.scope.pk)}/ban-thao/thu/{query}")


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


def test_a_draft_that_says_the_same_changes_no_loan(month: Network) -> None:
    answer = page(month, SAME)
    assert answer.context["replay"].comparison.looked_at == 4
    assert "Không lượt nào sẽ khác" in answer.content.decode()


def test_a_shorter_loan_moves_due_dates_and_costs_fines_where_the_draft_asks_them(month: Network) -> None:
    before = (Head.objects.get().seq, list(Loan.objects.order_by("pk").values()))
    answer = page(month, SAME | {"loan_days": 7, "fine_per_day": 1000})
    found = answer.context["replay"].comparison
    assert found.counts["EARLIER"] == 4 and found.fines_was == 0
    late = next(one for one in found.changes if one.fact.returned)
    # Lent 24/10, due 31/10 instead of 07/11, back on 13/11.
    assert (late.was.due, late.becomes.due) == (datetime(2026, 11, 7).date(), datetime(2026, 10, 31).date())
    assert late.becomes.fine == 13_000
    text = answer.content.decode()
    assert "Trả trước 31/10/2026. Phạt 13.000 đồng." in text and "Lượt mượn sẽ khác, theo điều sẽ khác" in text
    # The draft itself is written by the test; the page writes nothing.
    assert list(Loan.objects.order_by("pk").values()) == before[1]


def test_a_lower_limit_counts_what_the_reader_had_then(month: Network) -> None:
    answer = page(month, SAME | {"max_loans": 1})
    refused = [one for one in answer.context["replay"].comparison.changes if "NOW_REFUSED" in one.kinds()]
    # The first reader borrowed twice more while others were out; the first loan and the other reader's stand.
    assert len(refused) == 2 and answer.context["replay"].without_counts == 0
    assert "Bạn đọc đã mượn đủ số được mượn." in answer.content.decode()


def test_a_renewed_loan_is_due_after_its_renewal_under_both_rules(month: Network) -> None:
    found = page(month, SAME | {"renewals": 0}).context["replay"].comparison
    (change,) = found.changes
    assert change.fact.renewals == 1 and change.kinds() == ("EARLIER",)
    assert change.was.due is not None and change.becomes.due is not None
    assert (change.was.due - change.becomes.due).days == 14


def test_the_list_is_narrowed_sorted_and_taken_along(month: Network) -> None:
    values = SAME | {"max_loans": 1, "loan_days": 7}
    narrowed = page(month, values, "?kind=NOW_REFUSED&sort=days&page=99")
    assert narrowed.status_code == 200 and len(narrowed.context["table"].rows) == 2
    lines = b"".join(page(month, values, "?format=csv&kind=<x>").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Mượn ngày") and len(lines) == 5


def test_loans_of_other_libraries_are_not_looked_at_and_others_may_not_look(month: Network) -> None:
    answer = page(month, SAME)
    assert answer.context["replay"].comparison.looked_at == 4 and Loan.objects.count() == 5
    assert page(month, SAME, who=month.desk_b).status_code in (403, 404)


def test_without_a_draft_there_is_nothing_to_try(month: Network) -> None:
    client = Client()
    client.force_login(month.manager_a.account)
    for place in (ids.encode(month.a.scope.pk), "zzzzz"):
        assert client.get(f"/ban-lam-viec/noi-quy-muon/{place}/ban-thao/thu/").status_code == 404
