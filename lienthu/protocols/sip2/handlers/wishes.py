"""Requests and money: 15/16, 37/38."""

from datetime import date

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.catalogue.queries.items import CopySummary
from lienthu.circulation.actions import Refused, Wish, cancel_hold, place_hold
from lienthu.circulation.queries import holds_of, queue_places
from lienthu.fees.actions import Refused as NotBooked
from lienthu.fees.actions import pay
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import ids
from lienthu.protocols.sip2.handlers.copies import NoSuchCopy, copy_of
from lienthu.protocols.sip2.handlers.frame import CHANNEL, CURRENCY, Answer, Call, flag, reasons_in_words, screen
from lienthu.protocols.sip2.handlers.readers import NotServed, Reader, reader_of
from lienthu.protocols.sip2.messages import date_of, date_text

_THIS_COPY = "3"
_CASH = "00"
_MOST_DIGITS = 10


def wish(call: Call) -> Answer:
    """15: ask for a record or a copy, or take the request back. The pickup is always at the machine's library."""
    try:
        reader = reader_of(call)
        copy = copy_of(call) if call.get("AB") else None
        cluster_id = copy.cluster_id if copy else ids.decode(call.get("AJ"))
    except (NotServed, NoSuchCopy) as refusal:
        return not_wished(call, str(refusal))
    if cluster_id is None:
        return not_wished(call, _("Không tìm thấy tài liệu này."))
    if call.get("BS") not in ("", call.terminal.library.code):
        return not_wished(call, _("Máy này chỉ nhận đặt mượn để lấy ở thư viện của máy."))
    mode = call.message.fixed["mode"]
    try:
        if mode == "+":
            return _place(call, reader, copy, cluster_id)
        if mode == "-":
            return _cancel(call, reader, cluster_id)
    except Refused as refusal:
        return not_wished(call, *reasons_in_words(refusal.reasons))
    except NotAllowed as refusal:
        return not_wished(call, refusal.reason or _("Lượt đặt mượn này nhận ở thư viện khác."))
    return not_wished(call, _("Muốn đổi lượt đặt mượn thì hủy rồi đặt lại, hoặc đến quầy."))


def _place(call: Call, reader: Reader, copy: CopySummary | None, cluster_id: int) -> Answer:
    item_id = copy.item_id if copy is not None and call.get("BY") == _THIS_COPY else None
    hold = place_hold(
        actor=call.actor,
        patron_id=reader.id,
        wish=Wish(cluster_id=cluster_id, item_id=item_id),
        pickup_library_id=call.terminal.library_id,
        pickup_branch_id=call.terminal.branch_id,
        expires_on=_last_day(call),
        channel=CHANNEL,
        request_key=call.key,
    )
    place, last = queue_places([hold]).get(hold.pk, 0), date_of(call.message.get("BW"))
    return Answer(
        "16",
        {"ok": "1", "available": flag(copy is not None and copy.status == "AVAILABLE"), "date": call.date},
        [
            *([("BW", date_text(last))] if last else []),
            ("BR", str(place)),
            ("BS", call.terminal.library.code),
            call.institution,
            ("AA", reader.holder.card_number),
            *([("AB", copy.accession_number), ("AJ", copy.title)] if copy else [("AJ", call.get("AJ"))]),
            *screen(_("Đã đặt mượn. Thứ tự chờ: %(place)s.") % {"place": place}),
        ],
    )


def _cancel(call: Call, reader: Reader, cluster_id: int) -> Answer:
    mine = [line.hold for line in holds_of(reader.id) if line.hold.cluster_id == cluster_id]
    if not mine:
        return not_wished(call, _("Bạn đọc không đặt mượn tài liệu này."))
    for hold in mine:
        cancel_hold(actor=call.actor, hold_id=hold.pk, reason="SIP2")
    fields = [call.institution, ("AA", reader.holder.card_number), ("AB", call.get("AB")), ("AJ", call.get("AJ"))]
    return Answer("16", {"ok": "1", "available": "N", "date": call.date}, [*fields, *screen(_("Đã hủy đặt mượn."))])


def _last_day(call: Call) -> date | None:
    """The day after which the reader has no use for it any more."""
    stated = date_of(call.message.get("BW"))
    return stated.date() if stated is not None and stated > call.now else None


def not_wished(call: Call, *sentences: str) -> Answer:
    """16 for nothing done."""
    fields = [call.institution, ("AA", call.get("AA")), ("AB", call.get("AB")), ("AJ", call.get("AJ"))]
    return Answer("16", {"ok": "0", "available": "N", "date": call.date}, [*fields, *screen(*sentences)])


# --- 37 --------------------------------------------------------------------------------------------------------


def paid(call: Call) -> Answer:
    """37: the reader has paid at the machine what is owed to its library. Booked once for each message."""
    try:
        reader = reader_of(call)
    except NotServed as refusal:
        return not_paid(call, refusal.sentence)
    amount = _amount(call.get("BV"))
    if call.message.fixed["currency"] != CURRENCY or amount is None:
        return not_paid(call, _("Số tiền phải là một số đồng Việt Nam (VND)."))
    method = "CASH" if call.message.fixed["payment_type"] == _CASH else "TRANSFER"
    try:
        with writing(call.actor) as w:
            pay(
                w,
                patron_id=reader.id,
                library_id=call.terminal.library_id,
                library_code=call.terminal.library.code,
                amount=amount,
                method=method,
                key=call.key,
            )
    except NotBooked as refusal:
        return not_paid(call, _not_booked(refusal.code))
    return Answer(
        "38",
        {"ok": "Y", "date": call.date},
        [call.institution, ("AA", reader.holder.card_number), ("BK", call.get("BK")), *screen(_("Đã ghi nhận tiền."))],
    )


def _amount(text: str) -> int | None:
    """Whole đồng; decimals must be nothing. None for what is no amount."""
    whole, _point, rest = text.partition(".")
    good = whole.isascii() and whole.isdigit() and len(whole) <= _MOST_DIGITS and not rest.strip("0")
    return int(whole) or None if good else None


def _not_booked(code: str) -> str:
    sentences = {
        "NOTHING_OWED": _("Bạn đọc không phải nộp khoản nào ở thư viện này."),
        "TOO_MUCH": _("Số tiền lớn hơn số phải nộp."),
        "NO_OPEN_DRAWER": _("Máy này không nhận tiền mặt. Mời nộp ở quầy."),
    }
    return sentences.get(code, _("Không ghi nhận được khoản tiền này. Mời đến quầy."))


def not_paid(call: Call, *sentences: str) -> Answer:
    """38 for nothing booked."""
    return Answer(
        "38",
        {"ok": "N", "date": call.date},
        [call.institution, ("AA", call.get("AA")), ("BK", call.get("BK")), *screen(*sentences)],
    )
