"""Who may read and change loan rules. The rules themselves are no secret: readers are bound by them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, Refused, may, require, scopes_with
from lienthu.identity.queries import Scope
from lienthu.kernel import ids
from lienthu.loanrules.models import Edition

READ = "loanrules.read"
EDIT = "loanrules.edit"
PUBLISH = "loanrules.publish"

AUDIT_LABELS = {
    "loanrules.start_draft": _("Mở bản thảo nội quy mượn"),
    "loanrules.put_rule": _("Ghi một dòng của bản thảo nội quy mượn"),
    "loanrules.drop_rule": _("Bỏ một dòng của bản thảo nội quy mượn"),
    "loanrules.discard_draft": _("Bỏ bản thảo nội quy mượn"),
    "loanrules.publish": _("Công bố nội quy mượn"),
    "loanrules.withdraw": _("Rút nội quy mượn trước ngày áp dụng"),
}


def readable_places(actor: Actor) -> QuerySet[Scope]:
    """The open places whose rules the actor works with, in tree order."""
    return scopes_with(actor, READ).filter(closed_date=None)


def may_edit(actor: Actor, scope: Scope) -> bool:
    """May the actor prepare a draft here?"""
    return may(actor, EDIT, scope)


def may_publish(actor: Actor, scope: Scope) -> bool:
    """May the actor put rules into force here?"""
    return may(actor, PUBLISH, scope)


def get_edition(actor: Actor, edition_id: int) -> Edition:
    """One edition of a place whose rules the actor may read. Raises Edition.DoesNotExist; Refused, as if missing."""
    edition = Edition.objects.select_related("scope__parent__parent__parent", "based_on").get(pk=edition_id)
    if not may(actor, READ, edition.scope):
        raise Refused(READ, hidden=True)
    return edition


def get_draft(actor: Actor, place: str) -> Edition:
    """The open draft of a place, named by its public identifier, for an actor who may read rules there.

    Raises Edition.DoesNotExist; Refused, as if missing.
    """
    drafts = Edition.objects.select_related("scope__parent__parent__parent")
    draft = drafts.get(scope=ids.decode(place) or 0, state=Edition.State.DRAFT)
    if not may(actor, READ, draft.scope):
        raise Refused(READ, hidden=True)
    return draft


__all__ = [
    "AUDIT_LABELS",
    "EDIT",
    "PUBLISH",
    "READ",
    "Edition",
    "Refused",
    "get_draft",
    "get_edition",
    "may_edit",
    "may_publish",
    "readable_places",
    "require",
]
