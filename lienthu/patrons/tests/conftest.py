"""What the tests of the readers' room share: two libraries and their people."""

from dataclasses import dataclass

import pytest
from django.db import connection

from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person


@dataclass(frozen=True)
class Cast:
    """A library, another one, and the people around them."""

    main: Library
    other: Library
    librarian: Person
    other_librarian: Person
    cataloguer: Person
    reader: Person


@pytest.fixture
def cast(db: None) -> Cast:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE patrons_card_number RESTART")
    main, other = library("VN-TQ-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-TQ-KHAC", "Thư viện khác")
    return Cast(
        main=main,
        other=other,
        librarian=person("thuthu", "LIBRARIAN", main.scope),
        other_librarian=person("thuthukhac", "LIBRARIAN", other.scope),
        cataloguer=person("bienmuc", "CATALOGUER", main.scope),
        reader=person("bandoc", "READER", main.scope),
    )
