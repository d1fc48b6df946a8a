"""Libraries, people and copies are those of circulation's tests."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from lienthu.catalogue.models import Item
from lienthu.circulation.tests.conftest import Network, _own_home, network, standing
from lienthu.kernel import clock
from lienthu.weeding.actions import add_numbers, decide, make_weeding, publish_list, request_withdrawal
from lienthu.weeding.jobs import work_on
from lienthu.weeding.models import Weeding

__all__ = ["_own_home", "network", "standing"]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
COUNCIL = [("Phụ trách A", "Giám đốc"), ("Thủ thư A", "Thủ thư")]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def browser(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


class Weedings:
    """Weedings of library A, which holds twenty copies or more."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.actor = network.manager_a.actor
        self.stock = [network.copy() for _place in range(20)]

    def draft(self, *items: Item, name: str = "Đợt một", library=None) -> Weeding:
        one = make_weeding(actor=self.actor, name=name, library=library or self.network.a, council=COUNCIL)
        if items:
            numbers = [item.accession_number for item in items]
            assert add_numbers(actor=self.actor, weeding_id=one.pk, numbers=numbers, why="Rách nát").refused == []
        return one

    def published(self, *items: Item, **more) -> Weeding:
        return publish_list(actor=self.actor, weeding_id=self.draft(*items, **more).pk)

    def decided(self, *items: Item, at: datetime = LATER, **more) -> Weeding:
        one = self.published(*items, **more)
        with clock.frozen(at):
            return decide(
                actor=self.actor, weeding_id=one.pk, decision="12/QĐ-TV", decided_on=at.astimezone(clock.VIETNAM).date()
            )

    def done(self, *items: Item, at: datetime = LATER, **more) -> Weeding:
        one = self.decided(*items, at=at, **more)
        with clock.frozen(at):
            request_withdrawal(actor=self.actor, weeding_id=one.pk)
            work_on(one.pk)
        one.refresh_from_db()
        return one


@pytest.fixture
def weedings(network: Network) -> Weedings:
    return Weedings(network)
