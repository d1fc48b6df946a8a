"""Who may work at the cataloguing desk, and whose drafts are whose."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.cataloguing.models import Draft, NumberSeries, OwnTemplate
from lienthu.identity.access import Actor, require, scopes_with
from lienthu.libraries.queries import Library, libraries

EDIT = "catalogue.edit_record"

AUDIT_LABELS = {
    "cataloguing.template_saved": _("Lưu một mẫu biên mục"),
    "cataloguing.template_removed": _("Bỏ một mẫu biên mục"),
    "cataloguing.series_saved": _("Lưu một dãy số đăng ký cá biệt"),
    "cataloguing.series_removed": _("Bỏ một dãy số đăng ký cá biệt"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """The libraries whose records this actor may edit, in Vietnamese order."""
    return libraries().filter(scope__in=scopes_with(actor, EDIT)).select_related("scope").order_by("name_sort", "code")


def get_library(actor: Actor, library_id: int | None) -> Library:
    """One of these libraries, the first when none is named. Raises Refused, Library.DoesNotExist."""
    if library_id is None:
        found = own_libraries(actor).first()
        if found is None:
            raise Library.DoesNotExist
        return found
    library = libraries().select_related("scope").get(pk=library_id)
    require(actor, EDIT, at=library.scope)
    return library


def own_drafts(actor: Actor) -> QuerySet[Draft]:
    """What this person left unfinished, the newest first."""
    found = Draft.objects.select_related("library__scope", "record__cluster").order_by("-updated_at", "-pk")
    return found.filter(account_id=actor.account_id) if actor.account_id else found.none()


def get_draft(actor: Actor, draft_id: int) -> Draft:
    """One's own draft; Draft.DoesNotExist for everybody else's. Raises Refused when one may no longer edit there."""
    draft = own_drafts(actor).get(pk=draft_id)
    require(actor, EDIT, at=draft.library.scope)
    return draft


def draft_of(actor: Actor, record_id: int) -> Draft | None:
    """What this person left unfinished of a record."""
    return own_drafts(actor).filter(record_id=record_id).first()


def own_templates(library: Library) -> QuerySet[OwnTemplate]:
    return OwnTemplate.objects.filter(library=library).order_by("name")


def series_of(library: Library) -> QuerySet[NumberSeries]:
    return NumberSeries.objects.filter(library=library).order_by("name", "prefix")
