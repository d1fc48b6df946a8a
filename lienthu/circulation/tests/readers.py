"""Readers for the tests of circulation: rows of the readers' room, made quickly."""

from datetime import date

from lienthu.identity.models import Account
from lienthu.kernel import ids
from lienthu.kernel.text import folded_key
from lienthu.libraries.queries import Library
from lienthu.patrons.models import Block, Card, Category, Patron


class Reader:
    """One reader with a card; what tests change about readers."""

    def __init__(self, name: str, card: str, home: Library) -> None:
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
        Card.objects.create(patron=patron, number=card, library=home, issued_on=date(2026, 1, 1))
        self.id, self.public_id, self.card = patron.pk, ids.encode(patron.pk), card

    def _change(self, **values: object) -> None:
        Patron.objects.filter(pk=self.id).update(**values)

    def keep_history(self) -> None:
        self._change(keep_history=True)

    def block(self, reason: str) -> None:
        Block.objects.create(
            patron_id=self.id, code="MANUAL", reason=reason, starts=date(2026, 1, 1), placed_by="tests"
        )

    def is_child(self) -> None:
        """A child without a guardian who agreed."""
        self._change(birth_date=date(2018, 1, 1))

    def link(self, account: Account) -> None:
        self._change(account=account)
