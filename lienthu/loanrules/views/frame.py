"""What the pages of loan rules share."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import Refused, actor_of, may
from lienthu.identity.queries import Scope
from lienthu.kernel import ids
from lienthu.loanrules.access import READ, may_edit, may_publish
from lienthu.loanrules.actions import NotPossible
from lienthu.loanrules.models import Edition
from lienthu.loanrules.queries.editions import draft_of
from lienthu.loanrules.wording_findings import not_possible
from lienthu.web.components import Crumb, Tab


@dataclass(frozen=True)
class Desk:
    """The place of a page and what one may do there."""

    scope: Scope
    public_id: str
    may_edit: bool
    may_publish: bool

    def url(self, name: str, *args: object) -> str:
        return reverse(f"loanrules:{name}", args=[self.public_id, *args])


def desk_of(request: HttpRequest, place: str) -> Desk:
    """The place that an address names. Raises Http404; Refused, as if missing, where one may not read."""
    scope = Scope.objects.filter(pk=ids.decode(place) or 0).select_related("parent__parent__parent").first()
    if scope is None:
        raise Http404
    actor = actor_of(request)
    if not may(actor, READ, scope):
        raise Refused(READ, hidden=True)
    return Desk(scope, ids.encode(scope.pk), may_edit(actor, scope), may_publish(actor, scope))


def the_draft(desk: Desk) -> Edition:
    """The open draft of the place. Raises Http404."""
    draft = draft_of(desk.scope)
    if draft is None:
        raise Http404
    return draft


def context(desk: Desk, current: str, **more: object) -> dict[str, object]:
    """What every page of a place shows: the way to it and its views."""
    views = {"table": _("Nội quy"), "draft": _("Bản thảo"), "history": _("Lịch sử"), "why": _("Vì sao?")}
    tabs = [Tab(label, desk.url(name), current=name == current) for name, label in views.items()]
    crumbs = [Crumb(_("Nội quy mượn"), reverse("loanrules:places")), Crumb(desk.scope.name)]
    return {"desk": desk, "place": desk.scope, "tabs": tabs, "crumbs": crumbs, **more}


def revision_seen(request: HttpRequest) -> int | None:
    """The revision of the draft that the sent page showed."""
    value = request.POST.get("revision", "")
    return int(value) if value.isdecimal() and len(value) < 9 else None


def tried(request: HttpRequest, deed: Callable[[], object]) -> bool:
    """Do it; or say why nothing was done."""
    try:
        deed()
    except NotPossible as error:
        messages.warning(request, not_possible(error))
        return False
    return True
