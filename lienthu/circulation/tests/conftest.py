"""What the tests of circulation share: three libraries, people of two desks, readers, copies of one book."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from lienthu.catalogue.models import Item
from lienthu.catalogue.tests.factories import cluster, copies, field, fixed, marc, take
from lienthu.circulation.tests.readers import Reader
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person
from lienthu.loanrules.tests.factories import forget_rules
from lienthu.testing import kept_rows

KIEU = marc(
    "kieu", fixed(1979, "vie"), field("100", "0 ", ("a", "Nguyễn Du")), field("245", "10", ("a", "Truyện Kiều"))
)
DE_MEN = marc("demen", fixed(1990, "vie"), field("245", "10", ("a", "Dế Mèn phiêu lưu ký")))


@dataclass
class Network:
    """Libraries A, B, C; a librarian at A and at B; readers; `number` counts copies."""

    a: Library
    b: Library
    c: Library
    desk_a: Person
    desk_b: Person
    manager_a: Person
    first: Reader
    second: Reader
    third: Reader

    @property
    def actor(self) -> Actor:
        return self.desk_a.actor

    def copy(self, status: str = "AVAILABLE", *, at: Library | None = None, record: str = "kieu") -> Item:
        return copies(record, at or self.a, [status])[0]

    @property
    def kieu(self) -> int:
        return cluster("kieu").pk


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(
        DOCUMENTS_ROOT=tmp_path / "documents",
        INDEX_ROOT=tmp_path / "index",
        HOME=tmp_path,
    ):
        yield


def make_network() -> Network:
    a, b, c = (library(f"VN-T-{letter}", f"Thư viện {letter}") for letter in "ABC")
    take(a, KIEU, DE_MEN)
    return Network(
        a=a,
        b=b,
        c=c,
        desk_a=person("thuthua", "LIBRARIAN", a.scope),
        desk_b=person("thuthub", "LIBRARIAN", b.scope),
        manager_a=person("phutracha", "LIBRARY_MANAGER", a.scope),
        first=Reader("Bạn đọc thứ nhất", "T-0001", a),
        second=Reader("Bạn đọc thứ hai", "T-0002", a),
        third=Reader("Bạn đọc thứ ba", "T-0003", a),
    )


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Network]:
    """One network for all tests of a module: building it takes longer than most of them."""
    with kept_rows(django_db_blocker, tmp_path_factory.mktemp("network")):
        yield make_network()


@pytest.fixture
def network(standing: Network, db: None) -> Network:
    """The network as it was built, whatever the test before did to it."""
    forget_rules()
    return deepcopy(standing)
