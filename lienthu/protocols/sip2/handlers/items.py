"""What a copy is and how it stands: 17/18, 19/20."""

from django.utils.translation import gettext as _

from lienthu.catalogue.queries.items import CopySummary
from lienthu.circulation.queries import waiting_count
from lienthu.circulation.queries.present import copy_now
from lienthu.libraries.queries import library_code
from lienthu.protocols.sip2.handlers.copies import MEDIA, NoSuchCopy, copy_of, described
from lienthu.protocols.sip2.handlers.frame import Answer, Call, screen
from lienthu.protocols.sip2.messages import date_text

_STATES = {
    "AVAILABLE": "03",
    "ON_LOAN": "04",
    "IN_PROCESS": "06",
    "ON_HOLD_SHELF": "08",
    "IN_TRANSIT": "10",
    "CLAIMED": "11",
    "LOST": "12",
    "MISSING": "13",
}


def item_information(call: Call) -> Answer:
    """17: what a copy is and how it stands. Never who has it."""
    try:
        copy = copy_of(call)
    except NoSuchCopy as refusal:
        return no_information(call, str(refusal))
    stands = copy_now(copy.item_id)
    home = library_code(copy.library_id)
    return Answer(
        "18",
        {
            "circulation_status": _STATES.get(copy.status, "01"),
            "security": "00",
            "fee_type": "01",
            "date": call.date,
        },
        [
            ("CF", str(waiting_count(copy.cluster_id))),
            *([("AH", date_text(stands.due_at))] if stands and stands.due_at else []),
            *described(copy, call),
            ("BG", home),
            ("CK", MEDIA.get(copy.item_type, "000")),
            ("AQ", home),
            ("CH", copy.call_number),
        ],
    )


def no_information(call: Call, *sentences: str) -> Answer:
    """18 for a copy that cannot be told."""
    fixed = {"circulation_status": "01", "security": "00", "fee_type": "01", "date": call.date}
    return Answer("18", fixed, [*described(None, call), *screen(*sentences)])


def item_update(call: Call) -> Answer:
    """19: a machine's own marks on a copy are not kept here; it is told so instead of being led to believe it."""
    try:
        copy = copy_of(call)
    except NoSuchCopy as refusal:
        return not_updated(call, str(refusal))
    return not_updated(call, _("Đặc điểm của bản tài liệu chỉ sửa ở bàn biên mục."), copy=copy)


def not_updated(call: Call, *sentences: str, copy: CopySummary | None = None) -> Answer:
    """20 for nothing done."""
    return Answer("20", {"ok": "0", "date": call.date}, [*described(copy, call), *screen(*sentences)])
