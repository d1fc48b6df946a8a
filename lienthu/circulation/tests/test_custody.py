"""Who may send a copy: the library that has it, by the ledger of custody, whoever owns it."""

from datetime import UTC, date, datetime

import pytest

from lienthu.audit.actions import writing
from lienthu.circulation.actions import Refused, checkin, receive, send
from lienthu.circulation.actions.staying import begin_stay
from lienthu.circulation.models import Custody, Step, Transit
from lienthu.circulation.tests.conftest import Network
from lienthu.circulation.wording import next_step, reason_sentence
from lienthu.kernel import clock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def sent(network: Network, item, *, start: str, to: str) -> Transit:
    actor = {"a": network.desk_a.actor, "b": network.desk_b.actor}[start]
    places = {"a": network.a, "b": network.b, "c": network.c}
    return send(actor=actor, item_id=item.pk, library_id=places[start].pk, to_library_id=places[to].pk)


def test_a_library_does_not_send_a_copy_that_another_has(network):
    item = network.copy()
    with pytest.raises(Refused) as refused:
        sent(network, item, start="b", to="c")
    item.refresh_from_db()
    (reason,) = refused.value.reasons
    assert (reason.code, item.status) == ("NOT_IN_CUSTODY", "AVAILABLE")
    assert reason_sentence(reason) == "Bản này đang do Thư viện A giữ; chỉ nơi đang giữ mới gửi đi được."
    assert next_step(reason) != ""
    assert not (Transit.objects.exists() or Custody.objects.exists() or Step.objects.exists())


def test_who_received_a_copy_sends_it_on_and_its_owner_no_longer_does(network):
    item = network.copy()
    sent(network, item, start="a", to="b")
    with writing(network.actor) as w:
        w.nothing_changed()
        begin_stay(w, item_id=item.pk, library_id=network.b.pk, until=date(2027, 1, 1), at=NOW)
    receive(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    item.refresh_from_db()
    assert item.status == "AVAILABLE"
    with pytest.raises(Refused, match="NOT_IN_CUSTODY"):
        sent(network, item, start="a", to="c")
    assert sent(network, item, start="b", to="c").from_library_id == network.b.pk


def test_a_copy_that_was_taken_in_at_home_is_sent_from_there(network):
    item = network.copy()
    sent(network, item, start="a", to="b")
    checkin(actor=network.desk_a.actor, item_id=item.pk, library_id=network.a.pk)
    assert sent(network, item, start="a", to="b").to_library_id == network.b.pk
