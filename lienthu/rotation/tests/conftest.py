"""Libraries, people and copies are those of circulation's tests."""

from datetime import date

import pytest

from lienthu.circulation.tests.conftest import Network, _own_home, network, standing
from lienthu.rotation.actions import add_copies, confirm_arrival, hand_over, make_set, scan_arrival
from lienthu.rotation.models import RotationSet

__all__ = ["_own_home", "network", "standing"]


class Sets:
    """Sets of library A that go to library B."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def draft(self, *items, due: date = date(2027, 3, 1)) -> RotationSet:
        one = make_set(
            actor=self.network.desk_a.actor, name="Tủ sách thôn", owner=self.network.a, host=self.network.b, due_on=due
        )
        add_copies(actor=self.network.desk_a.actor, set_id=one.pk, numbers=[item.accession_number for item in items])
        return one

    def sent(self, *items) -> RotationSet:
        return hand_over(actor=self.network.desk_a.actor, set_id=self.draft(*items).pk)

    def there(self, *items) -> RotationSet:
        one = self.sent(*items)
        for item in items:
            scan_arrival(actor=self.network.desk_b.actor, set_id=one.pk, number=item.accession_number)
        return confirm_arrival(actor=self.network.desk_b.actor, set_id=one.pk, why={})


@pytest.fixture
def sets(network: Network) -> Sets:
    return Sets(network)
