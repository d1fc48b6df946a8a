"""Copies of a record: added, changed, withdrawn, one or many; and how a library numbers them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.catalogue.actions.keeping import CopyRefused, add_items, change_items, values_of, withdraw_items
from lienthu.catalogue.queries.desk import find_items
from lienthu.cataloguing.access import EDIT, get_library, own_libraries, own_templates, series_of
from lienthu.cataloguing.actions.own import remove_series, remove_template, save_series
from lienthu.cataloguing.forms import ItemForm, ManyForm, NewCopiesForm, SeriesForm, WithdrawForm
from lienthu.cataloguing.models import NumberSeries, OwnTemplate
from lienthu.cataloguing.queries.numbering import numberings
from lienthu.cataloguing.views import records
from lienthu.cataloguing.views.work import number
from lienthu.cataloguing.wording import copy_refused
from lienthu.identity.access import actor_of, requires
from lienthu.libraries.queries import Library


@requires(EDIT)
@require_POST
def add(request: HttpRequest, record_id: int) -> HttpResponse:
    """Add copies with consecutive numbers."""
    record = records.find(request, record_id)
    form = NewCopiesForm(request.POST, library=record.library)
    if form.is_valid():
        wanted = form.values()
        try:
            add_items(actor=actor_of(request), record=record, items=wanted)
        except CopyRefused as refusal:
            form.add_error("first_number", copy_refused(refusal))
        else:
            if wanted:
                messages.success(
                    request,
                    _("Đã thêm %(count)s bản, từ %(first)s.")
                    % {"count": len(wanted), "first": wanted[0].accession_number},
                )
            return redirect("cataloguing:record", record.pk)
    return records.page(request, record, copies=form, status=422)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HttpRequest, record_id: int, item_id: int) -> HttpResponse:
    """One copy."""
    record = records.find(request, record_id)
    found = find_items(record, [item_id])
    if not found:
        raise Http404
    item = found[0]
    values = values_of(item)
    initial = {name: getattr(values, name) for name in ItemForm.base_fields} | {
        "branch": item.branch_id or "",
        "price": item.price,
    }
    form = ItemForm(request.POST or None, initial=initial, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            change_items(actor=actor_of(request), library=item.library, item_ids=[item.pk], values=form.values())
        except CopyRefused as refusal:
            form.add_error("accession_number" if refusal.code in ("taken", "empty") else None, copy_refused(refusal))
        else:
            messages.success(request, _("Đã lưu bản %(number)s.") % {"number": form.cleaned_data["accession_number"]})
            return redirect("cataloguing:record", record.pk)
    context = {"record": record, "item": item, "form": form}
    return render(request, "cataloguing/item.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def many(request: HttpRequest, record_id: int) -> HttpResponse:
    """The chosen copies: the same values for all, or out of stock with a reason."""
    record = records.find(request, record_id)
    chosen = [one for value in request.POST.getlist("item") if (one := number(value))]
    if not chosen:
        messages.warning(request, _("Hãy chọn ít nhất một bản trong bảng."))
        return redirect("cataloguing:record", record.pk)
    items = find_items(record, chosen)
    library = items[0].library if items else record.library
    try:
        if request.POST.get("what") == "withdraw":
            form = WithdrawForm(request.POST)
            if not form.is_valid():
                messages.warning(request, _("Thanh lọc cần có lý do."))
                return redirect("cataloguing:record", record.pk)
            done = withdraw_items(
                actor=actor_of(request), library=library, item_ids=chosen, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("Đã thanh lọc %(count)s bản.") % {"count": done})
        else:
            values = ManyForm(request.POST, library=library)
            if not values.is_valid():
                return records.page(request, record, many=values, status=422)
            done = change_items(actor=actor_of(request), library=library, item_ids=chosen, values=values.values())
            messages.success(request, _("Đã sửa %(count)s bản.") % {"count": done})
    except CopyRefused as refusal:
        messages.error(request, copy_refused(refusal))
    return redirect("cataloguing:record", record.pk)


def _library(request: HttpRequest, library_id: int) -> Library:
    try:
        return get_library(actor_of(request), library_id)
    except Library.DoesNotExist:
        raise Http404 from None


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def settings(request: HttpRequest, library_id: int) -> HttpResponse:
    """How a library numbers its copies, and its own templates."""
    library = _library(request, library_id)
    form = SeriesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_series(actor=actor_of(request), library=library, **form.cleaned_data)
        messages.success(request, _("Đã lưu dãy số."))
        return redirect("cataloguing:settings", library.pk)
    context = {
        "library": library,
        "libraries": own_libraries(actor_of(request)),
        "form": form,
        "series": series_of(library),
        "numbers": {one.series: one.next for one in numberings(library.pk, library.code)},
        "templates": own_templates(library),
    }
    return render(request, "cataloguing/settings.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def remove(request: HttpRequest, library_id: int) -> HttpResponse:
    """Remove a series or a template of the library."""
    library = _library(request, library_id)
    series, template = number(request.POST.get("series")), number(request.POST.get("template"))
    try:
        if series:
            remove_series(actor=actor_of(request), library=library, series_id=series)
            messages.success(request, _("Đã bỏ dãy số. Các bản đã có giữ nguyên số."))
        elif template:
            remove_template(actor=actor_of(request), library=library, template_id=template)
            messages.success(request, _("Đã bỏ mẫu."))
    except (NumberSeries.DoesNotExist, OwnTemplate.DoesNotExist):
        raise Http404 from None
    return redirect("cataloguing:settings", library.pk)
