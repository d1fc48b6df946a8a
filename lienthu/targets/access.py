"""Permissions of copy cataloguing, and which targets, searches and records each actor may use."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.access import EDIT
from lienthu.identity.access import Actor, Refused, may, require, scopes_with
from lienthu.libraries.queries import Library, libraries
from lienthu.targets.models import Found, Search, Take, Target
from lienthu.targets.queries import targets_at

MANAGE = "targets.manage"
# Whoever may change records of a library may look elsewhere for them.
SEARCH = EDIT

AUDIT_LABELS = {
    "targets.created": _("Thêm nguồn biểu ghi"),
    "targets.changed": _("Sửa nguồn biểu ghi"),
    "targets.removed": _("Xóa nguồn biểu ghi"),
    "targets.known_added": _("Thêm các nguồn biểu ghi công cộng"),
    "targets.checked": _("Thử kết nối một nguồn biểu ghi"),
    "targets.rules_changed": _("Đổi quy tắc bổ sung biểu ghi"),
    "targets.record_taken": _("Lấy biểu ghi từ nguồn ngoài"),
}


def visible_targets(actor: Actor) -> QuerySet[Target]:
    """The targets that this actor keeps."""
    return Target.objects.filter(scope__in=scopes_with(actor, MANAGE)).select_related("scope")


def get_target(actor: Actor, target_id: int) -> Target:
    """One target for a person who keeps it; Refused, to be answered as missing, for every other and for none."""
    target = Target.objects.select_related("scope").filter(pk=target_id).first()
    if target is None or not may(actor, MANAGE, target.scope):
        raise Refused(MANAGE, hidden=True)
    return target


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """The libraries for which this actor may take records."""
    return libraries().filter(scope__in=scopes_with(actor, SEARCH))


def usable_targets(actor: Actor, library: Library) -> QuerySet[Target]:
    """The enabled targets that may be asked for this library. Raises Refused."""
    require(actor, SEARCH, at=library.scope)
    return targets_at(library)


def visible_takes(actor: Actor) -> QuerySet[Take]:
    """What was taken for the libraries where this actor may change records, the newest first."""
    takes = Take.objects.filter(library__scope__in=scopes_with(actor, SEARCH)).defer("raw")
    return takes.select_related("library", "record__cluster").order_by("-at", "-pk")


def get_search(actor: Actor, search_id: int) -> Search:
    """One's own search; that of another person is as good as missing."""
    search = (
        Search.objects.select_related("library__scope", "overlay_record__cluster")
        .filter(pk=search_id, account_id=actor.account_id)
        .first()
    )
    if search is None or not may(actor, SEARCH, search.library.scope):
        raise Refused(SEARCH, hidden=True)
    return search


def get_found(actor: Actor, search: Search, found_id: int) -> Found:
    """One record of a search of one's own."""
    found = Found.objects.select_related("answer__target", "cluster").filter(pk=found_id, answer__search=search).first()
    if found is None:
        raise Refused(SEARCH, hidden=True)
    return found
