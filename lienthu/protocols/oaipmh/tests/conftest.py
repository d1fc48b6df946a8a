from lienthu.discovery.tests.conftest import Network, _own_home, network

__all__ = ["Network", "_own_home", "network"]
