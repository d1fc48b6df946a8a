"""Permissions of circulation, and whose loans one may touch."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.audit.actions import writing
from lienthu.circulation.models import Hold, Loan
from lienthu.circulation.queries.readers import own_number
from lienthu.identity.access import Actor, Refused, may, paths_with, require, scopes_with
from lienthu.identity.queries import Scope
from lienthu.kernel import clock, ids
from lienthu.kernel.postgresql.planned import as_models, ask, columns
from lienthu.libraries.queries import Library, libraries
from lienthu.patrons.queries import Ward, wards_of

LEND = "circulation.lend"
OVERRIDE = "circulation.override"

AUDIT_LABELS = {
    "circulation.checked_out": _("Ghi mượn một bản"),
    "circulation.checked_in": _("Ghi trả một bản"),
    "circulation.received": _("Nhận một bản chuyển đến"),
    "circulation.sent": _("Gửi một bản đến thư viện khác"),
    "circulation.renewed": _("Gia hạn một lượt mượn"),
    "circulation.recalled": _("Đòi lại một bản đang cho mượn"),
    "circulation.group_placed": _("Đặt mượn cho một nhóm"),
    "circulation.hold_placed": _("Đặt mượn tài liệu"),
    "circulation.hold_cancelled": _("Hủy đặt mượn"),
    "circulation.hold_changed": _("Đổi một lượt đặt mượn"),
    "circulation.marked": _("Ghi tình trạng một bản"),
    "circulation.used_here": _("Ghi một lượt đọc tại chỗ"),
    "circulation.undone": _("Hoàn tác bước vừa làm ở quầy"),
    "circulation.looked_at": _("Xem sách của một bạn đọc ở quầy"),
}


def desk_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries at whose desks this actor may lend."""
    own = libraries().filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, LEND))
    return own.select_related(None).select_related("scope")


_PLACES = """
SELECT {library}, {scope} FROM libraries_library l JOIN identity_scope s ON s.id = l.scope_id
WHERE l.status = 'ACTIVE'
    AND EXISTS (SELECT FROM unnest(%s::text[]) AS held (path) WHERE starts_with(s.path, held.path))
ORDER BY l.name_sort, l.code
"""


def desk_places(actor: Actor) -> list[Library]:
    """The libraries of `desk_libraries`, read at once, with their scopes."""
    rows = ask(_PLACES.format(library=columns(Library, "l"), scope=columns(Scope, "s")), [paths_with(actor, LEND)])
    width = len(Library._meta.concrete_fields)
    found = as_models(Library, [row[:width] for row in rows])
    for library, scope in zip(found, as_models(Scope, [row[width:] for row in rows]), strict=True):
        library.scope = scope
    return found


def own_patron(actor: Actor) -> int | None:
    """The reader that this actor is."""
    return own_number(actor.account_id)


def wards(actor: Actor) -> list[Ward]:
    """The children for whom this actor answers."""
    own = own_patron(actor)
    return [] if own is None else wards_of(own, on=clock.today())


def acts_for(actor: Actor, patron_id: int) -> bool:
    """Is this the actor's own reader, or a child for whom the actor answers?"""
    return own_patron(actor) == patron_id or any(ward.patron_id == patron_id for ward in wards(actor))


def require_desk(actor: Actor, library: Library) -> None:
    """Raise Refused unless the actor may lend at this library."""
    require(actor, LEND, at=library.scope)


def require_desk_or_self(actor: Actor, library: Library, patron_id: int | None) -> None:
    """The same, but readers may act for themselves and their wards; to others nothing is there."""
    if may(actor, LEND, library.scope):
        return
    if patron_id is None or not acts_for(actor, patron_id):
        raise Refused(LEND, at=library.scope, hidden=True)


def get_loan(actor: Actor, loan_id: int) -> Loan:
    """An open loan for its reader or the desk that lent it; Loan.DoesNotExist or Refused (hidden) otherwise."""
    loan = Loan.objects.select_related("library__scope", "item").get(pk=loan_id, ended_at=None)
    require_desk_or_self(actor, loan.library, loan.patron_id)
    return loan


def get_hold(actor: Actor, hold_id: int) -> Hold:
    """An open request for its reader or the desk where it is picked up; Hold.DoesNotExist or Refused otherwise."""
    hold = Hold.objects.select_related("pickup_library__scope").get(pk=hold_id, ended_at=None)
    require_desk_or_self(actor, hold.pickup_library, hold.patron_id)
    return hold


def audit_ward(actor: Actor, patron_id: int, library_code: str) -> None:
    """Write into the trail that somebody called up the loans of a child for whom they answer."""
    with writing(actor) as w:
        w.audit(
            "circulation.looked_at",
            target=("patron", ids.encode(patron_id)),
            at=library_code,
            details={"by": "guardian"},
        )


def audit_look(actor: Actor, patron_id: int, library: Library, *, by_card: bool) -> None:
    """Write into the trail that a desk called up a reader, who showed a card or was found by name."""
    with writing(actor) as w:
        w.audit(
            "circulation.looked_at",
            target=("patron", ids.encode(patron_id)),
            at=library.code,
            details={"by": "card" if by_card else "name"},
        )
