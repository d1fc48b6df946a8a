"""Who may take stock: whoever holds `stocktaking.manage` at the library."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, require, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, libraries
from lienthu.stocktaking.models import Round

MANAGE = "stocktaking.manage"

AUDIT_LABELS = {
    "stocktaking.opened": _("Mở một đợt kiểm kê"),
    "stocktaking.scanned": _("Quét tài liệu trong đợt kiểm kê"),
    "stocktaking.unscanned": _("Bỏ một số đã quét trong đợt kiểm kê"),
    "stocktaking.spared": _("Ghi lý do không tính một bản là thiếu"),
    "stocktaking.discarded": _("Bỏ một đợt kiểm kê"),
    "stocktaking.closing": _("Bắt đầu kết thúc một đợt kiểm kê"),
    "stocktaking.closed": _("Kết thúc một đợt kiểm kê"),
    "stocktaking.restored": _("Trả một bản về tình trạng trước kiểm kê"),
    "stocktaking.returning": _("Bắt đầu hoàn tác một đợt kiểm kê"),
    "stocktaking.returned": _("Hoàn tác xong một đợt kiểm kê"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries where this actor takes stock."""
    found = libraries().filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, MANAGE))
    return found.select_related("scope").order_by("name_sort", "code")


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds of one's libraries."""
    found = Round.objects.filter(library__scope__in=scopes_with(actor, MANAGE))
    return found.select_related("library__scope", "branch")


def get_round(actor: Actor, public_id: str) -> Round:
    """One round; Round.DoesNotExist for none, and for one that is not ours."""
    return visible_rounds(actor).get(pk=ids.decode(public_id) or 0)


def require_manage(actor: Actor, one: Round) -> None:
    """Raise Refused unless the actor takes stock at its library."""
    require(actor, MANAGE, at=one.library.scope)
