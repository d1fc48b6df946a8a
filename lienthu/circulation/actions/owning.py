"""What circulation keeps of readers, for the readers' room (`patrons.actions.owners.Owner`)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.audit.actions import Writing
from lienthu.circulation.actions.stage import lock_reader
from lienthu.circulation.models import Hold, HoldState, Loan, Step
from lienthu.circulation.queries import holds_of, open_loans, past_loans
from lienthu.patrons.actions import Section

_MANY = 100_000


def hold_still(*, patron_id: int) -> None:
    """What is decided about a reader waits for their lock."""
    lock_reader(patron_id)


def against_merging(*, loser: int, winner: int) -> list[str]:
    """A reader waits for a record once; two requests for one record have to become one first."""
    theirs = set(Hold.objects.filter(patron_id=winner, ended_at=None, group=None).values_list("cluster_id", "copy_id"))
    return [
        _("Cả hai đang đặt mượn “%(title)s”: hãy hủy một lượt trước.") % {"title": line.title}
        for line in holds_of(loser)
        if line.hold.group_id is None and (line.hold.cluster_id, line.hold.copy_id) in theirs
    ]


def move(w: Writing, *, loser: int, winner: int) -> dict[str, list[int]]:
    """Loans, also kept ones, and requests go over."""
    moved = {}
    for name, kept in _kept(loser):
        moved[name] = list(kept.select_for_update().values_list("pk", flat=True))
        kept.update(**{_COLUMN.get(name, "patron_id"): winner})
    return moved


def move_back(w: Writing, *, moved: Any, loser: int, winner: int) -> None:
    """What was lent meanwhile stays; what has ended and was forgotten stays so."""
    for name, kept in _kept(winner):
        kept.filter(pk__in=moved.get(name, [])).update(**{_COLUMN.get(name, "patron_id"): loser})


_COLUMN = {"steps": "reader"}


def _kept(patron_id: int) -> list[tuple[str, Any]]:
    return [
        ("loans", Loan.objects.filter(patron_id=patron_id)),
        ("holds", Hold.objects.filter(patron_id=patron_id)),
        ("steps", Step.objects.filter(reader=patron_id)),
    ]


def open_matters(*, patron_id: int) -> list[str]:
    """Loans that are not returned, requests that are not cancelled."""
    found = []
    if count := Loan.objects.filter(patron_id=patron_id, ended_at=None).count():
        text = ngettext("Đang mượn %(count)d tài liệu chưa trả.", "Đang mượn %(count)d tài liệu chưa trả.", count)
        found.append(text % {"count": count})
    if count := Hold.objects.filter(patron_id=patron_id, ended_at=None).count():
        text = ngettext("Còn %(count)d lượt đặt mượn chưa hủy.", "Còn %(count)d lượt đặt mượn chưa hủy.", count)
        found.append(text % {"count": count})
    return found


def about(*, patron_id: int) -> list[Section]:
    """Open loans, open requests, and the history if the reader keeps one."""
    return [
        Section(
            "loans",
            _("Đang mượn"),
            (
                ("title", _("Nhan đề")),
                ("copy", _("Số đăng ký cá biệt")),
                ("library", _("Thư viện")),
                ("since", _("Mượn lúc")),
                ("due", _("Hạn trả")),
            ),
            tuple(
                (
                    line.copy.title,
                    line.copy.accession_number,
                    line.loan.library.name_vi,
                    line.loan.started_at,
                    line.loan.due_on,
                )
                for line in open_loans(patron_id)
            ),
        ),
        Section(
            "requests",
            _("Đang đặt mượn"),
            (
                ("title", _("Nhan đề")),
                ("library", _("Nhận tại")),
                ("since", _("Đặt lúc")),
                ("state", _("Tình trạng")),
            ),
            tuple(
                (
                    line.title,
                    line.hold.pickup_library.name_vi,
                    line.hold.placed_at,
                    str(HoldState(line.hold.state).label),
                )
                for line in holds_of(patron_id)
            ),
        ),
        Section(
            "history",
            _("Đã mượn (lịch sử bạn chọn giữ)"),
            (("title", _("Nhan đề")), ("since", _("Mượn lúc")), ("until", _("Trả lúc"))),
            tuple(
                (line.copy.title, line.loan.started_at, line.loan.ended_at)
                for line in past_loans(patron_id, limit=_MANY)
            ),
        ),
    ]


def forget_history(w: Writing, *, patron_id: int) -> None:
    """What has ended loses its reader now, what is open when it ends."""
    forget(w, patron_id=patron_id)
    Loan.objects.filter(patron_id=patron_id).update(keep=False)
    Hold.objects.filter(patron_id=patron_id).update(keep=False)


def forget(w: Writing, *, patron_id: int) -> None:
    """Ended loans and requests lose their reader; figures never had one."""
    Loan.objects.filter(patron_id=patron_id, ended_at__isnull=False).update(patron_id=None, keep=False)
    Hold.objects.filter(patron_id=patron_id, ended_at__isnull=False).update(patron_id=None, keep=False)
    Step.objects.filter(reader=patron_id).update(reader=None)
