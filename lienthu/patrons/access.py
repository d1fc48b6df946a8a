"""Permissions of the readers' room, and what each actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, may, require, require_anywhere, scopes_with
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.patrons.models import Merge, Patron, PatronState, Roll, SharedCard
from lienthu.patrons.queries import patron_of_account

READ = "patrons.read"
EDIT = "patrons.edit"
BLOCK = "patrons.block"
# of the rooms above, only to offer the way there: they ask for themselves
LEND = "circulation.lend"
COLLECT = "fees.collect"

AUDIT_LABELS = {
    "patrons.registered": _("Đăng ký một bạn đọc"),
    "patrons.changed": _("Sửa thông tin bạn đọc"),
    "patrons.looked_at": _("Xem hồ sơ bạn đọc"),
    "patrons.matched": _("Gặp một bạn đọc giống người đang đăng ký"),
    "patrons.listed": _("Xem danh sách bạn đọc"),
    "patrons.card_issued": _("Cấp thẻ bạn đọc"),
    "patrons.card_ended": _("Ngừng dùng một thẻ bạn đọc"),
    "patrons.blocked": _("Chặn một bạn đọc"),
    "patrons.block_lifted": _("Bỏ chặn một bạn đọc"),
    "patrons.guardian_added": _("Ghi nhận người giám hộ"),
    "patrons.guardian_ended": _("Ngừng ghi nhận người giám hộ"),
    "patrons.consent_recorded": _("Ghi nhận sự đồng ý"),
    "patrons.photo_shown": _("Xem ảnh bạn đọc"),
    "patrons.card_printed": _("In thẻ bạn đọc"),
    "patrons.account_linked": _("Gắn thẻ bạn đọc với một tài khoản"),
    "patrons.requested": _("Đăng ký thẻ trên mạng"),
    "patrons.confirmed": _("Xác nhận một đăng ký trên mạng"),
    "patrons.declined": _("Từ chối một đăng ký trên mạng"),
    "patrons.request_expired": _("Xóa đăng ký trên mạng quá hạn"),
    "patrons.merged": _("Gộp hai hồ sơ bạn đọc"),
    "patrons.merge_undone": _("Bỏ lần gộp hồ sơ bạn đọc"),
    "patrons.found_different": _("Ghi nhận hai bạn đọc khác nhau"),
    "patrons.exported": _("Xuất dữ liệu của một bạn đọc"),
    "patrons.erased": _("Xóa dữ liệu cá nhân của một bạn đọc"),
    "patrons.proxy_noted": _("Ghi nhận người nhận thay"),
    "patrons.proxy_ended": _("Ngừng cho nhận thay"),
    "patrons.roll_uploaded": _("Tải lên một danh sách bạn đọc"),
    "patrons.roll_checked": _("Kiểm tra thử một danh sách bạn đọc"),
    "patrons.roll_committed": _("Ghi một danh sách bạn đọc"),
    "patrons.roll_rows_written": _("Ghi các dòng của một danh sách bạn đọc"),
    "patrons.roll_finished": _("Ghi xong một danh sách bạn đọc"),
    "patrons.roll_unreadable": _("Không đọc được một danh sách bạn đọc"),
    "patrons.roll_revert_started": _("Hoàn tác một danh sách bạn đọc"),
    "patrons.roll_forgotten": _("Xóa thông tin người trong một danh sách cũ"),
    "patrons.roll_reverted": _("Hoàn tác xong một danh sách bạn đọc"),
}


class NoSuchPatron(LookupError):
    """There is no such reader, or nothing of them may be shown to this person."""


class ReasonNeeded(Exception):
    """The reader belongs to a library where this person has no duty: say why their record is opened."""

    def __init__(self, patron: Patron) -> None:
        super().__init__(patron.pk)
        self.patron = patron


def visible_patrons(actor: Actor) -> QuerySet[Patron]:
    """Readers of the libraries where this actor may read them."""
    return (
        Patron.objects.filter(home_library__scope__in=scopes_with(actor, READ))
        .exclude(state__in=(PatronState.MERGED, PatronState.ERASED))
        .select_related("category", "home_library__scope")
    )


def get_patron(actor: Actor, public_id: str, *, reason: str = "") -> Patron:
    """One reader, for somebody who may read readers somewhere. The look is written into the audit trail.

    Raises Refused, NoSuchPatron; ReasonNeeded where the reader is of a library outside this actor's duty.
    """
    require_anywhere(actor, READ)
    pk = ids.decode(public_id)
    patron = Patron.objects.select_related("category", "home_library__scope").filter(pk=pk).first() if pk else None
    if patron is None or patron.state == PatronState.ERASED:
        raise NoSuchPatron(public_id)
    if not may(actor, READ, patron.home_library.scope) and not reason.strip():
        raise ReasonNeeded(patron)
    with writing(actor) as w:
        w.audit(
            "patrons.looked_at",
            target=("patron", public_id),
            at=patron.home_library.code,
            details={"reason": reason.strip()[:300]},
        )
    return patron


def own_patron(actor: Actor) -> Patron | None:
    """The reader who signs in with this account: what is one's own needs no permission."""
    if actor.account_id is None:
        return None
    return (
        Patron.objects.select_related("category", "home_library__scope")
        .filter(
            pk=patron_of_account(actor.account_id),
            state__in=(PatronState.ACTIVE, PatronState.PENDING, PatronState.CLOSED),
        )
        .first()
    )


def photo_to_show(actor: Actor, public_id: str) -> str:
    """The storage key of a reader's photograph, for those who may read readers of that library.

    Raises Refused, NoSuchPatron also where there is no photograph. The look is written into the trail.
    """
    patron = patron_to_change(actor, public_id, permission=READ)
    if not patron.photo_key:
        raise NoSuchPatron(public_id)
    with writing(actor) as w:
        w.audit("patrons.photo_shown", target=("patron", public_id), at=patron.home_library.code)
    return patron.photo_key


@dataclass(frozen=True, slots=True)
class Match:
    """A reader who seems to be the one at the desk; `patron` for those who may read them, else just the library."""

    library: str
    patron: Patron | None


def matches_shown(actor: Actor, patrons: Sequence[Patron]) -> list[Match]:
    """What somebody who registers a reader learns of readers who look the same, written into the trail.

    Of another library's readers only that the library has one: nobody may find out about people by registering them.
    """
    with writing(actor) as w:
        for patron in patrons:
            w.audit(
                "patrons.matched",
                target=("patron", ids.encode(patron.pk)),
                at=patron.home_library.code,
            )
    return [
        Match(patron.home_library.name_vi, patron if may(actor, READ, patron.home_library.scope) else None)
        for patron in patrons
    ]


def merge_to_undo(actor: Actor, merge_id: int) -> Merge:
    """A merge of two readers whom this actor may change; Refused, NoSuchPatron."""
    require_anywhere(actor, EDIT)
    made = (
        Merge.objects.select_related("loser__home_library__scope", "winner__home_library__scope")
        .filter(pk=merge_id)
        .first()
    )
    if made is None:
        raise NoSuchPatron(merge_id)
    for one in (made.loser, made.winner):
        require(actor, EDIT, at=one.home_library.scope)
    return made


def visible_rolls(actor: Actor) -> QuerySet[Roll]:
    """Lists of people for the libraries where this actor may change readers, newest first."""
    return (
        Roll.objects.filter(library__scope__in=scopes_with(actor, EDIT))
        .select_related("library__scope", "category")
        .order_by("-pk")
    )


def get_roll(actor: Actor, public_id: str) -> Roll:
    """One list; Refused without the permission anywhere, NoSuchPatron elsewhere."""
    require_anywhere(actor, EDIT)
    roll = visible_rolls(actor).filter(pk=ids.decode(public_id)).first()
    if roll is None:
        raise NoSuchPatron(public_id)
    return roll


def library_for_card(actor: Actor, patron: Patron) -> Library | None:
    """Where this actor may end or replace the reader's card: at home, else at an own library that shares cards with it.

    None: at no library. That of another one needs a reason, which whoever asks has to see to.
    """
    if may(actor, EDIT, patron.home_library.scope):
        return patron.home_library
    apart = set(SharedCard.objects.filter(honours=False, since__lte=clock.today()).values_list("library_id", flat=True))
    if patron.home_library_id in apart or patron.state != PatronState.ACTIVE:
        return None
    return Library.objects.filter(scope__in=scopes_with(actor, EDIT)).exclude(pk__in=apart).order_by("pk").first()


def patron_at_card_desk(actor: Actor, public_id: str, *, reason: str) -> tuple[Patron, Library]:
    """A reader, and the library at which this actor may end or replace their card; Refused, NoSuchPatron.

    At another library than the reader's own only with a reason, and the look is written into the trail.
    """
    require_anywhere(actor, EDIT)
    patron = Patron.objects.select_related("category", "home_library__scope").filter(pk=ids.decode(public_id)).first()
    if patron is None or patron.state in (PatronState.ERASED, PatronState.MERGED):
        raise NoSuchPatron(public_id)
    library = library_for_card(actor, patron)
    if library is None or (library.pk != patron.home_library_id and not reason.strip()):
        require(actor, EDIT, at=patron.home_library.scope)
        raise NoSuchPatron(public_id)
    if library.pk != patron.home_library_id:
        get_patron(actor, public_id, reason=reason)
    return patron, library


def patron_to_change(actor: Actor, public_id: str, *, permission: str = EDIT) -> Patron:
    """A reader whom this actor may change; Refused, NoSuchPatron."""
    pk = ids.decode(public_id)
    patron = Patron.objects.select_related("category", "home_library__scope").filter(pk=pk).first() if pk else None
    if patron is None or patron.state in (PatronState.ERASED, PatronState.MERGED):
        require_anywhere(actor, permission)
        raise NoSuchPatron(public_id)
    require(actor, permission, at=patron.home_library.scope)
    return patron
