"""The steps of an edit: added, changed, put in order, kept as a template."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.batchedit.access import EDIT, visible_templates
from lienthu.batchedit.actions.drafting import change_draft, steps_of
from lienthu.batchedit.actions.templates import save_template
from lienthu.batchedit.forms import StepForm, TemplateForm, step_form
from lienthu.batchedit.forms.stepping import kind_of, kinds
from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.policy.steps import Step
from lienthu.batchedit.views.frame import OPEN, edit_crumbs, the_edit, to_edit, tried, version_seen
from lienthu.batchedit.wording import KIND_LABELS
from lienthu.identity.access import actor_of, requires


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more step, at the end."""
    edit = the_edit(request, public_id)
    kind = request.GET.get("loai", "")
    if edit.state not in OPEN:
        return to_edit(edit)
    if kind not in set(kinds()):
        raise Http404
    form = step_form(kind, edit.library, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _store(request, edit, [*steps_of(edit), form.step()])
        return to_edit(edit)
    return _page(request, edit, form, kind)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One of the steps, counted from 1."""
    edit = the_edit(request, public_id)
    steps = steps_of(edit)
    if edit.state not in OPEN:
        return to_edit(edit)
    if not 1 <= number <= len(steps):
        raise Http404
    kind = kind_of(steps[number - 1])
    form = step_form(kind, edit.library, request.POST or None, step=steps[number - 1])
    if request.method == "POST" and form.is_valid():
        steps[number - 1] = form.step()
        _store(request, edit, steps)
        return to_edit(edit)
    return _page(request, edit, form, kind)


def _page(request: HttpRequest, edit: BatchEdit, form: StepForm, kind: str) -> HttpResponse:
    context = {
        "edit": edit,
        "form": form,
        "heading": KIND_LABELS[kind],
        "crumbs": edit_crumbs(edit, str(KIND_LABELS[kind])),
    }
    return render(request, "batchedit/step.html", context, status=422 if form.errors else 200)


def _store(request: HttpRequest, edit: BatchEdit, steps: list[Step]) -> None:
    tried(
        request,
        lambda: change_draft(
            actor=actor_of(request), edit=edit, version=version_seen(request, edit), steps=steps
        ),
    )  # fmt: skip


@requires(EDIT)
@require_POST
def arrange(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Move a step up or down, or take it out."""
    edit = the_edit(request, public_id)
    steps = steps_of(edit)
    if not 1 <= number <= len(steps):
        raise Http404
    step = steps.pop(number - 1)
    where = request.POST.get("viec", "")
    if where in ("len", "xuong"):
        steps.insert(max(0, number - 2) if where == "len" else number, step)
    elif where != "bo":
        raise Http404
    _store(request, edit, steps)
    return to_edit(edit)


@requires(EDIT)
@require_POST
def use_template(request: HttpRequest, public_id: str) -> HttpResponse:
    """The steps of a template behind those that are there."""
    edit = the_edit(request, public_id)
    asked = request.POST.get("template", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    template = visible_templates(actor_of(request)).filter(pk=chosen, library=edit.library).first()
    if template is None:
        messages.warning(request, _("Hãy chọn một mẫu của thư viện này."))
    else:
        _store(request, edit, [*steps_of(edit), *(Step.unpacked(one) for one in template.steps)])
    return to_edit(edit)


@requires(EDIT)
@require_POST
def keep_template(request: HttpRequest, public_id: str) -> HttpResponse:
    """The steps as they are, under a name."""
    edit = the_edit(request, public_id)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Hãy đặt tên cho mẫu, không quá 100 ký tự."))
        return to_edit(edit)
    name = form.cleaned_data["name"]
    if tried(request, lambda: save_template(actor=actor_of(request), edit=edit, name=name)):
        messages.success(request, _("Đã lưu các bước thành mẫu “%(name)s”.") % {"name": name})
    return to_edit(edit)
