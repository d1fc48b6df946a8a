"""Permissions of the room of money, and whose account one may open."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, may, require, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, libraries
from lienthu.patrons.access import visible_patrons
from lienthu.patrons.queries import PatronSummary, find_patrons, patron_of_account, patron_of_card, patrons_by_id

READ = "fees.read"
COLLECT = "fees.collect"
WAIVE = "fees.waive"
PRICE = "fees.price"

AUDIT_LABELS = {
    "fees.charged": _("Ghi một khoản phải nộp"),
    "fees.paid": _("Thu tiền"),
    "fees.waived": _("Miễn một khoản phải nộp"),
    "fees.refunded": _("Hoàn tiền thừa"),
    "fees.deposit_taken": _("Nhận đặt cọc"),
    "fees.deposit_returned": _("Trả đặt cọc"),
    "fees.reversed": _("Hủy một bút toán"),
    "fees.looked_at": _("Xem khoản thu của một bạn đọc"),
    "fees.drawer_opened": _("Mở ngăn kéo tiền"),
    "fees.drawer_closed": _("Đóng ngăn kéo tiền"),
    "fees.prices_published": _("Công bố bảng giá"),
    "fees.bank_account_set": _("Đặt tài khoản nhận chuyển khoản"),
    "fees.demanded": _("Tạo mã VietQR"),
    "fees.statement_read": _("Nhập sao kê ngân hàng"),
    "fees.transfer_decided": _("Quyết định một lần chuyển khoản"),
    "fees.books_forgotten": _("Xóa tên sách khỏi lý do của khoản đã xong"),
}


def desk_libraries(actor: Actor, permission: str = COLLECT) -> QuerySet[Library]:
    """Libraries where this actor may do this."""
    return libraries().filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, permission))


def require_at(actor: Actor, permission: str, library: Library) -> None:
    """Raise Refused unless the actor may do this at this library."""
    require(actor, permission, at=library.scope)


def may_at(actor: Actor, permission: str, library: Library) -> bool:
    """May the actor do this at this library?"""
    return may(actor, permission, library.scope)


def own_patron(actor: Actor) -> int | None:
    """The reader that this actor is."""
    return patron_of_account(actor.account_id) if actor.account_id is not None else None


def reader_for(actor: Actor, public_id: str, *, card: str = "") -> PatronSummary | None:
    """A reader whose account this actor may open: one of their libraries, or one whose card lies before them."""
    number = ids.decode(public_id)
    if number is None:
        return None
    found = patrons_by_id([number]).get(number)
    if found is None:
        return None
    if visible_patrons(actor).filter(pk=number).exists():
        return found
    held = patron_of_card(card) if card else None
    in_hand = held is not None and held.patron_id == number and held.card_status == "ACTIVE"
    return found if in_hand and desk_libraries(actor).exists() else None


def find_readers(actor: Actor, words: str, *, limit: int = 12) -> list[PatronSummary]:
    """Readers whom this actor may see, by name, telephone or card number."""
    return find_patrons(words, among=visible_patrons(actor), limit=limit)


def audit_look(actor: Actor, reader: PatronSummary, library: Library) -> None:
    """Write into the trail that somebody looked at a reader's account."""
    with writing(actor) as w:
        w.audit("fees.looked_at", target=("patron", reader.public_id), at=library.code)
