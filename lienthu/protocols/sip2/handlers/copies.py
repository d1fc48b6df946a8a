"""Copies lent, taken in and renewed: 11/12, 09/10, 29/30, 65/66."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lienthu.catalogue.queries.items import CopySummary, copies_with_number
from lienthu.circulation.actions import (
    TO_HOLD_SHELF,
    TO_TRANSIT,
    CheckedIn,
    CheckedOut,
    Refused,
    Renewed,
    checkin,
    checkout,
    renew,
)
from lienthu.circulation.queries import open_loans
from lienthu.circulation.queries.present import copy_now
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock
from lienthu.libraries.queries import library_code, library_names
from lienthu.patrons.queries import active_card
from lienthu.protocols.sip2.actions import note_offline_refusal
from lienthu.protocols.sip2.handlers.frame import (
    CHANNEL,
    CURRENCY,
    Answer,
    Call,
    Fields,
    flag,
    number,
    reasons_in_words,
    screen,
)
from lienthu.protocols.sip2.handlers.readers import NotServed, Reader, reader_of
from lienthu.protocols.sip2.messages import date_text
from lienthu.protocols.sip2.models import Permit

MEDIA = {"BOOK": "001", "SERIAL": "002", "AUDIO": "004", "VIDEO": "005", "KIT": "009"}


class NoSuchCopy(Exception):
    """There is no copy with this number, or several elsewhere."""


def copy_of(call: Call) -> CopySummary:
    """The copy of AB; where several libraries have the number, that of the machine's own. Raises NoSuchCopy."""
    copies = copies_with_number(call.get("AB"))
    own = [copy for copy in copies if copy.library_id == call.terminal.library_id]
    if len(own or copies) == 1:
        return (own or copies)[0]
    if copies:
        raise NoSuchCopy(_("Nhiều thư viện có bản mang số này. Mời đến quầy."))
    raise NoSuchCopy(_("Không có bản tài liệu nào mang số này."))


def described(copy: CopySummary | None, call: Call) -> Fields:
    """AB and AJ: number and title."""
    number_ = copy.accession_number if copy and copy.accession_number else call.get("AB")
    return [("AB", number_), ("AJ", copy.title if copy else "")]


def due_words(at: datetime) -> str:
    """A due moment for people."""
    return date_format(at.astimezone(clock.VIETNAM), "d/m/Y")


# --- 11, 29 ----------------------------------------------------------------------------------------------------


def lend(call: Call) -> Answer:
    """11: lend a copy to the reader; with BI, take back what this machine has just lent."""
    if call.offline and not call.may(Permit.OFFLINE):
        return not_lent(call, "12", _("Máy này không được gửi việc làm lúc mất mạng."))
    try:
        reader, copy = reader_of(call), copy_of(call)
    except (NotServed, NoSuchCopy) as refusal:
        _note_refused(call, (type(refusal).__name__,))
        return not_lent(call, "12", str(refusal))
    if call.get("BI") == "Y":
        return _cancel(call, reader, copy)
    if _happened_since(call, copy):
        return not_lent(call, "12", _("Sau lúc ấy bản này đã có việc khác. Mời đến quầy."), copy=copy)
    try:
        done = _lend(call, reader, copy)
    except Refused as refusal:
        if refusal.codes == ("ALREADY_BORROWED",) and call.message.fixed["renewal_policy"] == "Y":
            return _renewed(call, "12", reader, copy)
        _note_refused(call, refusal.codes)
        return not_lent(call, "12", *reasons_in_words(refusal.reasons), copy=copy)
    except NotAllowed as refusal:
        return not_lent(call, "12", refusal.reason, copy=copy)
    return _lent(call, "12", copy, reader, done.loan.due_at, renewed=False)


def _lend(call: Call, reader: Reader, copy: CopySummary) -> CheckedOut:
    def once(key: str) -> CheckedOut:
        return checkout(
            actor=call.actor,
            item_id=copy.item_id,
            patron_id=reader.id,
            library_id=call.terminal.library_id,
            branch_id=call.terminal.branch_id,
            at=call.at,
            channel=CHANNEL,
            request_key=key,
            happened=call.offline,
        )

    done = once(call.key)
    # A machine whose clock stands still says the same again when it lends the copy again.
    if done.again and done.loan.ended_at is not None and not call.offline:
        done = once(f"{call.key}:{done.loan.pk}")
    return done


def _cancel(call: Call, reader: Reader, copy: CopySummary) -> Answer:
    """The machine could not unlock the copy: the loan ends, if it is this reader's."""
    stands = copy_now(copy.item_id)
    if stands is None or stands.patron_id != reader.id:
        return not_lent(call, "12", _("Bạn đọc không mượn bản này."), copy=copy)
    try:
        _take_in(call, copy)
    except (Refused, NotAllowed):
        return not_lent(call, "12", _("Không hủy được lần mượn này. Mời đến quầy."), copy=copy)
    return _lent(call, "12", copy, reader, None, renewed=False, said=_("Đã hủy lần mượn này."))


def extend(call: Call) -> Answer:
    """29: renew a loan of the reader."""
    try:
        reader, copy = reader_of(call), copy_of(call)
    except (NotServed, NoSuchCopy) as refusal:
        return not_lent(call, "30", str(refusal))
    return _renewed(call, "30", reader, copy)


def _renewed(call: Call, code: str, reader: Reader, copy: CopySummary) -> Answer:
    stands = copy_now(copy.item_id)
    if stands is None or stands.loan_id is None or stands.patron_id != reader.id:
        return not_lent(call, code, _("Bạn đọc không mượn bản này."), copy=copy)
    try:
        done = _renew(call, stands.loan_id, call.key + ":r")
    except Refused as refusal:
        return not_lent(call, code, *reasons_in_words(refusal.reasons), copy=copy)
    except NotAllowed:
        return not_lent(call, code, _elsewhere(), copy=copy)
    return _lent(call, code, copy, reader, done.loan.due_at, renewed=True)


def _renew(call: Call, loan_id: int, key: str) -> Renewed:
    return renew(actor=call.actor, loan_id=loan_id, at=call.at, channel=CHANNEL, request_key=key)


def _elsewhere() -> str:
    return _("Bản này mượn ở thư viện khác: gia hạn ở đó hoặc ở trang tài khoản.")


def extend_all(call: Call) -> Answer:
    """65: renew whatever can be renewed; say what could not."""
    try:
        reader = reader_of(call)
    except NotServed as refusal:
        return renewed_none(call, refusal.sentence)
    good, bad, said = [], [], dict[str, None]()
    for line in open_loans(reader.id):
        name = line.copy.accession_number or line.copy.title
        try:
            _renew(call, line.loan.pk, f"{call.key}:{line.loan.pk}")
            good.append(name)
        except Refused as refusal:
            bad.append(name)
            said |= dict.fromkeys(reasons_in_words(refusal.reasons))
        except NotAllowed:
            bad.append(name)
            said |= {_elsewhere(): None}
    return Answer(
        "66",
        {"ok": "1", "renewed": number(len(good)), "unrenewed": number(len(bad)), "date": call.date},
        [
            call.institution,
            *(("BM", name) for name in good),
            *(("BN", name) for name in bad),
            *screen(*list(said)[:5]),
        ],
    )


def renewed_none(call: Call, *sentences: str) -> Answer:
    """66 for nothing done."""
    fixed = {"ok": "0", "renewed": number(0), "unrenewed": number(0), "date": call.date}
    return Answer("66", fixed, [call.institution, *screen(*sentences)])


def _lent(
    call: Call, code: str, copy: CopySummary, reader: Reader, due: datetime | None, *, renewed: bool, said: str = ""
) -> Answer:
    words = said or (_("Hạn trả: %(day)s.") % {"day": due_words(due)} if due else "")
    # Nothing of the machine's to unlock after a renewal: the copy is outside already.
    unlock = flag(due is not None and not renewed)
    return Answer(
        code,
        {"ok": "1", "renewal_ok": flag(renewed), "magnetic": "N", "desensitize": unlock, "date": call.date},
        [
            call.institution,
            ("AA", reader.holder.card_number),
            *described(copy, call),
            ("AH", date_text(due) if due else ""),
            ("CK", MEDIA.get(copy.item_type, "000")),
            ("BH", CURRENCY),
            *screen(words),
        ],
    )


def not_lent(call: Call, code: str, *sentences: str, copy: CopySummary | None = None) -> Answer:
    """12 or 30 for nothing done, with all reasons."""
    return Answer(
        code,
        {"ok": "0", "renewal_ok": "N", "magnetic": "U", "desensitize": "N", "date": call.date},
        [call.institution, ("AA", call.get("AA")), *described(copy, call), ("AH", ""), *screen(*sentences)],
    )


# --- 09 --------------------------------------------------------------------------------------------------------


def take_in(call: Call) -> Answer:
    """09: take a copy in, whoever brings it, and say where it goes."""
    if call.offline and not call.may(Permit.OFFLINE):
        return not_taken_in(call, _("Máy này không được gửi việc làm lúc mất mạng."))
    try:
        copy = copy_of(call)
    except NoSuchCopy as refusal:
        _note_refused(call, ("NoSuchCopy",))
        return not_taken_in(call, str(refusal))
    if _happened_since(call, copy):
        return not_taken_in(call, _("Sau lúc ấy bản này đã có việc khác."), copy=copy)
    try:
        done = _take_in(call, copy)
    except Refused as refusal:
        _note_refused(call, refusal.codes)
        return not_taken_in(call, *reasons_in_words(refusal.reasons), copy=copy)
    except NotAllowed as refusal:
        return not_taken_in(call, refusal.reason, copy=copy)
    return _taken_in(call, copy, done)


def _take_in(call: Call, copy: CopySummary) -> CheckedIn:
    def once(key: str) -> CheckedIn:
        return checkin(
            actor=call.actor,
            item_id=copy.item_id,
            library_id=call.terminal.library_id,
            branch_id=call.terminal.branch_id,
            at=call.at,
            channel=CHANNEL,
            request_key=key,
        )

    done = once(call.key)
    if done.again and not call.offline:
        # lent since: so this is another return, in the words of a machine whose clock stands still
        stands = copy_now(copy.item_id)
        if stands is not None and stands.loan_id is not None:
            done = once(f"{call.key}:{stands.loan_id}")
    return done


def _taken_in(call: Call, copy: CopySummary, done: CheckedIn) -> Answer:
    alert, where, said = "", "", []
    if done.what == TO_HOLD_SHELF:
        alert, where = "01", call.terminal.library.code
        said = [_("Để lên giá chờ: có bạn đọc đặt mượn.")]
    elif done.what == TO_TRANSIT:
        where = library_code(done.to_library_id)
        alert = "02" if done.hold is not None else "04"
        said = [_("Gửi đến %(library)s.") % {"library": library_names().get(where, "")}]
    if done.overdue:
        said.append(_("Trả quá hạn."))
    return Answer(
        "10",
        {"ok": "1", "resensitize": "Y", "magnetic": "N", "alert": flag(alert), "date": call.date},
        [
            call.institution,
            *described(copy, call)[:1],
            ("AQ", library_code(copy.library_id)),
            *described(copy, call)[1:],
            ("CK", MEDIA.get(copy.item_type, "000")),
            *([("CV", alert), ("CT", where)] if alert else []),
            *_hold_reader(call, done),
            *screen(*said),
        ],
    )


def _hold_reader(call: Call, done: CheckedIn) -> Fields:
    """CY, the card of the reader who waits: only for machines that may know."""
    if done.hold is None or done.hold.patron_id is None or not call.may(Permit.HOLD_READER):
        return []
    card = active_card(done.hold.patron_id)
    return [("CY", card.number)] if card else []


def not_taken_in(call: Call, *sentences: str, copy: CopySummary | None = None) -> Answer:
    """10 for nothing done: the copy goes to a person."""
    return Answer(
        "10",
        {"ok": "0", "resensitize": "N", "magnetic": "U", "alert": "Y", "date": call.date},
        [
            call.institution,
            *described(copy, call)[:1],
            ("AQ", ""),
            *described(copy, call)[1:],
            ("CV", "99"),
            *screen(*sentences),
        ],
    )


# --- without network -------------------------------------------------------------------------------------------


def _happened_since(call: Call, copy: CopySummary) -> bool:
    """Whether the copy changed hands after what a machine did without network: then that is history, and noted."""
    at = call.at
    if at is None:
        return False
    stands = copy_now(copy.item_id)
    if stands is None or stands.since is None or stands.since <= at:
        return False
    _note_refused(call, ("CHANGED_SINCE",))
    return True


def _note_refused(call: Call, codes: tuple[str, ...]) -> None:
    if call.offline and call.may(Permit.OFFLINE):
        stated = call.at.isoformat() if call.at else ""
        note_offline_refusal(
            call.actor, call.terminal, code=call.message.code, item=call.get("AB")[:40], at=stated, reasons=codes
        )
