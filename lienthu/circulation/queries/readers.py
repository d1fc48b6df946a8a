"""What circulation asks of the readers' room: the one place where the two meet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from lienthu.circulation.policy import BlockSeen, ReaderFacts
from lienthu.identity.access import Actor
from lienthu.kernel import ids


class Summary(Protocol):
    """A reader in short (`patrons.queries.PatronSummary`)."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def category_name(self) -> Any: ...
    @property
    def age(self) -> int | None: ...
    @property
    def home_library_id(self) -> int | None: ...
    @property
    def keep_history(self) -> bool: ...


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


def room() -> Any:
    """The module that answers for readers."""
    return import_string(settings.CIRCULATION_READERS)


def summaries(patron_ids: Iterable[int]) -> Mapping[int, Summary]:
    """Readers in short by number, in one statement."""
    wanted = sorted(set(patron_ids))
    return cast(Mapping[int, Summary], room().patrons_by_id(wanted)) if wanted else {}


def reader_now(*, patron_id: int, library_id: int, on: date) -> ReaderNow:
    """What holds of a reader on a day. Raises NoSuchReader."""
    summary = summaries([patron_id]).get(patron_id)
    if summary is None:
        raise NoSuchReader(patron_id)
    standing = room().standing(patron_id=patron_id, library_id=library_id, on=on)
    blocks = tuple(BlockSeen(one.code, one.reason, one.until, one.library_code) for one in standing.blocks)
    return ReaderNow(
        patron_id=patron_id,
        category=standing.category,
        age_band=room().age_band(standing.age),
        keep=summary.keep_history,
        facts=ReaderFacts(standing.card_expires, blocks, standing.guardian_missing),
    )


def patron_of_account(account_id: int | None) -> int | None:
    """The reader who signs in with this account."""
    return cast("int | None", room().patron_of_account(account_id)) if account_id is not None else None


def card_holder(number: str) -> Any:
    """Who holds the card with this number (`patrons.queries.CardHolder`), or None."""
    return room().patron_of_card(number)


def find_readers(actor: Actor, words: str, *, limit: int) -> list[Summary]:
    """Readers whom this person may see, by name, telephone or card number."""
    among = import_string(settings.CIRCULATION_READERS_SEEN)(actor)
    return cast(list[Summary], room().find_patrons(words, among=among, limit=limit))


def patron_number(public_id: str) -> int | None:
    """The number behind a reader's public identifier."""
    return ids.decode(public_id)
