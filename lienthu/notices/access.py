"""Permissions of notices, and what each actor may see of the outbox."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, may, require, scopes_with
from lienthu.libraries.queries import Library, libraries
from lienthu.notices.models import Delivery, Notice
from lienthu.patrons.queries import patron_of_account

READ = "notices.read"
SEND = "notices.send"
EDIT = "notices.edit"

AUDIT_LABELS = {
    "notices.text_published": _("Sửa mẫu thông báo"),
    "notices.text_withdrawn": _("Bỏ mẫu thông báo riêng"),
    "notices.hours_changed": _("Đổi giờ gửi thông báo"),
    "notices.listed": _("Xem hộp gửi thông báo"),
    "notices.call_list_shown": _("Xem danh sách bạn đọc cần báo"),
    "notices.looked_at": _("Xem một thông báo gửi bạn đọc"),
    "notices.sent_again": _("Gửi lại một thông báo"),
    "notices.marked": _("Ghi nhận kết quả một thông báo"),
    "notices.told": _("Ghi nhận đã báo cho bạn đọc"),
    "notices.preferences_changed": _("Bạn đọc đổi cách nhận thông báo"),
    "notices.device_added": _("Bạn đọc thêm thiết bị nhận thông báo"),
    "notices.device_removed": _("Bạn đọc bỏ thiết bị nhận thông báo"),
}


def desk_libraries(actor: Actor, permission: str = READ) -> QuerySet[Library]:
    """Libraries where this actor may do this."""
    return libraries().filter(scope__in=scopes_with(actor, permission))


def visible_deliveries(actor: Actor, permission: str = READ) -> QuerySet[Delivery]:
    """What the libraries of this actor send."""
    return Delivery.objects.filter(notice__library__scope__in=scopes_with(actor, permission)).select_related(
        "notice__patron", "notice__library"
    )


def get_delivery(actor: Actor, number: int, permission: str = READ) -> Delivery:
    """One of them; raises Delivery.DoesNotExist."""
    return visible_deliveries(actor, permission).get(pk=number)


def require_text_place(actor: Actor, library: Library | None) -> None:
    """Raise Refused unless the actor may write the texts and hours of a library, or (None) of the province."""
    require(actor, EDIT, at=library.scope if library else None)


def may_edit_at(actor: Actor, library: Library | None) -> bool:
    """May the actor write the texts and hours there?"""
    return may(actor, EDIT, library.scope if library else None)


def own_patron(actor: Actor) -> int | None:
    """The reader that this actor is."""
    return patron_of_account(actor.account_id) if actor.account_id is not None else None


def own_notices(patron_id: int) -> QuerySet[Notice]:
    """What a reader was told, newest first, as long as the words are kept."""
    return (
        Notice.objects.filter(patron_id=patron_id, routed_at__isnull=False, purged_at=None)
        .select_related("library")
        .order_by("-pk")
    )
