"""Permissions of the registry, and what an actor may see of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, may, scopes_with
from lienthu.libraries.models import Library
from lienthu.libraries.queries import libraries

ADD = "libraries.add_library"
EDIT = "libraries.edit_library"
EDIT_HOURS = "libraries.edit_hours"
LIFECYCLE = "libraries.change_lifecycle"

AUDIT_LABELS = {
    "libraries.add_library": _("Thêm thư viện"),
    "libraries.edit_library": _("Sửa thông tin thư viện"),
    "libraries.change_lifecycle": _("Ghi sự kiện của thư viện"),
    "libraries.set_services": _("Sửa dịch vụ của thư viện"),
    "libraries.load_services": _("Nạp danh mục dịch vụ"),
    "libraries.load_units": _("Nạp đơn vị hành chính"),
    "libraries.add_branch": _("Thêm điểm phục vụ"),
    "libraries.edit_branch": _("Sửa điểm phục vụ"),
    "libraries.close_branch": _("Đóng điểm phục vụ"),
    "libraries.set_hours": _("Sửa giờ mở cửa"),
    "libraries.add_season": _("Thêm mùa có giờ riêng"),
    "libraries.remove_season": _("Bỏ mùa có giờ riêng"),
    "libraries.add_exception": _("Thêm ngày nghỉ hoặc giờ đặc biệt"),
    "libraries.remove_exception": _("Bỏ ngày nghỉ hoặc giờ đặc biệt"),
}


def editable_libraries(actor: Actor) -> QuerySet[Library]:
    """Return the libraries that the actor may edit, closed ones too, in Vietnamese order."""
    return libraries().filter(scope__in=scopes_with(actor, EDIT))


def may_see(actor: Actor, library: Library) -> bool:
    """May the actor see this library's page? Unlisted ones are for their own staff only."""
    return library.listed or may(actor, EDIT, library.scope)
