"""The machine itself: signing in (93/94) and what it may do here (99/98)."""

import time

from django.utils.translation import gettext as _

from lienthu.libraries.queries import library_names
from lienthu.protocols.sip2.access import actor_of_terminal
from lienthu.protocols.sip2.actions import NotLetIn, sign_in
from lienthu.protocols.sip2.handlers.frame import Answer, Call, flag, screen
from lienthu.protocols.sip2.messages import Message
from lienthu.protocols.sip2.models import LineEnd, Permit, Terminal
from lienthu.protocols.sip2.session import Session
from lienthu.protocols.sip2.tries import Tries

VERSION = "2.00"
# Tenths of a second until a machine should ask again, and how often.
TIMEOUT, RETRIES = "100", "003"

_OF_LOGIN = Tries("login", most=5, seconds=300)
_OF_ADDRESS = Tries("address", most=30, seconds=600)


def log_in(session: Session, message: Message) -> Answer:
    """93: who is this machine? A wrong answer says nothing about why."""
    session.terminal = session.actor = None
    session.forget_readers()
    login = message.get("CN")
    keys = ((_OF_LOGIN, (login, session.address)), (_OF_ADDRESS, session.address))
    if message.fixed != {"uid_algorithm": "0", "pwd_algorithm": "0"} or any(tries.closed(key) for tries, key in keys):
        return Answer("94", {"ok": "0"})
    try:
        terminal = sign_in(login=login, password=message.get("CO"), address=session.address, tls=session.tls)
    except NotLetIn:
        for tries, key in keys:
            tries.note(key)
        return Answer("94", {"ok": "0"})
    _OF_LOGIN.forget((login, session.address))
    take_settings(session, terminal)
    return Answer("94", {"ok": "1"})


def take_settings(session: Session, terminal: Terminal) -> None:
    """Speak as this machine is set up to."""
    session.terminal, session.actor = terminal, actor_of_terminal(terminal)
    session.charset, session.delimiter = terminal.charset, terminal.delimiter
    session.line_end = b"\r\n" if terminal.line_end == LineEnd.CRLF else b"\r"
    session.learnt_at = session.noted_at = time.monotonic()


def status(call: Call) -> Answer:
    """99: what this machine may do, message by message."""
    may, library = call.may, call.terminal.library
    supported = (
        may(Permit.READERS),  # patron status
        may(Permit.CHECKOUT),
        may(Permit.CHECKIN),
        may(Permit.BLOCK),
        True,  # SC and ACS status
        True,  # resend
        True,  # login
        may(Permit.READERS),  # patron information
        True,  # end of a patron's session
        may(Permit.FEES),
        True,  # item information
        False,  # item status update
        may(Permit.BLOCK),  # patron enable
        may(Permit.HOLD),
        may(Permit.RENEW),
        may(Permit.RENEW),
    )
    return Answer(
        "98",
        {
            "online": "Y",
            "checkin": flag(may(Permit.CHECKIN)),
            "checkout": flag(may(Permit.CHECKOUT)),
            "renewal": flag(may(Permit.RENEW)),
            "status_update": flag(may(Permit.BLOCK)),
            "offline": flag(may(Permit.OFFLINE)),
            "timeout": TIMEOUT,
            "retries": RETRIES,
            "date": call.date,
            "version": VERSION,
        },
        [
            call.institution,
            ("AM", library_names().get(library.code, library.name_vi)),
            ("BX", "".join(map(flag, supported))),
            ("AN", call.terminal.branch.name_vi if call.terminal.branch else call.terminal.name),
        ],
    )


def stranger_status(now_text: str) -> Answer:
    """99 before 93: nothing is allowed yet, and the machine is told what to do."""
    off = dict.fromkeys(("online", "checkin", "checkout", "renewal", "status_update", "offline"), "N")
    return Answer(
        "98",
        {**off, "timeout": TIMEOUT, "retries": RETRIES, "date": now_text, "version": VERSION},
        [("AO", ""), ("BX", "NNNNYYYNNNNNNNNN"), *screen(_("Máy chưa đăng nhập (bản tin 93)."))],
    )
