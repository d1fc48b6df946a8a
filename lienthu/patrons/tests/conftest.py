"""What the tests of the readers' room share: two libraries and their people."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person
from lienthu.testing import kept_rows


@dataclass(frozen=True)
class Cast:
    """A library, another one, and the people around them."""

    main: Library
    other: Library
    librarian: Person
    other_librarian: Person
    cataloguer: Person
    reader: Person


def make_cast() -> Cast:
    main, other = library("VN-TQ-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-TQ-KHAC", "Thư viện khác")
    return Cast(
        main=main,
        other=other,
        librarian=person("thuthu", "LIBRARIAN", main.scope),
        other_librarian=person("thuthukhac", "LIBRARIAN", other.scope),
        cataloguer=person("bienmuc", "CATALOGUER", main.scope),
        reader=person("bandoc", "READER", main.scope),
    )


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """One cast for all tests of a module: making it takes longer than most of them."""
    with kept_rows(django_db_blocker, tmp_path_factory.mktemp("cast")):
        yield make_cast()


@pytest.fixture
def cast(standing: Cast, db: None) -> Cast:
    """The libraries and people as they were made; cards are numbered from the first again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE patrons_card_number RESTART")
    return deepcopy(standing)
