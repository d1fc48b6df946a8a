"""Who may weed: whoever holds `weeding.manage` at the library. Published lists are for everybody."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, require, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, libraries
from lienthu.weeding.models import PUBLIC_STATES, Weeding

MANAGE = "weeding.manage"

AUDIT_LABELS = {
    "weeding.made": _("Lập một đợt thanh lọc"),
    "weeding.changed": _("Sửa một đợt thanh lọc"),
    "weeding.added": _("Thêm bản vào một đợt thanh lọc"),
    "weeding.removed": _("Bớt bản khỏi một đợt thanh lọc"),
    "weeding.published": _("Công khai danh mục thanh lọc"),
    "weeding.objected": _("Ghi một ý kiến về danh mục thanh lọc"),
    "weeding.kept": _("Giữ lại một bản trong danh mục thanh lọc"),
    "weeding.put_back": _("Đưa một bản trở lại danh mục thanh lọc"),
    "weeding.decided": _("Ghi quyết định thanh lọc"),
    "weeding.withdrawing": _("Bắt đầu đưa các bản thanh lọc ra khỏi kho"),
    "weeding.done": _("Hoàn thành một đợt thanh lọc"),
    "weeding.returning": _("Bắt đầu lấy các bản đã thanh lọc lại vào kho"),
    "weeding.returned": _("Lấy các bản đã thanh lọc lại vào kho"),
    "weeding.discarded": _("Bỏ một đợt thanh lọc"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries that this actor may weed."""
    return (
        libraries()
        .filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, MANAGE))
        .select_related("scope")
        .order_by("name_sort", "code")
    )


def visible_weedings(actor: Actor) -> QuerySet[Weeding]:
    """Weedings of the libraries that this actor may weed."""
    return Weeding.objects.filter(library__scope__in=scopes_with(actor, MANAGE)).select_related("library__scope")


def get_weeding(actor: Actor, public_id: str) -> Weeding:
    """One weeding; Weeding.DoesNotExist for none, and for one that is not ours."""
    return visible_weedings(actor).get(pk=ids.decode(public_id) or 0)


def public_weedings() -> QuerySet[Weeding]:
    """Weedings whose list everybody may read."""
    return Weeding.objects.filter(state__in=PUBLIC_STATES).select_related("library")


def require_manage(actor: Actor, one: Weeding) -> None:
    """Raise Refused unless the actor may weed this library."""
    require(actor, MANAGE, at=one.library.scope)
