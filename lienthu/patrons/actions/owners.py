"""The rooms above that keep things of a reader, named in config/readers.py. They are asked, never imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from lienthu.audit.actions import Writing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is known of a reader, as a table: its key in JSON, its title, its columns by key, its rows."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]


class Owner(Protocol):
    """What a room that keeps things of readers can do with them; all inside the transaction of the caller."""

    def hold_still(self, *, patron_id: int) -> None:
        """Let nothing begin or end for this reader here until the transaction is over."""

    def against_merging(self, *, loser: int, winner: int) -> list[str]:
        """Sentences that say why these two cannot be made one now."""

    def move(self, w: Writing, *, loser: int, winner: int) -> Any:
        """Give the winner what the loser has; the answer (JSON) is enough to take exactly that back."""

    def move_back(self, w: Writing, *, moved: Any, loser: int, winner: int) -> None:
        """Give the loser back what `move` took, as far as it still is there."""

    def open_matters(self, *, patron_id: int) -> list[str]:
        """Sentences about what has to be settled before this reader can be forgotten."""

    def about(self, *, patron_id: int) -> list[Section]:
        """Everything kept of this reader, in words that the reader understands."""

    def forget_history(self, w: Writing, *, patron_id: int) -> None:
        """Keep no past doings of this reader any more, who took back that they may be kept."""

    def forget(self, w: Writing, *, patron_id: int) -> None:
        """Keep nothing of this reader that no law asks for."""


def hold_still(*patron_ids: int) -> None:
    """No room lends to, charges or writes to these readers until the transaction is over.

    Called before any row is locked, as all rooms take the lock of a reader first: two orders would be a deadlock.
    """
    for _name, one in owners():
        for patron_id in sorted(patron_ids):
            one.hold_still(patron_id=patron_id)


def owners() -> Iterator[tuple[str, Owner]]:
    """Each room with the name under which what it moved is kept."""
    paths: list[str] = import_string(settings.READER_OWNERS)
    for path in paths:
        yield path.split(".")[1], cast(Owner, import_module(path))
