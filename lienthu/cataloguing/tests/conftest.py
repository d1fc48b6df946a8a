"""What the tests of the desk share: two libraries, a cataloguer of each, a person without the permission."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client, override_settings

from lienthu.catalogue.tests.factories import field, fixed, marc, take
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person

KIEU = marc(
    "kieu",
    fixed(1979, "vie"),
    field("020", "  ", ("a", "9786041000001")),
    field("082", "04", ("a", "895.9221"), ("b", "NG527"), ("2", "23")),
    field("100", "0 ", ("a", "Nguyễn Du")),
    field("245", "10", ("a", "Truyện Kiều /"), ("c", "Nguyễn Du")),
    field("260", "  ", ("a", "Hà Nội :"), ("b", "Văn học,"), ("c", "1979")),
    field("653", "  ", ("a", "Truyện thơ")),
)


@dataclass(frozen=True)
class Network:
    """The cast: `other` holds Truyện Kiều, `home` begins with nothing."""

    home: Library
    other: Library
    cataloguer: Person
    other_cataloguer: Person
    librarian: Person

    @property
    def actor(self) -> Actor:
        return self.cataloguer.actor


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        yield


def make_network() -> Network:
    home, other = library("VN-T-XA", "Thư viện xã"), library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL")
    take(other, KIEU)
    return Network(
        home=home,
        other=other,
        cataloguer=person("bienmuc", "CATALOGUER", home.scope),
        other_cataloguer=person("bienmuctinh", "CATALOGUER", other.scope),
        librarian=person("thuthu", "LIBRARIAN", home.scope),
    )


@pytest.fixture
def network(db: None) -> Network:
    return make_network()


@pytest.fixture
def desk(network: Network, client: Client) -> Client:
    """The browser of the cataloguer of `home`."""
    client.force_login(network.cataloguer.account)
    return client
