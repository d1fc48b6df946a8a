"""The first page of the desk: what one can do here, and what waits for one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.catalogue.access import IMPORT, visible_batches
from lienthu.identity.access import Actor, actor_of, may_anywhere, requires
from lienthu.operations.access import ENTER_DESK
from lienthu.web.components import Column, Empty, Link, Row, Table

RECENT = 5
# Imports that wait for somebody's decision, with the badge that shows each state.
WAITING = ("CHECKED", "UNREADABLE")
BADGES = {
    "UPLOADED": "waiting",
    "CHECKING": "running",
    "CHECKED": "waiting",
    "RUNNING": "running",
    "DONE": "done",
    "UNREADABLE": "failed",
    "REVERTING": "running",
    "REVERTED": "reverted",
}


@requires(ENTER_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The tasks come from the desk's menu, so that both always offer the same."""
    actor = actor_of(request)
    context = {"waiting": waiting(actor), "imports": recent_imports(actor)}
    return render(request, "operations/desk.html", context)


def waiting(actor: Actor) -> list[Link]:
    """Work that stands still until somebody decides."""
    if not may_anywhere(actor, IMPORT):
        return []
    count = visible_batches(actor).filter(status__in=WAITING).count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d tệp biểu ghi chờ bạn xem và quyết định", "%(count)d tệp biểu ghi chờ bạn xem và quyết định", count
    ) % {"count": count}
    return [Link(sentence, reverse("catalogue:imports"), icon="clock")]


def recent_imports(actor: Actor) -> Table | None:
    """The last imports of the libraries one works for; None for those who do not import."""
    if not may_anywhere(actor, IMPORT):
        return None
    batches = visible_batches(actor).order_by("-created_at", "-pk")[:RECENT]
    return Table(
        caption=_("Các lần nhập gần đây"),
        columns=[
            Column("file", _("Tệp")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("status", _("Trạng thái"), kind="badge"),
            Column("at", _("Lúc"), kind="datetime", hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "file": batch.file_name,
                    "library": batch.library.name_vi,
                    "status": (BADGES.get(batch.status, "neutral"), batch.get_status_display()),
                    "at": batch.created_at,
                },
                url=reverse("catalogue:import", args=[batch.public_id]),
            )
            for batch in batches
        ],
        empty=Empty(
            _("Chưa có lần nhập nào"),
            _("Tải một tệp biểu ghi lên; hệ thống kiểm tra thử trước khi ghi."),
            Link(_("Tải tệp lên"), reverse("catalogue:upload")),
        ),
    )
