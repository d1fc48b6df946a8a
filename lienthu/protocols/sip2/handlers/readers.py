"""Whose card it is, whether they are who they say, and how they stand: 23/24, 63/64, 25/26, 01/24, 35/36."""

import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthu.circulation.queries import HoldLine, LoanLine, holds_of, open_loans
from lienthu.circulation.queries.standing import NoSuchReader, StandingAt, standing_at
from lienthu.fees.queries import OpenCharge, balance, open_charges
from lienthu.identity.queries import right_password
from lienthu.patrons.access import get_patron
from lienthu.patrons.actions import block, lift_block
from lienthu.patrons.queries import CardHolder, account_of_patron, blocks_of, patron_of_card
from lienthu.protocols.sip2.actions import note_reader_seen, note_wrong_pin
from lienthu.protocols.sip2.handlers.frame import (
    CURRENCY,
    Answer,
    Call,
    Fields,
    flag,
    number,
    reasons_in_words,
    screen,
)
from lienthu.protocols.sip2.messages import Message
from lienthu.protocols.sip2.tries import Tries

_PROVED_SECONDS = 600.0
_MOST_LINES = 100
_LANGUAGES = {"en": "001"}
_PINS = Tries("reader", most=5, seconds=600)

# The reasons of circulation as the fourteen places of the patron status; place 0 is set by any of them.
_PLACES = {"TOO_MANY": 5, "TOO_MANY_HERE": 5, "OVERDUE": 6, "OWES_TOO_MUCH": 10}
_NO_RENEWAL = frozenset({"CARD_EXPIRED", "BLOCKED", "GUARDIAN_MISSING", "OVERDUE", "OWES_TOO_MUCH"})
_NO_HOLD = frozenset({"CARD_EXPIRED", "BLOCKED", "GUARDIAN_MISSING"})


class NotServed(Exception):
    """Nobody can be served with this card here. `holder` where there is one."""

    def __init__(self, sentence: str, holder: CardHolder | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.holder = sentence, holder


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader before the machine. `password_right`: what CQ says."""

    holder: CardHolder
    password_right: bool

    @property
    def id(self) -> int:
        return self.holder.patron_id


def reader_of(call: Call) -> Reader:
    """The reader of AA, who must have proved themselves where the machine asks for it. Raises NotServed."""
    holder = patron_of_card(call.get("AA")) if call.get("AA") else None
    if holder is None:
        raise NotServed(_("Không tìm thấy thẻ này."))
    if holder.card_status == "LOST":
        raise NotServed(_("Thẻ này đã báo mất. Mời đến quầy."), holder)
    if holder.card_status != "ACTIVE":
        raise NotServed(_("Thẻ này không còn dùng. Mời dùng thẻ mới hoặc đến quầy."), holder)
    right = _password_right(call, holder)
    if call.terminal.needs_pin and not right:
        raise NotServed(_("Mật khẩu của bạn đọc không đúng, hoặc chưa có. Mời thử lại hoặc đến quầy."), holder)
    _note_seen(call, holder)
    return Reader(holder, right)


def _password_right(call: Call, holder: CardHolder) -> bool:
    """Whether AD is the password with which this reader signs in; without AD, whether it was given just before.

    Where a machine does not ask for it, an empty one is as good: the card alone counts, as at the desk.
    """
    proved, given = call.session.proved, call.message.get("AD")
    if not given:
        return proved.get(holder.patron_id, 0.0) > time.monotonic() or not call.terminal.needs_pin
    if _PINS.closed(holder.patron_id):
        return False
    account_id = account_of_patron(holder.patron_id)
    if account_id is not None and right_password(account_id, given):
        _PINS.forget(holder.patron_id)
        proved[holder.patron_id] = time.monotonic() + _PROVED_SECONDS
        return True
    proved.pop(holder.patron_id, None)
    if account_id is not None:
        _PINS.note(holder.patron_id)
        note_wrong_pin(call.actor, call.terminal, public_id=holder.patron.public_id)
    return False


def _note_seen(call: Call, holder: CardHolder) -> None:
    if holder.patron_id not in call.session.seen:
        call.session.seen.add(holder.patron_id)
        note_reader_seen(call.actor, call.terminal, public_id=holder.patron.public_id)


# --- 23, 63 ----------------------------------------------------------------------------------------------------


def status(call: Call) -> Answer:
    """23: may this reader borrow?"""
    try:
        reader = reader_of(call)
        return _status(call, "24", reader, [])
    except NotServed as refusal:
        return unserved(call, "24", refusal)


def information(call: Call) -> Answer:
    """63: the same, with what the reader has, waits for and owes; one list of it in detail."""
    try:
        reader = reader_of(call)
    except NotServed as refusal:
        return unserved(call, "64", refusal)
    loans, holds = open_loans(reader.id), holds_of(reader.id)
    late = [line for line in loans if line.overdue(call.now)]
    ready = [line for line in holds if line.hold.state == "READY"]
    waiting = [line for line in holds if line.hold.state != "READY"]
    # what is owed elsewhere is paid there: a machine that named it would ask for more than it can take
    charges = open_charges(reader.id, library_id=call.terminal.library_id)
    lists = {
        0: ("AS", [_held(line) for line in ready]),
        1: ("AT", [_lent(line) for line in late]),
        2: ("AU", [_lent(line) for line in loans]),
        3: ("AV", [_owed(charge) for charge in charges]),
        4: ("BU", []),
        5: ("CD", [_held(line) for line in waiting]),
    }
    counts = {
        "holds": number(len(ready)),
        "overdue": number(len(late)),
        "charged": number(len(loans)),
        "fines": number(len(charges)),
        "recalls": number(0),
        "unavailable_holds": number(len(waiting)),
    }
    return _status(call, "64", reader, _chosen(call.message, lists), counts)


def _chosen(message: Message, lists: dict[int, tuple[str, list[str]]]) -> Fields:
    """The lines of the one list that is asked for, from the BPth to the BQth."""
    wanted = message.fixed["summary"].find("Y")
    if wanted not in lists:
        return []
    name, lines = lists[wanted]
    first = _place(message.get("BP"), 1)
    last = _place(message.get("BQ"), len(lines))
    return [(name, line) for line in lines[first - 1 : last][:_MOST_LINES]]


def _place(text: str, otherwise: int) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _lent(line: LoanLine) -> str:
    return line.copy.accession_number or line.copy.title


def _held(line: HoldLine) -> str:
    return line.title


def _owed(charge: OpenCharge) -> str:
    return f"{charge.open} {CURRENCY} {charge.on:%d/%m/%Y}"


def _status(call: Call, code: str, reader: Reader, lines: Fields, counts: dict[str, str] | None = None) -> Answer:
    patron = reader.holder.patron
    try:
        stands = standing_at(
            patron_id=reader.id, library_id=call.terminal.library_id, branch_id=call.terminal.branch_id, at=call.now
        )
    except NoSuchReader:
        return unserved(call, code, NotServed(_("Không tìm thấy thẻ này.")))
    limits = [("BZ", number(stands.most_holds)), ("CB", number(stands.most_loans))] if counts is not None else []
    return Answer(
        code,
        {
            "patron_status": _fourteen(stands, lost=False),
            "language": _LANGUAGES.get(patron.preferred_language, "000"),
            "date": call.date,
            **(counts or {}),
        },
        [
            call.institution,
            ("AA", call.get("AA")),
            ("AE", patron.name),
            *limits,
            ("BL", "Y"),
            ("CQ", flag(reader.password_right)),
            ("BH", CURRENCY),
            ("BV", str(balance(reader.id, library_id=call.terminal.library_id).owed)),
            *lines,
            *screen(*reasons_in_words(stands.reasons)),
        ],
    )


def _fourteen(stands: StandingAt, *, lost: bool) -> str:
    """The patron status: Y where something is denied or exceeded."""
    places = [" "] * 14
    if stands.codes:
        places[0] = "Y"
    if stands.codes & _NO_RENEWAL:
        places[1] = "Y"
    if stands.codes & _NO_HOLD:
        places[2] = places[3] = "Y"
    if lost:
        places[4] = "Y"
    for code in stands.codes:
        if code in _PLACES:
            places[_PLACES[code]] = "Y"
    return "".join(places)


def unserved(call: Call, code: str, refusal: NotServed) -> Answer:
    """A patron answer that gives nothing away: no name, no counts. BL tells whether the card is one in use."""
    status = ["Y"] * 4 + [" "] * 10
    if refusal.holder is not None and refusal.holder.card_status == "LOST":
        status[4] = "Y"
    valid = refusal.holder is not None and refusal.holder.card_status == "ACTIVE"
    names = ("holds", "overdue", "charged", "fines", "recalls", "unavailable_holds") if code == "64" else ()
    return Answer(
        code,
        {
            "patron_status": "".join(status),
            "language": "000",
            "date": call.date,
            **{name: number(0) for name in names},
        },
        [
            call.institution,
            ("AA", call.get("AA")),
            ("AE", ""),
            ("BL", flag(valid)),
            ("CQ", "N"),
            *screen(refusal.sentence),
        ],
    )


# --- 01, 25, 35 ------------------------------------------------------------------------------------------------


def block_reader(call: Call) -> Answer:
    """01: keep this card from being used, here; a person lifts it, or 25 of the same machine."""
    holder = patron_of_card(call.get("AA"))
    if holder is None:
        return unserved(call, "24", NotServed(_("Không tìm thấy thẻ này.")))
    patron = get_patron(call.actor, holder.patron.public_id, reason="SIP2 01")
    said = call.get("AL") or _("Máy tự phục vụ giữ hoặc chặn thẻ này.")
    if not blocks_of(patron, on=call.now.date()).filter(placed_by=call.actor.name).exists():
        block(actor=call.actor, patron=patron, library=call.terminal.library, code="MANUAL", reason=said, until=None)
    return unserved(call, "24", NotServed(_("Đã chặn thẻ này."), holder))


def enable_reader(call: Call) -> Answer:
    """25: lift what this machine itself has blocked; nothing else."""
    try:
        reader = reader_of(call)
    except NotServed as refusal:
        return unserved(call, "26", refusal)
    patron = get_patron(call.actor, reader.holder.patron.public_id, reason="SIP2 25")
    for placed in blocks_of(patron, on=call.now.date()).filter(placed_by=call.actor.name):
        lift_block(actor=call.actor, block_id=placed.pk, patron=patron)
    return _status(call, "26", reader, [])


def end_session(call: Call) -> Answer:
    """35: the reader has finished; the next one has to prove themselves again."""
    call.session.forget_readers()
    return Answer("36", {"ok": "Y", "date": call.date}, [call.institution, ("AA", call.get("AA"))])
