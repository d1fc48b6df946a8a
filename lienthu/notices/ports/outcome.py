"""What goes out, and how it went."""

from dataclasses import dataclass

from lienthu.kernel.fetching import FetchError, FetchFailed


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one reader. `reference` is the same however often it is tried."""

    reference: str
    sender: str
    reply_to: str
    subject: str
    body: str
    short: str
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Surely not delivered. `after`: seconds that the other side asked for."""

    reason: str
    detail: str = ""
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not be delivered, however often one tries."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been delivered: a person decides, the machine does not try again."""

    reason: str
    detail: str = ""


Outcome = Sent | TryLater | Refused | Unsure


def of_failed_fetch(error: FetchError) -> Outcome:
    """What a failed POST means."""
    if not isinstance(error, FetchFailed):
        return Refused("SETTING", error.code)
    if error.code == "busy":
        return TryLater("BUSY", f"HTTP {error.status}", error.retry_after)
    if error.code == "status":
        # 500 and the like may come after the gateway has handed the message on
        detail, status = f"HTTP {error.status}", error.status or 0
        return Unsure("CUT", detail) if status >= 500 else Refused("REFUSED", detail)
    if error.arrived:
        return Unsure("CUT", error.code)
    return TryLater("UNREACHABLE", error.code)
