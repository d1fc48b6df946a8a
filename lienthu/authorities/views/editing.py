"""Making and editing an authority; another preferred form is shown with what it does before it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthu.authorities.access import EDIT, require_edit
from lienthu.authorities.actions import ChangedMeanwhile, NotPossible, create_authority, edit_authority
from lienthu.authorities.actions.state import form_of
from lienthu.authorities.forms import KindForm, form_class, initial_of
from lienthu.authorities.models import Authority, Form, Kind, Status
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.authorities.queries.reach import preview
from lienthu.authorities.queries.relating import related_texts
from lienthu.authorities.views.frame import crumbs, number, page_of, the_authority, to_authority, told
from lienthu.identity.access import actor_of, requires
from lienthu.web.components import Crumb


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new authority: first its kind, then the rest."""
    kind = request.GET.get("kind", "")
    frame: dict[str, Any] = {"crumbs": crumbs(Crumb(_("Tạo đề mục"))), "heading": _("Tạo đề mục")}
    if kind not in Kind.values:
        return render(request, "authorities/kind.html", {**frame, "form": KindForm()})
    require_edit(actor_of(request))
    form = form_class(kind)(request.POST or None, kind=kind)
    _drop(form, "keep_old", "why")
    if request.method == "POST" and form.is_valid():
        try:
            made = create_authority(actor=actor_of(request), form=form.cleaned_data["form"], data=form.data_of())
        except NotPossible as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Đã tạo biểu ghi đề mục “%(text)s”.") % {"text": made.text})
            return to_authority(made)
    context = {**frame, "form": form, "heading": f"{_('Tạo đề mục')}: {Kind(kind).label}"}
    return render(request, "authorities/edit.html", context, status=400 if form.errors else 200)


def _drop(form: Any, *names: str) -> None:
    for name in names:
        form.fields.pop(name, None)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Edit an authority. Another preferred form is answered by what it would do to the records; then it is done."""
    authority = the_authority(request, public_id)
    require_edit(actor_of(request))
    if authority.status != Status.ACTIVE:
        return to_authority(authority)
    rows = list(authority.forms.order_by("-is_preferred", "heading__sort"))
    known = [form_of(row, authority.kind) for row in rows]
    form = form_class(authority.kind)(
        request.POST or None, kind=authority.kind, known=known, initial=_initial(authority, known)
    )
    expected = number(request.POST.get("expected")) or authority.version
    if request.method == "POST" and form.is_valid():
        wanted: HeadingForm = form.cleaned_data["form"]
        renamed = (wanted.subfields, wanted.indicators) != (known[0].subfields, known[0].indicators)
        if renamed and request.POST.get("sure") != "1":
            return _show_preview(request, authority, form, rows[0], wanted, expected)
        answer = _save(request, authority, form, wanted, expected)
        if answer is not None:
            return answer
    context = page_of(request, authority, _("Sửa đề mục"), form=form, expected=expected)
    return render(request, "authorities/edit.html", context, status=400 if form.errors else 200)


def _initial(authority: Authority, known: list[HeadingForm]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "variants": "\n".join(form.text for form in known[1:]),
        "note": authority.note,
        "sources": authority.sources,
        "dates": authority.dates,
        **{name: "\n".join(texts) for name, texts in related_texts(authority.pk).items()},
    }
    return found | initial_of(known[0])


def _show_preview(
    request: HttpRequest, authority: Authority, form: Any, row: Form, wanted: HeadingForm, expected: int
) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "sure", "expected")
        for value in values
    ]
    context = page_of(
        request,
        authority,
        _("Xem trước khi đổi dạng chuẩn"),
        old=form_of(row, authority.kind).text,
        new=wanted.text,
        preview=preview(old_headings=[row.heading_id], form=wanted),
        kept=kept,
        expected=expected,
    )
    return render(request, "authorities/preview.html", context)


def _save(
    request: HttpRequest, authority: Authority, form: Any, wanted: HeadingForm, expected: int
) -> HttpResponse | None:
    """Save and go on; None when the form has to be shown again."""
    try:
        edited = edit_authority(
            actor=actor_of(request),
            authority_id=authority.pk,
            expected=expected,
            form=wanted,
            data=form.data_of(),
            keep_old=form.cleaned_data["keep_old"],
            why=form.cleaned_data["why"],
        )
    except ChangedMeanwhile as error:
        told(request, error)
        # What the person typed stays before them; the next save is against what they now can compare with.
        form.add_error(
            None,
            _("Bản mới nhất là bản %(current)d. Mở trang đề mục ở thẻ khác để so sánh, rồi lưu lại nếu vẫn cần.")
            % {"current": error.current},
        )
        return None
    except NotPossible as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    if edited.change is not None:
        messages.success(request, _("Đã đổi dạng chuẩn. Biểu ghi liên kết đang được sửa; bạn có thể rời trang này."))
        return redirect("authorities:change", edited.change.public_id)
    messages.success(request, _("Đã lưu biểu ghi đề mục."))
    return to_authority(authority)
