"""One line in, one line out: the checks that every message passes, and which handler answers it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, close_old_connections
from django.utils import translation
from django.utils.translation import gettext as _

from lienthu.kernel import clock
from lienthu.protocols.sip2.actions import note_seen
from lienthu.protocols.sip2.charsets import decode, encode, shown_by
from lienthu.protocols.sip2.handlers import copies, items, link, readers, wishes
from lienthu.protocols.sip2.handlers.frame import Answer, Call
from lienthu.protocols.sip2.messages import (
    Malformed,
    Message,
    body_of,
    checksum_right,
    date_text,
    delimiter_of,
    parse,
    sealed,
)
from lienthu.protocols.sip2.models import Detection, Permit
from lienthu.protocols.sip2.queries import terminal_by_id
from lienthu.protocols.sip2.session import Session

log = structlog.get_logger("lienthu.sip2")

# A machine repeats its last message when no answer came; later the same words are meant anew.
RESEND_SECONDS = 60.0
MOST_BROKEN = 5
_LEARN_SECONDS = 5.0
_NOTE_SECONDS = 30.0
_ENGLISH = ("001", "024")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, if anything, and whether the connection ends."""

    line: bytes = b""
    close: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """How one message is answered. `acts`: it changes something, so its repetition is answered from memory."""

    handler: Callable[[Call], Answer]
    refused: Callable[[Call, str], Answer]
    permit: object = None
    acts: bool = False


def _unserved(code: str) -> Callable[[Call, str], Answer]:
    return lambda call, text: readers.unserved(call, code, readers.NotServed(text))


def _not_lent(code: str) -> Callable[[Call, str], Answer]:
    return lambda call, text: copies.not_lent(call, code, text)


DOORS: Mapping[str, Door] = {
    "01": Door(readers.block_reader, _unserved("24"), Permit.BLOCK, acts=True),
    "09": Door(copies.take_in, copies.not_taken_in, Permit.CHECKIN, acts=True),
    "11": Door(copies.lend, _not_lent("12"), Permit.CHECKOUT, acts=True),
    "15": Door(wishes.wish, wishes.not_wished, Permit.HOLD, acts=True),
    "17": Door(items.item_information, items.no_information),
    "19": Door(items.item_update, items.not_updated),
    "23": Door(readers.status, _unserved("24"), Permit.READERS),
    "25": Door(readers.enable_reader, _unserved("26"), Permit.BLOCK, acts=True),
    "29": Door(copies.extend, _not_lent("30"), Permit.RENEW, acts=True),
    "35": Door(readers.end_session, lambda call, text: readers.end_session(call)),
    "37": Door(wishes.paid, wishes.not_paid, Permit.FEES, acts=True),
    "63": Door(readers.information, _unserved("64"), Permit.READERS),
    "65": Door(copies.extend_all, copies.renewed_none, Permit.RENEW, acts=True),
    "99": Door(link.status, lambda call, text: link.status(call)),
}


def answer(session: Session, line: bytes) -> Reply:
    """Answer one line without its end. Never raises: a fault of ours is a refusal with a sentence."""
    if checksum_right(line) is False:
        return _again(session)
    text = decode(line, session.charset)
    if text[:2] == "97":
        return Reply(session.last_answer) if session.last_answer else _again(session)
    try:
        delimiter = delimiter_of(text) if session.terminal is None else session.delimiter
        message = parse(text, delimiter)
    except Malformed:
        return _again(session)
    session.broken = 0
    if message.code == "93":
        session.delimiter = delimiter
        return _written(session, message, line, link.log_in(session, message))
    if session.terminal is None:
        if message.code != "99":
            return Reply(close=True)
        return _written(session, message, line, link.stranger_status(date_text(clock.now())))
    return _served(session, message, line)


def _served(session: Session, message: Message, line: bytes) -> Reply:
    """Answer a machine that is signed in and still may be."""
    if not _still_welcome(session, message):
        return Reply(close=True)
    terminal, actor = session.terminal, session.actor
    if terminal is None or actor is None:
        return Reply(close=True)
    if terminal.detection == Detection.REQUIRED and not (message.checked and message.sequence):
        return _again(session)
    door = DOORS[message.code]
    now = time.monotonic()
    if door.acts and line == session.last_request and now - session.last_at < RESEND_SECONDS:
        return Reply(session.last_answer)
    if "language" in message.fixed:
        session.language = "en" if message.fixed["language"] in _ENGLISH else "vi"
    call = Call(session, terminal, actor, message, clock.now())
    with translation.override(session.language):
        if door.permit is not None and door.permit not in terminal.permits:
            given = door.refused(call, _("Máy này không được làm việc này."))
        else:
            given = _safely(door, call)
        return _written(session, message, line, given)


def _safely(door: Door, call: Call) -> Answer:
    """The handler's answer; once more after a lost connection of ours: no request is done twice."""
    for last in (False, True):
        try:
            return door.handler(call)
        except DatabaseError:
            log.exception("sip2_database", code=call.message.code, terminal=call.terminal.pk)
            close_old_connections()
        except Exception:
            log.exception("sip2_failed", code=call.message.code, terminal=call.terminal.pk)
            break
        if last:
            break
    return door.refused(call, _("Hệ thống đang bận. Mời thử lại hoặc đến quầy."))


def _still_welcome(session: Session, message: Message) -> bool:
    """Learn now and then how the machine is set up; one that was switched off or got another password goes."""
    terminal, now = session.terminal, time.monotonic()
    if terminal is None:
        return False
    if now - session.learnt_at >= _LEARN_SECONDS:
        present = terminal_by_id(terminal.pk)
        if present is None or not present.enabled or present.password_hash != terminal.password_hash:
            return False
        noted = session.noted_at
        link.take_settings(session, present)
        session.noted_at = noted
    if now - session.noted_at >= _NOTE_SECONDS:
        session.noted_at = now
        note_seen(terminal, address=session.address, code=message.code)
    return True


def _written(session: Session, message: Message, line: bytes, given: Answer) -> Reply:
    terminal = session.terminal
    plain = terminal is not None and terminal.detection == Detection.OFF
    # a letter that the code page lacks may be written as the delimiter: what the machine will read is made safe
    fields = [(name, shown_by(value, session.charset)) for name, value in given.fields]
    body = body_of(given.code, given.fixed, fields, delimiter=session.delimiter)
    sequence, checked = ("", False) if plain else (message.sequence, message.checked)
    session.last_request, session.last_at = line, time.monotonic()
    session.last_answer = sealed(encode(body, session.charset), sequence=sequence, checked=checked) + session.line_end
    return Reply(session.last_answer)


def _again(session: Session) -> Reply:
    """96: say that again. A machine that cannot say it rightly is let go."""
    session.broken += 1
    return Reply(sealed(b"96", sequence="", checked=True) + session.line_end, close=session.broken >= MOST_BROKEN)


__all__ = ["DOORS", "MOST_BROKEN", "Reply", "answer"]
