"""A desk lends while another one makes two readers one, or forgets one: with real transactions."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.circulation.actions import Refused, Wish, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.tests.conftest import Network, make_network
from lienthu.identity.access import system_actor
from lienthu.patrons.actions import erase, merge
from lienthu.patrons.models import Patron

SYSTEM = system_actor("tests")


@pytest.fixture
def network(transactional_db: None) -> Network:
    return make_network()


def patron(number: int) -> Patron:
    return Patron.objects.select_related("home_library__scope", "category").get(pk=number)


def lend(network: Network, copy_id: int) -> list[str]:
    try:
        checkout(actor=network.actor, library_id=network.a.pk, item_id=copy_id, patron_id=network.first.id)
        return []
    except Refused as refusal:
        return [reason.code for reason in refusal.reasons]
    finally:
        connection.close()


def ask_for(network: Network) -> list[str]:
    try:
        place_hold(
            actor=network.actor,
            patron_id=network.first.id,
            wish=Wish(network.kieu),
            pickup_library_id=network.a.pk,
        )
        return []
    except Refused as refusal:
        return [reason.code for reason in refusal.reasons]
    finally:
        connection.close()


def meanwhile(first: Callable[[], object], second: Callable[[], list[str]]) -> list[str]:
    """Let the second begin when the first has done everything but commit; what the second was told."""
    with ThreadPoolExecutor(1) as other:
        with writing(SYSTEM):
            first()
            waiting: Future[list[str]] = other.submit(second)
            with pytest.raises(StillWaiting):
                waiting.result(timeout=1)
        return waiting.result(timeout=20)


def test_a_copy_lent_while_its_reader_is_merged_is_not_lent_to_nobody(network: Network) -> None:
    copy = network.copy().pk
    both = {"loser": patron(network.first.id), "winner": patron(network.second.id)}
    told = meanwhile(lambda: merge(actor=SYSTEM, **both, reason="một người"), lambda: lend(network, copy))
    assert set(told) == {"BLOCKED"}
    assert not Loan.objects.exists()


def test_a_copy_lent_while_its_reader_is_forgotten_is_not_lent_to_nobody(network: Network) -> None:
    copy = network.copy().pk
    told = meanwhile(lambda: erase(actor=SYSTEM, patron=patron(network.first.id)), lambda: lend(network, copy))
    assert set(told) == {"BLOCKED"}
    assert not Loan.objects.exists()


def test_a_request_made_while_its_reader_is_forgotten_is_refused(network: Network) -> None:
    network.copy()
    told = meanwhile(lambda: erase(actor=SYSTEM, patron=patron(network.first.id)), lambda: ask_for(network))
    assert set(told) == {"BLOCKED"}
    assert not Hold.objects.exists()
