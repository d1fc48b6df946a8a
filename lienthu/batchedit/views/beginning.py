"""Beginning an edit, and choosing its records again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.batchedit.access import EDIT, own_libraries, visible_templates
from lienthu.batchedit.actions.drafting import begin_edit, change_draft
from lienthu.batchedit.forms import SelectionForm, selection_form
from lienthu.batchedit.models import BatchEdit, StepTemplate
from lienthu.batchedit.policy import selecting
from lienthu.batchedit.views.frame import OPEN, crumbs, edit_crumbs, the_edit, to_edit, tried, version_seen
from lienthu.batchedit.wording import SELECTIONS
from lienthu.identity.access import actor_of, requires
from lienthu.web.components import Crumb, Tab


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Which records, and what the edit is called; with `?mau=` the steps of a template."""
    actor = actor_of(request)
    kind = _kind(request, selecting.QUERY)
    template = _template(request)
    own = own_libraries(actor)
    initial: dict[str, Any] = {"text": request.GET.get("q", "")[:2_000]}
    if template:
        initial |= {"library": template.library_id, "title": template.name}
    form = selection_form(kind)(request.POST or None, own=own, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        edit = begin_edit(
            actor=actor,
            library=form.cleaned_data["library"],
            title=form.cleaned_data["title"],
            selection=form.selection(),
            steps=template.steps if template and template.library == form.cleaned_data["library"] else (),
        )
        return to_edit(edit)
    context = {
        "heading": _("Lần sửa mới"),
        "crumbs": crumbs(Crumb(_("Lần sửa mới"))),
        "template": template,
        "back": reverse("batchedit:list"),
    }
    return _page(request, form, kind, context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Other records for an edit that has not run."""
    edit = the_edit(request, public_id)
    if edit.state not in OPEN:
        return to_edit(edit)
    actor = actor_of(request)
    kind = _kind(request, edit.selection["kind"])
    # Steps may name service points of the library: it stays.
    own = own_libraries(actor).filter(pk=edit.library_id)
    initial = {**_told(edit), "library": edit.library_id, "title": edit.title}
    form = selection_form(kind)(request.POST or None, own=own, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = tried(
            request,
            lambda: change_draft(
                actor=actor,
                edit=edit,
                version=version_seen(request, edit),
                title=form.cleaned_data["title"],
                selection=form.selection(),
            ),
        )
        if done:
            messages.success(request, _("Đã đổi lựa chọn; hãy xem trước lại."))
        return to_edit(edit)
    context = {
        "heading": _("Chọn biểu ghi"),
        "crumbs": edit_crumbs(edit, _("Chọn biểu ghi")),
        "version": edit.version,
        "back": reverse("batchedit:edit", args=[edit.public_id]),
    }
    return _page(request, form, kind, context)


def _told(edit: BatchEdit) -> dict[str, Any]:
    return {name: edit.selection[name] for name in ("text", "numbers", "batch") if name in edit.selection}


def _kind(request: HttpRequest, usual: str) -> str:
    asked = request.GET.get("cach", usual)
    return asked if asked in selecting.KINDS else usual


def _template(request: HttpRequest) -> StepTemplate | None:
    asked = request.GET.get("mau", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return visible_templates(actor_of(request)).filter(pk=int(asked)).first()


def _page(request: HttpRequest, form: SelectionForm, kind: str, context: dict[str, Any]) -> HttpResponse:
    kept = {name: request.GET[name] for name in ("mau",) if name in request.GET}
    context |= {
        "form": form,
        "ways": [
            Tab(label, f"{request.path}?{urlencode({**kept, 'cach': value})}", current=value == kind)
            for value, label in SELECTIONS.items()
        ],
        "nothing": _nothing(form),
    }
    return render(request, "batchedit/choose.html", context, status=422 if form.errors else 200)


def _nothing(form: SelectionForm) -> str:
    """Why this way of choosing has nothing to offer."""
    if "batch" in form.fields and not form.fields["batch"].choices:
        return _("Chưa có lần nhập nào đã xong ở thư viện của bạn.")
    return ""
