"""What circulation asks of the readers' room: the one place where the two meet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ObjectDoesNotExist

from lienthu.circulation.policy import BlockSeen, ReaderFacts
from lienthu.identity.access import Actor
from lienthu.kernel import ids
from lienthu.patrons.access import visible_patrons
from lienthu.patrons.queries import (
    CardHolder,
    Collector,
    PatronSummary,
    age_band,
    collectors_of,
    find_patrons,
    patron_of_account,
    patron_of_card,
    patrons_by_id,
    standing,
)


@dataclass(frozen=True, slots=True)
class ReaderNow:
    """A reader on a day at a library."""

    patron_id: int
    category: str
    age_band: str
    keep: bool
    facts: ReaderFacts


class NoSuchReader(LookupError):
    """There is no reader with this number."""


def summaries(patron_ids: Iterable[int]) -> Mapping[int, PatronSummary]:
    """Readers in short by number, in one statement."""
    wanted = sorted(set(patron_ids))
    return patrons_by_id(wanted) if wanted else {}


def reader_now(*, patron_id: int, library_id: int, on: date) -> ReaderNow:
    """What holds of a reader on a day. Raises NoSuchReader."""
    try:
        known = standing(patron_id=patron_id, library_id=library_id, on=on)
    except ObjectDoesNotExist:
        raise NoSuchReader(patron_id) from None
    blocks = tuple(BlockSeen(one.code, one.reason, one.until, one.library_code) for one in known.blocks)
    return ReaderNow(
        patron_id=patron_id,
        category=known.category,
        age_band=age_band(known.age),
        keep=known.keep_history,
        facts=ReaderFacts(known.card_expires, blocks, known.guardian_missing),
    )


def collectors(patron_id: int, *, on: date) -> list[Collector]:
    """Who may collect for a reader on a day."""
    return collectors_of(patron_id, on=on)


def own_number(account_id: int | None) -> int | None:
    """The reader who signs in with this account."""
    return patron_of_account(account_id) if account_id is not None else None


def card_holder(number: str) -> CardHolder | None:
    """Who holds the card with this number."""
    return patron_of_card(number)


def find_readers(actor: Actor, words: str, *, limit: int) -> list[PatronSummary]:
    """Readers whom this person may see, by name, telephone or card number."""
    return find_patrons(words, among=visible_patrons(actor), limit=limit)


def reader_to_choose(actor: Actor, public_id: str) -> int | None:
    """The number of a reader whom this person may call up without a card: one whom they may see."""
    number = ids.decode(public_id)
    return number if number is not None and visible_patrons(actor).filter(pk=number).exists() else None
