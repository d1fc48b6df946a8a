"""Whose lists these are: a reader's own, nobody else's."""

from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor
from lienthu.kernel import ids
from lienthu.patrons.queries import patron_of_account
from lienthu.readinglists.models import ReadingList

AUDIT_LABELS = {
    "readinglists.made": _("Bạn đọc lập một danh sách đọc"),
    "readinglists.renamed": _("Bạn đọc đổi tên một danh sách đọc"),
    "readinglists.deleted": _("Bạn đọc xóa một danh sách đọc"),
    "readinglists.changed": _("Bạn đọc thêm, bớt, ghi chú trong một danh sách đọc"),
}


def own_patron(actor: Actor) -> int | None:
    """The reader that this actor is."""
    return None if actor.account_id is None else patron_of_account(actor.account_id)


def own_list(actor: Actor, public_id: str) -> ReadingList:
    """One of my lists; ReadingList.DoesNotExist for all that is not mine."""
    number, patron_id = ids.decode(public_id), own_patron(actor)
    if number is None or patron_id is None:
        raise ReadingList.DoesNotExist(public_id)
    return ReadingList.objects.get(pk=number, patron_id=patron_id)
