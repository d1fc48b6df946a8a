"""Machines are added, changed, given passwords, and sign in."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from lienthu.audit.actions import writing
from lienthu.identity.access import VISITOR, Actor, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.protocols.sip2 import passwords
from lienthu.protocols.sip2.access import MANAGE
from lienthu.protocols.sip2.models import Terminal
from lienthu.protocols.sip2.queries import terminal_by_login


class LoginTaken(Exception):
    """Another machine signs in with this name."""


@dataclass(frozen=True, slots=True)
class Made:
    """A machine with the password that nobody can read again."""

    terminal: Terminal
    password: str


class NotLetIn(Exception):
    """A machine may not sign in. `why`: UNKNOWN, PASSWORD, DISABLED, ADDRESS, TLS, LIBRARY."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def add_terminal(*, actor: Actor, library: Library, values: Mapping[str, Any]) -> Made:
    """Add a machine. `values` are columns of Terminal. Raises Refused, LoginTaken."""
    require(actor, MANAGE, at=library.scope)
    password = passwords.new_password()
    with writing(actor) as w:
        terminal = Terminal(library=library, password_hash=passwords.hashed(password), **values)
        _save(terminal)
        w.audit(
            "sip2.terminal_added",
            target=("terminal", terminal.pk),
            at=library.code,
            details={"login": terminal.login, "permits": list(terminal.permits)},
        )
    return Made(terminal, password)


def change_terminal(*, actor: Actor, terminal: Terminal, values: Mapping[str, Any]) -> None:
    """Change a machine, or switch it off or on; a machine that is connected notices within seconds.

    Raises Refused, LoginTaken.
    """
    require(actor, MANAGE, at=terminal.library.scope)
    changed = sorted(name for name, value in values.items() if getattr(terminal, name) != value)
    with writing(actor) as w:
        if not changed:
            w.nothing_changed()
            return
        for name in changed:
            setattr(terminal, name, values[name])
        _save(terminal, changed)
        w.audit(
            "sip2.terminal_changed",
            target=("terminal", terminal.pk),
            at=terminal.library.code,
            details={"changed": changed, "enabled": terminal.enabled, "permits": list(terminal.permits)},
        )


def renew_password(*, actor: Actor, terminal: Terminal) -> Made:
    """Give a machine another password; the former one ends at once. Raises Refused."""
    require(actor, MANAGE, at=terminal.library.scope)
    password = passwords.new_password()
    with writing(actor) as w:
        terminal.password_hash = passwords.hashed(password)
        terminal.save(update_fields=["password_hash"])
        w.audit("sip2.password_made", target=("terminal", terminal.pk), at=terminal.library.code)
    return Made(terminal, password)


def sign_in(*, login: str, password: str, address: str, tls: bool) -> Terminal:
    """The machine of a login. Raises NotLetIn, which is in the trail then."""
    terminal = terminal_by_login(login)
    right = passwords.is_right(password, terminal.password_hash if terminal else "")
    if terminal is not None and right:
        why = _against(terminal, address=address, tls=tls)
        if not why:
            note_seen(terminal, address=address, code="93")
            return terminal
    else:
        why = "PASSWORD" if terminal else "UNKNOWN"
    with writing(VISITOR) as w:
        w.audit(
            "sip2.sign_in_failed",
            target=("terminal", terminal.pk if terminal else ""),
            at=terminal.library.code if terminal else "",
            details={"why": why, "network": _network(address)},
        )
    raise NotLetIn(why)


def note_seen(terminal: Terminal, *, address: str, code: str) -> None:
    """Remember what a machine did last, for those who keep it."""
    Terminal.objects.filter(pk=terminal.pk).update(seen_at=clock.now(), seen_from=address[:45], seen_message=code)


def note_offline_refusal(
    actor: Actor, terminal: Terminal, *, code: str, item: str, at: str, reasons: tuple[str, ...]
) -> None:
    """What a machine did without network and we cannot book stays known: somebody has to look after the copy."""
    with writing(actor) as w:
        w.audit(
            "sip2.offline_refused",
            target=("item", item),
            at=terminal.library.code,
            details={"message": code, "done_at": at, "reasons": list(reasons)},
        )


def note_reader_seen(actor: Actor, terminal: Terminal, *, public_id: str) -> None:
    """Every opening of a reader's record is in the trail, once for each session at a machine."""
    with writing(actor) as w:
        w.audit("sip2.reader_seen", target=("patron", public_id), at=terminal.library.code)


def note_wrong_pin(actor: Actor, terminal: Terminal, *, public_id: str) -> None:
    """Somebody with a card did not know its reader's password."""
    with writing(actor) as w:
        w.audit("sip2.pin_failed", target=("patron", public_id), at=terminal.library.code)


def _against(terminal: Terminal, *, address: str, tls: bool) -> str:
    if not terminal.enabled:
        return "DISABLED"
    if terminal.library.status != Library.Status.ACTIVE:
        return "LIBRARY"
    if terminal.needs_tls and not tls:
        return "TLS"
    if terminal.addresses and not _is_within(address, terminal.addresses):
        return "ADDRESS"
    return ""


def _is_within(address: str, networks: list[str]) -> bool:
    try:
        host = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    host = getattr(host, "ipv4_mapped", None) or host
    return any(host in ipaddress.ip_network(network, strict=False) for network in networks)


def _network(address: str) -> str:
    """An address cut down to its network, as the trail keeps addresses."""
    try:
        host = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{host}/{24 if host.version == 4 else 48}", strict=False))


def _save(terminal: Terminal, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            terminal.save(update_fields=fields)
    except IntegrityError as error:
        if Terminal.objects.filter(login=terminal.login).exclude(pk=terminal.pk).exists():
            raise LoginTaken(terminal.login) from error
        raise
