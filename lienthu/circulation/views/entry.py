"""One entry in the box: a card, an accession number, a title or a name; and what is then done."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lienthu.catalogue.queries.items import CopySummary, copies_with_number, copies_with_title
from lienthu.circulation import actions
from lienthu.circulation.actions import Refused
from lienthu.circulation.policy import Action, Reason
from lienthu.circulation.queries import open_loans
from lienthu.circulation.queries.readers import card_holder, find_readers, summaries
from lienthu.circulation.views.session import Desk, Line
from lienthu.circulation.wording import MARK_NAMES, next_step, reason_sentence, rule_sentence
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library, library_names
from lienthu.web.tags.filters import vn_number

MOST_FOUND = 8
MOST_LETTERS = 120


def take(desk: Desk, *, actor: Actor, library: Library, text: str, key: str) -> None:
    """Do what the entry means at this desk; the answer is left on the desk."""
    desk.clear_answer()
    text = " ".join(text.replace("\x00", "").split())[:MOST_LETTERS]
    if not text:
        return
    if desk.mode == "LEND" and _is_card(desk, text):
        return
    copies = copies_with_number(text)
    if len(copies) > 1:
        copies = [copy for copy in copies if copy.library_id == library.pk] or copies
    if len(copies) == 1:
        handle(desk, actor=actor, library=library, copy=copies[0], key=key)
        return
    _offer(desk, actor=actor, library=library, text=text, copies=copies)


def handle(desk: Desk, *, actor: Actor, library: Library, copy: CopySummary, key: str) -> None:
    """Lend the copy to the reader before the desk, or take it in."""
    if desk.mode in actions.MARKS:
        _mark(desk, actor=actor, library=library, copy=copy, key=key)
    elif desk.mode == "RETURN":
        _take_in(desk, actor=actor, library=library, copy=copy, key=key)
    elif not desk.patron_id:
        _say(desk, _("Chưa quét thẻ bạn đọc."), _("Quét thẻ trước, hoặc bấm F2 để ghi trả."))
    elif copy.status == "REFERENCE_ONLY":
        _mark(desk, actor=actor, library=library, copy=copy, key=key, mode=Action.USE_HERE)
    else:
        _lend(desk, actor=actor, library=library, copy=copy, key=key)


def claim(desk: Desk, *, actor: Actor, library: Library, loan: str, key: str) -> None:
    """The reader before the desk says that a copy on loan to them was returned."""
    desk.clear_answer()
    line = next((one for one in open_loans(desk.patron_id) if str(one.loan.pk) == loan), None) if loan else None
    if line is not None:
        _mark(desk, actor=actor, library=library, copy=line.copy, key=key, mode=Action.CLAIM_RETURNED)


def _is_card(desk: Desk, text: str) -> bool:
    holder = card_holder(text)
    if holder is None:
        return False
    if holder.card_status in ("LOST", "REPLACED", "PENDING"):
        reason = Reason(f"CARD_{holder.card_status}", {"number": holder.replaced_by or ""})
        _say(desk, reason_sentence(reason), "")
        return True
    if desk.patron_id != holder.patron_id:
        desk.lines = []
    desk.patron_id, desk.card = holder.patron_id, holder.card_number
    return True


def _offer(desk: Desk, *, actor: Actor, library: Library, text: str, copies: list[CopySummary]) -> None:
    """Several things may be meant: show them, most likely first."""
    if not copies and len(text) > 1:
        copies = copies_with_title(text, library_id=library.pk, limit=MOST_FOUND)
    names = library_names()
    by_id = {copy.library_id: names.get(library.code, "") for copy in copies if copy.library_id == library.pk}
    desk.choices = [
        {
            "value": copy.accession_number,
            "title": copy.title,
            "note": " · ".join(filter(None, (copy.accession_number, copy.call_number, by_id.get(copy.library_id, "")))),
            "state": copy.status,
        }
        for copy in copies[:MOST_FOUND]
        if copy.accession_number
    ]
    if desk.mode == "LEND":
        desk.choices += [
            {"patron": one.public_id, "title": one.name, "note": str(one.category_name), "state": ""}
            for one in find_readers(actor, text, limit=MOST_FOUND)
        ]
    desk.asked = text
    if not desk.choices:
        reason = Reason("UNKNOWN")
        _say(desk, reason_sentence(reason), next_step(reason))


def _lend(desk: Desk, *, actor: Actor, library: Library, copy: CopySummary, key: str) -> None:
    try:
        done = actions.checkout(
            actor=actor, item_id=copy.item_id, patron_id=desk.patron_id, library_id=library.pk, request_key=key
        )
    except Refused as refusal:
        refused(desk, copy, refusal, _("Không ghi mượn được: %(title)s.") % {"title": copy.title})
        return
    if done.again:
        return
    state = "used_here" if done.loan.in_library else "lent"
    due = _("Trả trong ngày") if done.loan.in_library else _day(done.loan.due_on)
    desk.add(Line(state, copy.title, copy.accession_number, due=due, loan_id=done.loan.pk))


def _mark(
    desk: Desk, *, actor: Actor, library: Library, copy: CopySummary, key: str, mode: Action | None = None
) -> None:
    """Write down what the mode says of the copy."""
    what = mode or Action(desk.mode)
    name = str(MARK_NAMES[what])
    try:
        state = actions.mark(
            actor=actor, action=what, item_id=copy.item_id, library_id=library.pk, request_key=key, note=_("tại quầy")
        )
    except Refused as refusal:
        title = _("Không ghi được “%(what)s”: %(title)s.") % {"what": name, "title": copy.title}
        refused(desk, copy, refusal, title)
        return
    shown = "used_here" if what == Action.USE_HERE else state.lower()
    desk.add(Line(shown, copy.title, copy.accession_number, due=name, where=name))


def _take_in(desk: Desk, *, actor: Actor, library: Library, copy: CopySummary, key: str) -> None:
    try:
        done = actions.checkin(actor=actor, item_id=copy.item_id, library_id=library.pk, request_key=key)
    except Refused as refusal:
        refused(desk, copy, refusal, _("Không ghi trả được: %(title)s.") % {"title": copy.title})
        return
    if not done.again:
        desk.add(_returned(copy, done))


def _returned(copy: CopySummary, done: actions.CheckedIn) -> Line:
    """Where the copy goes now, in a sentence that nobody can misread."""
    line = Line("returned", copy.title, copy.accession_number)
    if done.what == actions.TO_HOLD_SHELF and done.hold is not None:
        reader = summaries([done.hold.patron_id or 0]).get(done.hold.patron_id or 0)
        line.state, line.where = "to_hold_shelf", _("Giá chờ")
        line.text = _("Để lên giá chờ cho bạn đọc %(reader)s, giữ đến hết ngày %(until)s.") % {
            "reader": reader.name if reader else "–",
            "until": _day(done.hold.shelf_until),
        }
    elif done.what == actions.TO_TRANSIT:
        line.state, line.where = "to_transit", _library_name(done.to_library_id)
        line.text = _("Gửi đến %(library)s.") % {"library": line.where}
        if done.passing:
            line.text = _("Bản này đang trên đường đến %(library)s: chuyển tiếp.") % {"library": line.where}
    else:
        line.where = _("Giá sách")
        line.text = _("Xếp lại lên giá: %(call)s.") % {"call": copy.call_number or copy.accession_number}
        if done.what == actions.NOTHING:
            line.state, line.text = "nothing", _("Bản này không có ai mượn; để đúng chỗ của nó.")
    extra = [_("Trả quá hạn.")] if done.overdue else []
    extra += [_("Phải nộp %(amount)s đồng.") % {"amount": vn_number(done.fine)}] if done.fine else []
    extra += [_("Bản này từng ghi là mất hoặc thất lạc, nay đã thấy.")] if done.found else []
    line.text = " ".join([line.text, *extra])
    return line


def refused(desk: Desk, copy: CopySummary, refusal: Refused, title: str) -> None:
    """Show all reasons beside the copy, each with the rule it comes from."""
    reasons = [
        {
            "text": reason_sentence(reason),
            "next": next_step(reason),
            "rule": rule_sentence(reason.rule) if reason.rule is not None or reason.code.startswith("TOO_MANY") else "",
        }
        for reason in refusal.reasons
    ]
    desk.problem = {"title": title, "reasons": reasons, "number": copy.accession_number}
    desk.add(Line("refused", copy.title, copy.accession_number, due="–", reasons=reasons))


def _say(desk: Desk, title: str, then: str) -> None:
    reasons: list[dict[str, Any]] = [{"text": "", "next": then, "rule": ""}] if then else []
    desk.problem = {"title": title, "reasons": reasons, "number": ""}


def _day(day: date | None) -> str:
    """A day as the lines of the desk keep it: plain text."""
    return day.strftime("%d/%m/%Y") if day else "–"


def _library_name(library_id: int | None) -> str:
    library = Library.objects.filter(pk=library_id).first() if library_id else None
    return library.name_vi if library else "–"
