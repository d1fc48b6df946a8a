"""What stands against lending to a reader."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lienthu.kernel.postgresql.planned import ask
from lienthu.patrons.models import (
    Block,
    BlockCode,
    Patron,
    PatronState,
)
from lienthu.patrons.policy import CHILD_AGE, age_on


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
