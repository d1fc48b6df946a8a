from lienthu.discovery.tests.conftest import Network as Network
from lienthu.discovery.tests.conftest import _own_home as _own_home
from lienthu.discovery.tests.conftest import network as network
