"""A reader who presses twice, and a merge meanwhile: with real transactions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lienthu.circulation.tests.conftest import Network, make_network
from lienthu.identity.access import actor_for
from lienthu.libraries.tests.factories import SYSTEM
from lienthu.patrons.actions import merge
from lienthu.patrons.models import Patron
from lienthu.readinglists.actions import NoCard, add_title, make_list
from lienthu.readinglists.models import ListedTitle, ReadingList
from lienthu.readinglists.tests.test_lists import account_of


@pytest.fixture
def network(transactional_db: None) -> Network:
    return make_network()


def test_the_same_title_saved_six_times_at_once_is_there_once(network: Network) -> None:
    network.copy()
    account = account_of(network.first, "docgia1")
    made, record = make_list(actor=actor_for(account), name="Một"), network.kieu

    def save(_number: int) -> bool:
        try:
            return add_title(actor=actor_for(account), cluster_id=record, list_id=made.pk)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as presses:
        assert sorted(presses.map(save, range(6))) == [False] * 5 + [True]
    assert ListedTitle.objects.count() == 1


def test_no_list_stays_with_a_reader_who_is_merged_meanwhile(network: Network) -> None:
    account = account_of(network.first, "docgia1")
    loser, winner = (Patron.objects.get(pk=one.id) for one in (network.first, network.second))

    def make(number: int) -> None:
        try:
            make_list(actor=actor_for(account), name=f"Danh sách {number}")
        except NoCard:
            return
        finally:
            connection.close()

    def unite() -> None:
        try:
            merge(actor=SYSTEM, loser=loser, winner=winner, reason="một người")
        finally:
            connection.close()

    with ThreadPoolExecutor(7) as desks:
        made = [desks.submit(make, number) for number in range(3)]
        united = desks.submit(unite)
        made += [desks.submit(make, number) for number in range(3, 6)]
        for one in (*made, united):
            one.result(timeout=30)
    assert not ReadingList.objects.filter(patron=loser).exists()
