"""What the tests of money share: two libraries, a desk at each, readers, an open drawer."""

from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest

from lienthu.fees.models import Drawer
from lienthu.identity.models import Account
from lienthu.kernel import ids
from lienthu.kernel.text import folded_key
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person
from lienthu.patrons.models import Card, Category, Patron

_numbers = count(1)


@dataclass(frozen=True)
class Reader:
    """A reader with a card."""

    id: int
    public_id: str
    card: str

    def link(self, account: Account) -> None:
        Patron.objects.filter(pk=self.id).update(account=account)


def reader(home: Library, name: str = "Bạn đọc thứ nhất") -> Reader:
    category, _made = Category.objects.get_or_create(
        code="ADULT", defaults={"name_vi": "Người lớn", "name_en": "Adults", "position": 1}
    )
    patron = Patron.objects.create(
        home_library=home,
        category=category,
        full_name=name,
        name_folded=folded_key(name),
        birth_date=date(1990, 1, 1),
        registered_by="tests",
    )
    card = f"T-{next(_numbers):05d}"
    Card.objects.create(patron=patron, number=card, library=home, issued_on=date(2026, 1, 1))
    return Reader(patron.pk, ids.encode(patron.pk), card)


@dataclass(frozen=True)
class Till:
    """Libraries A and B; librarians at both, a manager at A; two readers of A; the drawer of A's librarian is open."""

    a: Library
    b: Library
    desk_a: Person
    desk_b: Person
    manager_a: Person
    first: Reader
    second: Reader
    drawer: Drawer


def make_till(prefix: str = "") -> Till:
    a, b = library(f"VN-T{prefix}-A", "Thư viện A"), library(f"VN-T{prefix}-B", "Thư viện B")
    desk = person(f"thuthua{prefix}", "LIBRARIAN", a.scope)
    drawer = Drawer.objects.create(
        library=a, account_id=desk.account.pk, opened_by="thuthua", opening_count={}, opening=0
    )
    return Till(
        a=a,
        b=b,
        desk_a=desk,
        desk_b=person(f"thuthub{prefix}", "LIBRARIAN", b.scope),
        manager_a=person(f"phutracha{prefix}", "LIBRARY_MANAGER", a.scope),
        first=reader(a),
        second=reader(a, "Bạn đọc thứ hai"),
        drawer=drawer,
    )


@pytest.fixture
def till(db: None) -> Till:
    return make_till()
