"""Reads of readers that others may use; none of them asks who wants to know (access.py does)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from lienthu.kernel import clock, ids
from lienthu.kernel.postgresql.planned import ask
from lienthu.kernel.text import folded_key
from lienthu.patrons.models import (
    Block,
    BlockCode,
    Card,
    Category,
    Consent,
    Guardianship,
    Patron,
    PatronState,
    Proxy,
    Purpose,
)
from lienthu.patrons.policy import CHILD_AGE, age_band, age_on, card_number

__all__ = ["age_band", "category_names", "category_path", "find_patrons", "patron_of_account", "patron_of_card"]
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


@dataclass(frozen=True, slots=True)
class BlockFact:
    """Something that stands against lending, with its words for people."""

    code: str
    reason: str
    until: date | None
    library_code: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands at a library on a day."""

    card_expires: date | None
    blocks: tuple[BlockFact, ...]
    guardian_missing: bool
    category: str
    age: int | None
    keep_history: bool = False


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
# One who was erased, merged or closed since collects no more.
_COLLECTORS = """
SELECT coalesce(c.full_name, x.name), coalesce(c.phone, x.phone), coalesce(k.number, ''), x.until
FROM patrons_proxy x
LEFT JOIN patrons_patron c ON c.id = x.collector_id
LEFT JOIN patrons_card k ON k.patron_id = c.id AND k.status = 'ACTIVE'
WHERE x.patron_id = %s AND x.ended_at IS NULL AND (x.until IS NULL OR x.until >= %s)
    AND (c.id IS NULL OR c.state = 'ACTIVE')
ORDER BY x.id
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


def patron_of_account(account_id: int) -> int | None:
    """The reader who signs in with this account."""
    return Patron.objects.filter(account_id=account_id).values_list("pk", flat=True).first()


# Everything at once, one row for each block that holds here; a reader without blocks has one row with none.
_STANDING = """
SELECT p.state, c.code, p.birth_date, p.keep_history, k.id IS NOT NULL, k.valid_until,
    EXISTS (SELECT FROM patrons_guardianship g WHERE g.child_id = p.id AND g.ended_at IS NULL),
    p.home_library_id <> %(library)s AND EXISTS (
        SELECT FROM patrons_sharedcard s WHERE s.library_id = %(library)s AND NOT s.honours AND s.since <= %(on)s),
    b.code, b.reason, b.until, l.code
FROM patrons_patron p
JOIN patrons_category c ON c.id = p.category_id
LEFT JOIN patrons_card k ON k.patron_id = p.id AND k.status = 'ACTIVE'
LEFT JOIN patrons_block b ON b.patron_id = p.id AND b.lifted_at IS NULL AND b.starts <= %(on)s
    AND (b.until IS NULL OR b.until >= %(on)s) AND (b.library_id IS NULL OR b.library_id = %(library)s)
LEFT JOIN libraries_library l ON l.id = b.library_id
WHERE p.id = %(patron)s
ORDER BY b.id
"""


def standing(*, patron_id: int, library_id: int, on: date) -> Standing:
    """What decides about lending to a reader here on this day. Raises Patron.DoesNotExist. One statement."""
    rows = ask(_STANDING, {"patron": patron_id, "library": library_id, "on": on})
    if not rows:
        raise Patron.DoesNotExist(patron_id)
    state, category, birth_date, keep, has_card, expires, has_guardian, not_honoured = rows[0][:8]
    blocks = []
    if state != PatronState.ACTIVE:
        blocks.append(BlockFact(f"PATRON_{state}", str(PatronState(state).label), None, None))
    if not has_card:
        blocks.append(BlockFact("NO_CARD", "", None, None))
    for code, reason, until, library in (row[8:] for row in rows if row[8] is not None):
        blocks.append(BlockFact(code, reason or str(BlockCode(code).label), until, library))
    if not_honoured:
        blocks.append(BlockFact("CARD_NOT_HONOURED", "", None, None))
    age = age_on(birth_date, on)
    return Standing(
        card_expires=expires,
        blocks=tuple(blocks),
        guardian_missing=age is not None and age < CHILD_AGE and not has_guardian,
        category=category,
        age=age,
        keep_history=keep,
    )


def blocks_of(patron: Patron, *, on: date) -> QuerySet[Block]:
    """Blocks that hold on a day, everywhere."""
    return (
        Block.objects.filter(patron=patron, lifted_at=None, starts__lte=on)
        .filter(Q(until=None) | Q(until__gte=on))
        .select_related("library")
    )


def past_blocks(patron: Patron, *, on: date) -> QuerySet[Block]:
    """Blocks that were lifted or ran out before a day, the latest first."""
    over = Block.objects.filter(Q(lifted_at__isnull=False) | Q(until__lt=on), patron=patron)
    return over.select_related("library").order_by("-starts", "-id")


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who may collect for a reader, as a counter shows them. `card`: of one who is a reader too."""

    name: str
    phone: str
    card: str
    until: date | None


def collectors_of(patron_id: int, *, on: date) -> list[Collector]:
    """Who may collect for a reader on a day."""
    return [Collector(*row) for row in ask(_COLLECTORS, [patron_id, on])]


def current_proxies(patron: Patron, *, on: date) -> QuerySet[Proxy]:
    """Who may collect for a reader on a day."""
    return (
        Proxy.objects.filter(patron=patron, ended_at=None)
        .filter(Q(until=None) | Q(until__gte=on))
        .select_related("collector")
        .order_by("id")
    )


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


@dataclass(frozen=True, slots=True)
class CardCopy:
    """A card as a desk without network may keep it: nothing of the person but the name and the category."""

    patron_id: int
    number: str
    status: str
    replaced_by: str
    name: str
    category: str
    expires: date | None
    blocks: tuple[str, ...]


def cards_for_copying(*, library_id: int, also: Iterable[int], on: date) -> list[CardCopy]:
    """The cards of a library's readers, and of those named in `also`, with what stands against lending there."""
    wanted = Q(patron__home_library_id=library_id) | Q(patron_id__in=list(also))
    cards = Card.objects.filter(wanted, patron__state=PatronState.ACTIVE).values_list(
        "patron_id",
        "number",
        "status",
        "replaced_by__number",
        "patron__full_name",
        "patron__category__code",
        "valid_until",
    )
    rows = list(cards.order_by("number"))
    blocks = _blocks_for_copying({row[0] for row in rows}, library_id=library_id, on=on)
    return [
        CardCopy(patron_id, number, status, replaced_by or "", name, category, until, tuple(blocks.get(patron_id, ())))
        for patron_id, number, status, replaced_by, name, category, until in rows
    ]


def _blocks_for_copying(patron_ids: set[int], *, library_id: int, on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    open_now = Block.objects.filter(lifted_at=None, starts__lte=on).filter(Q(until=None) | Q(until__gte=on))
    here = open_now.filter(Q(library=None) | Q(library_id=library_id)).order_by("pk")
    for patron_id, code in here.values_list("patron_id", "code"):
        if patron_id in patron_ids:
            found.setdefault(patron_id, []).append(code)
    born_after = (
        on.replace(year=on.year - CHILD_AGE) if (on.month, on.day) != (2, 29) else date(on.year - CHILD_AGE, 3, 1)
    )
    children = Patron.objects.filter(birth_date__gt=born_after).exclude(
        guardians__ended_at=None, guardians__isnull=False
    )
    for patron_id in children.values_list("pk", flat=True):
        if patron_id in patron_ids:
            found.setdefault(patron_id, []).append("GUARDIAN_MISSING")
    return found


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reader can be told something. `guardian`: who answers for a child, with a telephone number.

    `agreed` is false once the reader took back the consent for using what the card needs.
    """

    patron_id: int
    name: str
    email: str
    phone: str
    address: str
    language: str
    guardian: str
    active: bool
    agreed: bool


def contacts_of(patron_ids: Iterable[int]) -> dict[int, Contact]:
    """How readers are reached, those of merged records by the record that holds now. Four statements."""
    found = {
        one.pk: one.merged_into or one
        for one in Patron.objects.filter(pk__in=list(patron_ids)).select_related("merged_into")
    }
    holders = {one.pk for one in found.values()}
    guardians: dict[int, str] = {}
    for one in Guardianship.objects.filter(child__in=holders, ended_at=None).select_related("guardian").order_by("-pk"):
        other = one.guardian
        guardians[one.child_id] = " ".join(
            filter(None, (other.full_name, other.phone) if other else (one.name, one.phone))
        )
    agreed = dict(
        Consent.objects.filter(patron__in=holders, purpose=Purpose.CARD)
        .order_by("pk")
        .values_list("patron_id", "given")
    )
    return {
        asked: Contact(
            patron_id=one.pk,
            name=one.full_name,
            email=one.email,
            phone=one.phone,
            address=one.address,
            language=one.language,
            guardian=guardians.get(one.pk, ""),
            active=one.state == PatronState.ACTIVE,
            agreed=agreed.get(one.pk, True),
        )
        for asked, one in found.items()
    }


def cards_expiring(*, first: date, last: date) -> list[tuple[int, int, str, date]]:
    """Cards in use whose last day lies between two days: (reader, home library, number, last day)."""
    return list(
        Card.objects.filter(status="ACTIVE", valid_until__range=(first, last), patron__state=PatronState.ACTIVE)
        .order_by("pk")
        .values_list("patron_id", "patron__home_library_id", "number", "valid_until")
    )
