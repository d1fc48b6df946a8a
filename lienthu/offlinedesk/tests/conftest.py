"""Libraries, readers and copies are those of circulation's tests."""

import pytest

from lienthu.circulation.tests.conftest import Network, _own_home, network, standing
from lienthu.offlinedesk.tests.device import Browser, browser_at

__all__ = ["_own_home", "network", "standing"]


@pytest.fixture
def device(network: Network) -> Browser:
    return browser_at(network)
