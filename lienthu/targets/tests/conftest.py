"""What the tests of copy cataloguing share: a small network, its people, a Zebra that stands for a far library."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import library, person, root_scope
from lienthu.targets.models import Target
from lienthu.targets.tests.servers import Zebra, zebra, ztest


@dataclass(frozen=True)
class Desk:
    """Two libraries and the cast around copy cataloguing."""

    main: Library
    other: Library
    cataloguer: Actor
    manager: Actor
    librarian: Actor
    other_manager: Actor
    cataloguer_account: Any
    manager_account: Any
    other_manager_account: Any


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        yield


@pytest.fixture
def desk(db: None) -> Desk:
    main, other = library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-KHAC", "Thư viện khác")
    cataloguer = person("bienmuc", "CATALOGUER", main.scope)
    manager = person("phutrach", "LIBRARY_MANAGER", main.scope)
    other_manager = person("phutrachkhac", "LIBRARY_MANAGER", other.scope)
    return Desk(
        main=main,
        other=other,
        cataloguer=cataloguer.actor,
        manager=manager.actor,
        librarian=person("thuthu", "LIBRARIAN", main.scope).actor,
        other_manager=other_manager.actor,
        cataloguer_account=cataloguer.account,
        manager_account=manager.account,
        other_manager_account=other_manager.account,
    )


@pytest.fixture
def cataloguer(desk: Desk, client: Client) -> Client:
    client.force_login(desk.cataloguer_account)
    return client


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    """A Zebra over the shipped records of the Library of Congress; the marks of a search may be typed or not."""
    with zebra(tmp_path_factory.mktemp("zebra")) as running:
        yield running


@pytest.fixture(scope="session")
def test_server() -> Iterator[int]:
    """The port of yaz-ztest."""
    with ztest() as port:
        yield port


@pytest.fixture
def allowed() -> Iterator[Callable[[int], None]]:
    """Let a port of this machine be asked, as an administrator does for machines of the own office."""
    places: list[str] = []
    with override_settings(ALLOW_PRIVATE_FETCH=places):
        yield lambda port: places.append(f"127.0.0.1:{port}")


def z3950_target(port: int, **values: Any) -> Target:
    """A Z39.50 target on this machine that every library may ask."""
    given = {"name": "Máy chủ Z39.50", "database": "lc", "syntax": "usmarc", "enabled": True, "timeout": 10, **values}
    return Target.objects.create(kind="Z3950", address="127.0.0.1", port=port, scope=root_scope(), **given)


def sru_target(url: str, **values: Any) -> Target:
    """An SRU target on this machine that every library may ask."""
    given = {
        "name": "Máy chủ SRU", "kind": "SRU11", "syntax": "marcxml", "enabled": True, "timeout": 10, **values,
    }  # fmt: skip
    return Target.objects.create(address=url, scope=root_scope(), **given)
