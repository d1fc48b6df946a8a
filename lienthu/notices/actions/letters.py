"""A letter to somebody who works in a library, by the mail server of notices. Rows and repeats are the caller's."""

from dataclasses import dataclass
from enum import StrEnum

from lienthu.notices.ports import Outgoing, Sent, TryLater, Unsure, mail


class Went(StrEnum):
    """How a letter went: taken; surely not delivered, try later; not delivered for good; perhaps delivered."""

    SENT = "SENT"
    LATER = "LATER"
    REFUSED = "REFUSED"
    UNSURE = "UNSURE"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `reference` is the same however often it is tried; `url` is the page that it speaks of, or ""."""

    address: str
    reference: str
    sender: str
    subject: str
    body: str
    url: str = ""
    reply_to: str = ""


def send_letter(letter: Letter) -> tuple[Went, str]:
    """Hand a letter to the mail server, once: how it went, and a code of the other side."""
    if not mail.configured():
        return Went.LATER, "NO_SERVER"
    message = Outgoing(
        reference=letter.reference,
        sender=letter.sender,
        reply_to=letter.reply_to,
        subject=letter.subject,
        body=letter.body,
        short="",
        language="vi",
        url=letter.url,
    )
    outcome = mail.deliver(letter.address, message)
    if isinstance(outcome, Sent):
        return Went.SENT, ""
    went = {TryLater: Went.LATER, Unsure: Went.UNSURE}.get(type(outcome), Went.REFUSED)
    return went, outcome.detail or outcome.reason
