"""The portal is tested over the small network of discovery."""

from lienthu.discovery.tests.conftest import _own_home, network

__all__ = ["_own_home", "network"]
