"""Readers in short, by number, card, account or name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from lienthu.kernel import clock, ids
from lienthu.kernel.postgresql.planned import ask
from lienthu.kernel.text import folded_key
from lienthu.patrons.models import (
    Card,
    Category,
    Patron,
)
from lienthu.patrons.policy import age_on, card_number

EVERY_CATEGORY = "ANY"


@dataclass(frozen=True, slots=True)
class PatronSummary:
    """A reader in short, on the present day."""

    id: int
    public_id: str
    name: str
    category: str
    category_name: str
    group: str
    age: int | None
    home_library_id: int
    preferred_language: str
    keep_history: bool


@dataclass(frozen=True, slots=True)
class CardHolder:
    """What scanning a card finds. `replaced_by`: the number that holds now."""

    patron_id: int
    card_id: int
    card_number: str
    card_status: str
    replaced_by: str | None
    patron: PatronSummary


# A reader in short, as `_read` takes it.
_SHORT = """p.id, p.full_name, c.code, c.name_vi, c.name_en, p."group", p.birth_date, p.home_library_id, p.language,
    p.keep_history"""


_BY_ID = f"""
SELECT {_SHORT} FROM patrons_patron p JOIN patrons_category c ON c.id = p.category_id WHERE p.id = ANY(%s::bigint[])
"""


_OF_CARD = f"""
SELECT k.id, k.number, k.status, k.replaced_by_id, {_SHORT}
FROM patrons_card k
JOIN patrons_patron own ON own.id = k.patron_id
JOIN patrons_patron p ON p.id = coalesce(own.merged_into_id, own.id)
JOIN patrons_category c ON c.id = p.category_id
WHERE k.number = %s
"""


def _read(row: tuple[Any, ...], on: date) -> PatronSummary:
    number, name, code, name_vi, name_en, group, birth_date, home, language, keep = row
    return PatronSummary(
        id=number,
        public_id=ids.encode(number),
        name=name,
        category=code,
        category_name=name_en if get_language() == "en" else name_vi,
        group=group,
        age=age_on(birth_date, on),
        home_library_id=home,
        preferred_language=language,
        keep_history=keep,
    )


def patrons_by_id(patron_ids: Iterable[int]) -> dict[int, PatronSummary]:
    """Readers in short, in one statement."""
    today = clock.today()
    return {row[0]: _read(row, today) for row in ask(_BY_ID, [list(patron_ids)])}


def patron_of_card(number: str) -> CardHolder | None:
    """Who holds the card with this number, also when it was lost or replaced; None when there never was one."""
    rows = ask(_OF_CARD, [card_number(number)])
    if not rows:
        return None
    card_id, own_number, status, replaced_by, *short = rows[0]
    patron = _read(tuple(short), clock.today())
    newest = None
    while replaced_by is not None:
        newest = Card.objects.get(pk=replaced_by)
        replaced_by = newest.replaced_by_id
    if newest is None and status != "ACTIVE":
        newest = active_card(patron.id)  # of a reader whose records were merged, or who was given one later
    return CardHolder(
        patron_id=patron.id,
        card_id=card_id,
        card_number=own_number,
        card_status=status,
        replaced_by=newest.number if newest else None,
        patron=patron,
    )


def active_card(patron_id: int) -> Card | None:
    """The card a reader uses now."""
    return Card.objects.filter(patron_id=patron_id, status="ACTIVE").first()


def account_of_patron(patron_id: int) -> int | None:
    """The account with which a reader signs in; None for a reader who has none."""
    return Patron.objects.filter(pk=patron_id).values_list("account_id", flat=True).first()


# Of two accounts of one person, the second still belongs to the record that was merged away.
_OF_ACCOUNT = """
WITH RECURSIVE way AS (
    SELECT id, merged_into_id, 0 AS step FROM patrons_patron WHERE account_id = %s
    UNION ALL
    SELECT p.id, p.merged_into_id, w.step + 1
    FROM way w JOIN patrons_patron p ON p.id = w.merged_into_id WHERE w.step < %s
)
SELECT id FROM way WHERE merged_into_id IS NULL
"""
_LONGEST_CHAIN = 20


def patron_of_account(account_id: int) -> int | None:
    """The reader who signs in with this account, merged records followed."""
    rows = ask(_OF_ACCOUNT, [account_id, _LONGEST_CHAIN])
    return rows[0][0] if rows else None


def hold_patron(patron_id: int) -> None:
    """Nobody else changes or merges this reader until the transaction is over."""
    ask("SELECT id FROM patrons_patron WHERE id = %s FOR NO KEY UPDATE", [patron_id])


def held_patron_of_account(account_id: int) -> int | None:
    """The same, for the reader who signs in with this account."""
    while (patron_id := patron_of_account(account_id)) is not None:
        locked = ask("SELECT merged_into_id FROM patrons_patron WHERE id = %s FOR NO KEY UPDATE", [patron_id])
        if locked == [(None,)]:
            return patron_id
    return None


def find_patrons(words: str, *, among: QuerySet[Patron], limit: int = 20) -> list[PatronSummary]:
    """Readers of a choice by name (with or without marks, in any order), card number or telephone, best first."""
    number = card_number(words)
    # each by its own index: one condition over both tables would read them whole
    holders = set(Card.objects.filter(number=number).values_list("patron_id", flat=True))
    if any(sign.isdigit() for sign in number):
        holders |= set(among.filter(phone=number, phone__gt="").values_list("pk", flat=True)[:limit])
    found = list(among.filter(pk__in=holders).order_by("name_sort", "id")[:limit] if holders else ())
    if not found:
        found = list(named(words, among=among)[:limit])
    short = patrons_by_id([patron.pk for patron in found])
    return [short[patron.pk] for patron in found]


def named(words: str, *, among: QuerySet[Patron]) -> QuerySet[Patron]:
    """Readers whose name has all these words, marks aside, in filing order."""
    for word in folded_key(words).split()[:8]:
        among = among.filter(name_folded__contains=word)
    return among.order_by("name_sort", "id")


def category_path(code: str) -> tuple[str, ...]:
    """A category and the more general ones, up to ANY."""
    parents = dict(Category.objects.values_list("code", "parent__code"))
    path = []
    while code and code not in path:
        path.append(code)
        code = parents.get(code) or ""
    return (*path, EVERY_CATEGORY)


def category_names() -> dict[str, str]:
    """Names of the categories by code, in their order."""
    column = "name_en" if get_language() == "en" else "name_vi"
    return dict(Category.objects.values_list("code", column))
