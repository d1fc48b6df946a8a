"""The machine's side of the conversation: builds requests with our codec, reads answers."""

from datetime import datetime
from typing import Any

from lienthu.identity.access import system_actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.protocols.sip2.actions import add_terminal
from lienthu.protocols.sip2.charsets import decode, encode
from lienthu.protocols.sip2.handlers import answer
from lienthu.protocols.sip2.messages import REQUESTS, RESPONSES, Message, body_of, date_text, parse, sealed
from lienthu.protocols.sip2.models import Permit
from lienthu.protocols.sip2.session import Session

SYSTEM = system_actor("tests")
ALL = list(Permit.values)
_FIXED = {
    "no_block": "N",
    "return_date": " " * 18,
    "no_block_due": " " * 18,
    "renewal_policy": "N",
    "third_party": "N",
    "card_retained": "N",
    "mode": "+",
    "language": "000",
    "summary": " " * 10,
    "fee_type": "01",
    "payment_type": "02",
    "currency": "VND",
    "status": "0",
    "width": "080",
    "version": "2.00",
    "uid_algorithm": "0",
    "pwd_algorithm": "0",
}


def request(
    code: str, *, sequence: str = "1", at: datetime | None = None, charset: str = "utf-8", **given: Any
) -> bytes:
    """A request as bytes: fixed fields by their name in small letters, variable ones by their code."""
    fixed = {**_FIXED, "date": date_text(at or clock.now())}
    fixed |= {name: value for name, value in given.items() if name.islower()}
    fields = [(name, value) for name, value in given.items() if name.isupper()]
    body = body_of(code, {one.name: fixed[one.name] for one in REQUESTS[code]}, fields, layouts=REQUESTS)
    return sealed(encode(body, charset), sequence=sequence, checked=bool(sequence))


class Machine:
    """One machine and one connection of it, without a socket between."""

    def __init__(
        self, library: Library, *, permits: list[str] | None = None, login: str = "may-1", **values: Any
    ) -> None:
        values = {"name": "Máy mượn 1", "login": login, "permits": ALL if permits is None else permits, **values}
        made = add_terminal(actor=SYSTEM, library=library, values=values)
        self.terminal, self.password = made.terminal, made.password
        self.session = Session(address="10.0.0.7")
        self.count = 0

    def connect(self, *, address: str = "10.0.0.7", tls: bool = False) -> "Machine":
        """A new connection."""
        self.session = Session(address=address, tls=tls)
        return self

    def signed_in(self) -> "Machine":
        assert self.say("93", CN=self.terminal.login, CO=self.password).fixed["ok"] == "1"
        return self

    def line(self, code: str, **given: Any) -> bytes:
        self.count = (self.count + 1) % 10
        given.setdefault("sequence", str(self.count))
        return request(code, charset=self.session.charset, **given)

    def raw(self, line: bytes) -> bytes:
        return answer(self.session, line).line

    def say(self, code: str, **given: Any) -> Message:
        """Send a message and read the answer."""
        return self.read(self.raw(self.line(code, **given)))

    def read(self, raw: bytes) -> Message:
        text = decode(raw.rstrip(b"\r\n"), self.session.charset)
        return parse(text, self.session.delimiter, layouts=RESPONSES)


def lent(machine, copy, reader, **given):
    """Lend a copy to a reader at a machine; what it hears."""
    return machine.say("11", AA=reader.card, AB=copy.accession_number, **given)
