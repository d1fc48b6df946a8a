"""Libraries, people and copies are those of circulation's tests."""

from lienthu.circulation.tests.conftest import _own_home, network, standing

__all__ = ["_own_home", "network", "standing"]
