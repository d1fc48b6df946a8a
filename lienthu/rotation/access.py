"""Who may make up, hand over and take in sets: whoever lends at the library and holds `rotation.manage`."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, may, require, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, libraries
from lienthu.rotation.models import RotationSet

MANAGE = "rotation.manage"

AUDIT_LABELS = {
    "rotation.made": _("Lập một bộ sách luân chuyển"),
    "rotation.changed": _("Sửa một bộ sách luân chuyển"),
    "rotation.discarded": _("Bỏ một bộ sách luân chuyển"),
    "rotation.handed_over": _("Bàn giao một bộ sách luân chuyển"),
    "rotation.scanned": _("Kiểm đếm một bản của bộ sách luân chuyển"),
    "rotation.received": _("Xác nhận nhận một bộ sách luân chuyển"),
    "rotation.given_back": _("Giao trả một bộ sách luân chuyển"),
    "rotation.closed": _("Kết thúc một bộ sách luân chuyển"),
    "rotation.reminded": _("Nhắc trả một bộ sách luân chuyển"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries whose sets this actor makes up and takes in."""
    return (
        libraries()
        .filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, MANAGE))
        .select_related("scope")
        .order_by("name_sort", "code")
    )


def visible_sets(actor: Actor) -> QuerySet[RotationSet]:
    """Sets that one's libraries own or keep. A draft is its owner's alone."""
    scopes = scopes_with(actor, MANAGE)
    kept = Q(host__scope__in=scopes) & ~Q(state__in=["DRAFT", "DISCARDED"])
    return RotationSet.objects.filter(Q(owner__scope__in=scopes) | kept).select_related("owner__scope", "host__scope")


def get_set(actor: Actor, public_id: str) -> RotationSet:
    """One set; RotationSet.DoesNotExist for none, and for one that is not ours."""
    return visible_sets(actor).get(pk=ids.decode(public_id) or 0)


def at_owner(actor: Actor, one: RotationSet) -> bool:
    return may(actor, MANAGE, one.owner.scope)


def at_host(actor: Actor, one: RotationSet) -> bool:
    return may(actor, MANAGE, one.host.scope)


def require_owner(actor: Actor, one: RotationSet) -> None:
    """Raise Refused unless the actor manages sets of the library that owns it."""
    require(actor, MANAGE, at=one.owner.scope)


def require_host(actor: Actor, one: RotationSet) -> None:
    """Raise Refused unless the actor manages sets at the library that keeps it."""
    require(actor, MANAGE, at=one.host.scope)
