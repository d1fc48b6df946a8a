"""What the first page of one's account says of a reader: what they have, what waits for them, what they owe."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.circulation.models import HoldState
from lienthu.circulation.queries import HoldLine, LoanLine, holds_of, open_loans
from lienthu.fees.queries import balance
from lienthu.identity.access import actor_of
from lienthu.kernel import clock
from lienthu.patrons.queries import patron_of_account
from lienthu.web.components import Figure
from lienthu.web.tags.filters import vn_number

DAY = "%d/%m/%Y"


def own(request: HttpRequest) -> dict[str, object]:
    """Context processor: `own_figures`, worked out when a template shows them; empty for who is no reader."""
    return {"own_figures": SimpleLazyObject(lambda: figures(request))}


def figures(request: HttpRequest) -> Sequence[Figure]:
    """Loans, requests and money of the reader who is signed in."""
    account_id = actor_of(request).account_id
    me = patron_of_account(account_id) if account_id is not None else None
    if me is None:
        return []
    loans, holds, owed = open_loans(me), holds_of(me), balance(me).owed
    books = reverse("circulation:own")
    return [
        Figure(_("Đang mượn"), len(loans), _of_loans(loans), books),
        Figure(_("Đang đặt mượn"), len(holds), _of_holds(holds), books),
        Figure(_("Còn phải nộp"), f"{vn_number(owed)} đ", "", reverse("fees:own")),
    ]


def _of_loans(loans: Sequence[LoanLine]) -> str:
    now = clock.now()
    late = sum(line.overdue(now) for line in loans)
    if late:
        said = ngettext("%(number)s tài liệu quá hạn", "%(number)s tài liệu quá hạn", late)
        return said % {"number": vn_number(late)}
    if loans:
        return _("hạn gần nhất %(day)s") % {"day": f"{min(line.loan.due_on for line in loans):{DAY}}"}
    return ""


def _of_holds(holds: Sequence[HoldLine]) -> str:
    days = [line.hold.shelf_until for line in holds if line.hold.state == HoldState.READY]
    kept = [day for day in days if day is not None]
    if not kept:
        return ""
    said = ngettext("%(number)s đã về, lấy chậm nhất %(day)s", "%(number)s đã về, lấy chậm nhất %(day)s", len(kept))
    return said % {"number": vn_number(len(kept)), "day": f"{min(kept):{DAY}}"}
