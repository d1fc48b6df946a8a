"""What every handler works with: the call, the answer, and the few fields that all answers share."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthu.circulation.queries.standing import reason_sentence
from lienthu.identity.access import Actor
from lienthu.protocols.sip2.messages import Message, date_of, date_text
from lienthu.protocols.sip2.models import Terminal
from lienthu.protocols.sip2.session import Session

CHANNEL = "SIP2"
CURRENCY = "VND"
# What a machine did without network is taken as it says, unless its clock is plainly wrong.
_OLDEST_OFFLINE = timedelta(days=31)
_CLOCKS_DIFFER = timedelta(minutes=5)

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written: code, fixed fields by name, variable fields in their order."""

    code: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    fields: Iterable[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One message of a machine that is signed in."""

    session: Session
    terminal: Terminal
    actor: Actor
    message: Message
    now: datetime

    def may(self, permit: object) -> bool:
        return permit in self.terminal.permits

    def get(self, name: str) -> str:
        return self.message.get(name)

    @property
    def date(self) -> str:
        return date_text(self.now)

    @property
    def institution(self) -> tuple[str, str]:
        return ("AO", self.terminal.library.code)

    @property
    def key(self) -> str:
        """The name of this request: the same message of the same machine is the same request, also after a new start.

        Sequence number and checksum are no part of it; the moment that the machine wrote into the message is.
        """
        parts = [self.message.code, *self.message.fixed.values()]
        parts += [name + value for name, value in self.message.fields if name not in ("AD", "AC")]
        digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
        return f"sip2:{self.terminal.pk}:{digest[:32]}"

    @property
    def offline(self) -> bool:
        """Did it happen already, without network?"""
        return self.message.fixed.get("no_block") == "Y"

    @property
    def at(self) -> datetime | None:
        """When it happened, for what was done without network; None: now, by our own clock."""
        stated = date_of(self.message.fixed.get("date", "")) if self.offline else None
        if stated is None or not self.now - _OLDEST_OFFLINE <= stated <= self.now + _CLOCKS_DIFFER:
            return None
        return min(stated, self.now)


def flag(value: object) -> str:
    """Y or N."""
    return "Y" if value else "N"


def screen(*sentences: str) -> Fields:
    """Messages for the screen, one field each."""
    return [("AF", sentence) for sentence in sentences if sentence]


def reasons_in_words(reasons: Iterable) -> list[str]:
    """All reasons of a refusal as sentences."""
    return [reason_sentence(reason) for reason in reasons]


def number(value: int) -> str:
    """A count in four places; more than that is as much as can be said."""
    return f"{min(max(value, 0), 9999):04d}"
