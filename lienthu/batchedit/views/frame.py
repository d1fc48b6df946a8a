"""What the pages of batch editing share."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.batchedit.access import get_edit
from lienthu.batchedit.actions.runners import NotPossible
from lienthu.batchedit.models import BatchEdit, EditState
from lienthu.batchedit.wording import not_possible
from lienthu.identity.access import actor_of
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, branches_of
from lienthu.web.components import Crumb, Tab

PAGE = 50
OPEN = (EditState.DRAFT, EditState.PREVIEWED)


def the_edit(request: HttpRequest, public_id: str) -> BatchEdit:
    """The edit of a page."""
    try:
        return get_edit(actor_of(request), ids.decode(public_id) or 0)
    except BatchEdit.DoesNotExist:
        raise Http404 from None


def to_edit(edit: BatchEdit) -> HttpResponse:
    """On to its page."""
    return redirect("batchedit:edit", edit.public_id)


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Sửa hàng loạt"), reverse("batchedit:list")), *more]


def edit_crumbs(edit: BatchEdit, here: str) -> list[Crumb]:
    """The way to a page below an edit."""
    return crumbs(Crumb(edit.title, reverse("batchedit:edit", args=[edit.public_id])), Crumb(here))


def tabs(current: str) -> list[Tab]:
    """The lists."""
    labels = {"list": _("Các lần sửa"), "templates": _("Mẫu sửa")}
    return [Tab(label, reverse(f"batchedit:{name}"), current=name == current) for name, label in labels.items()]


def branch_names(library: Library) -> dict[str, str]:
    """Service points by id as text, closed ones too."""
    return {str(branch.pk): branch.name_vi for branch in branches_of(library, closed=True)}


def version_seen(request: HttpRequest, edit: BatchEdit) -> int:
    """The version that the sent page showed."""
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 9 else edit.version


def tried(request: HttpRequest, deed: Callable[[], object]) -> bool:
    """Do it; or say why nothing was done."""
    try:
        deed()
    except NotPossible as error:
        messages.warning(request, not_possible(error.code))
        return False
    return True
