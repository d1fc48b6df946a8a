"""Libraries, people and copies are those of circulation's tests."""

from lienthu.circulation.tests.conftest import Network, _own_home, network, standing

__all__ = ["Network", "_own_home", "network", "standing"]
