"""Libraries, readers and copies are those of circulation's tests."""

import pytest

from lienthu.circulation.tests.conftest import Network, _own_home, make_network
from lienthu.offlinedesk.tests.device import Browser, browser_at

__all__ = ["_own_home"]


@pytest.fixture
def network(db: None) -> Network:
    return make_network()


@pytest.fixture
def device(network: Network) -> Browser:
    return browser_at(network)
