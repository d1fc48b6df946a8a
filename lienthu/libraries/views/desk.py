"""Staff pages of the registry: add, describe, services, service points, life cycle."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthu.identity.access import actor_of, may, may_anywhere, require, requires
from lienthu.kernel.http import page_number
from lienthu.libraries import wording
from lienthu.libraries.access import ADD, EDIT, EDIT_HOURS, LIFECYCLE, editable_libraries
from lienthu.libraries.actions import (
    NotPossible,
    add_branch,
    close_branch,
    create_library,
    edit_branch,
    edit_library,
    record_event,
    set_services,
)
from lienthu.libraries.forms import BranchForm, DeskFilterForm, EventForm, LibraryForm, NewLibraryForm, ServicesForm
from lienthu.libraries.models import Branch, Library, LifecycleEvent
from lienthu.libraries.queries import branch_of_code, branches_of, called, library_of_code
from lienthu.web.components import Column, Empty, Row, Tab, Table

PAGE = 50
_ORDERS = {
    "name": ("name_sort", "code"),
    "code": ("code",),
    "kind": ("kind", "name_sort", "code"),
    "status": ("status", "name_sort", "code"),
}


def the_library(request: HttpRequest, code: str, permission: str) -> Library:
    """The library of a staff page, for those who hold the permission there."""
    library = library_of_code(code)
    if library is None:
        raise Http404
    require(actor_of(request), permission, at=library.scope)
    return library


def tabs(request: HttpRequest, library: Library) -> list[Tab]:
    """The parts of a library that the actor may change."""
    actor = actor_of(request)
    parts = [
        ("desk_edit", _("Thông tin"), EDIT),
        ("desk_hours", _("Giờ mở cửa"), EDIT_HOURS),
        ("desk_services", _("Dịch vụ"), EDIT),
        ("desk_branches", _("Điểm phục vụ"), EDIT),
        ("desk_event", _("Sự kiện"), LIFECYCLE),
    ]
    found = []
    for name, label, permission in parts:
        if may(actor, permission, library.scope):
            url = reverse(f"libraries:{name}", args=[library.code])
            found.append(Tab(label=label, url=url, current=request.path.startswith(url)))
    return found


def page(request: HttpRequest, library: Library, heading: str, **context: Any) -> dict[str, Any]:
    """What every staff page about one library shows around its work."""
    return {
        "library": library,
        "heading": heading,
        "desk_place": wording.name_of(library),
        "tabs": tabs(request, library),
        "crumbs": [
            (_("Danh bạ thư viện"), reverse("libraries:desk_list")),
            (wording.name_of(library), reverse("libraries:library", args=[library.code])),
            (heading, ""),
        ],
        **context,
    }


def tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; a reason why not is shown beside the field it concerns."""
    try:
        act()
    except NotPossible as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


@require_safe
@requires(EDIT)
def desk_list(request: HttpRequest) -> HttpResponse:
    """The libraries that the actor keeps: found, sorted."""
    actor = actor_of(request)
    form = DeskFilterForm(request.GET)
    sort = request.GET.get("sort", "name")
    columns = _ORDERS.get(sort.lstrip("-"), _ORDERS["name"])
    found = called(editable_libraries(actor), **form.wanted()).order_by(*columns)
    found = found.reverse() if sort.startswith("-") else found
    total = found.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = found.select_related("unit__parent__parent")[(number - 1) * PAGE : number * PAGE]
    table = Table(
        caption=_("Thư viện bạn phụ trách"),
        columns=[
            Column("name", _("Thư viện"), sortable=True),
            Column("code", _("Mã"), kind="code", sortable=True),
            Column("kind", _("Loại hình"), sortable=True, hidden_on_phone=True),
            Column("unit", _("Nơi đặt"), hidden_on_phone=True),
            Column("status", _("Tình trạng"), kind="badge", sortable=True),
        ],
        rows=[
            Row(
                cells={
                    "name": row.name_vi,
                    "code": row.code,
                    "kind": row.get_kind_display(),
                    "unit": wording.unit_path(row.unit),
                    "status": row.status,
                },
                url=reverse("libraries:desk_edit", args=[row.code]),
            )
            for row in rows
        ],
        total=total,
        number=number,
        size=PAGE,
        sort=sort,
        filters=form,
        empty=Empty(title=_("Bạn chưa phụ trách thư viện nào.")),
    )
    crumbs = [(_("Danh bạ thư viện"), "")]
    return render(
        request, "libraries/desk_list.html", {"table": table, "may_add": may_anywhere(actor, ADD), "crumbs": crumbs}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ADD)
def add(request: HttpRequest) -> HttpResponse:
    """Add a library to the registry."""
    actor = actor_of(request)
    form = NewLibraryForm(request.POST or None, actor=actor)
    made: list[Library] = []

    def act() -> None:
        data = form.cleaned_data
        made.append(create_library(actor=actor, code=data["code"], data=form.data_of(), under=data["under"]))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("Đã thêm %(name)s vào danh bạ.") % {"name": made[0].name_vi})
        return redirect("libraries:desk_hours", code=made[0].code)
    crumbs = [(_("Danh bạ thư viện"), reverse("libraries:desk_list")), (_("Thêm thư viện"), "")]
    return render(request, "libraries/desk_form.html", {"form": form, "heading": _("Thêm thư viện"), "crumbs": crumbs})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Describe a library."""
    library, actor = the_library(request, code, EDIT), actor_of(request)
    keeper = may(actor, LIFECYCLE, library.scope)
    form = LibraryForm(request.POST or None, library=library, keeper=keeper)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: edit_library(actor=actor, library=library, data=form.data_of()))
    ):
        messages.success(request, _("Đã lưu."))
        return redirect("libraries:desk_edit", code=library.code)
    return render(request, "libraries/desk_form.html", page(request, library, _("Thông tin"), form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def edit_services(request: HttpRequest, code: str) -> HttpResponse:
    """Say which services a library offers."""
    library, actor = the_library(request, code, EDIT), actor_of(request)
    form = ServicesForm(request.POST or None, library=library)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: set_services(actor=actor, library=library, offers=form.offers()))
    ):
        messages.success(request, _("Đã lưu."))
        return redirect("libraries:desk_services", code=library.code)
    return render(request, "libraries/desk_services.html", page(request, library, _("Dịch vụ"), form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def branches(request: HttpRequest, code: str) -> HttpResponse:
    """The service points of a library, and one more."""
    library, actor = the_library(request, code, EDIT), actor_of(request)
    form = BranchForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: add_branch(actor=actor, library=library, code=form.cleaned_data["code"], data=form.data_of()),
        )
    ):
        messages.success(request, _("Đã thêm điểm phục vụ."))
        return redirect("libraries:desk_branches", code=library.code)
    table = _branch_table(library)
    return render(
        request, "libraries/desk_branches.html", page(request, library, _("Điểm phục vụ"), form=form, table=table)
    )


def _branch_table(library: Library) -> Table:
    return Table(
        caption=_("Điểm phục vụ"),
        caption_hidden=True,
        columns=[
            Column("name", _("Tên")),
            Column("code", _("Mã"), kind="code"),
            Column("kind", _("Loại")),
            Column("closed", _("Đóng từ ngày"), kind="date"),
        ],
        rows=[
            Row(
                cells={
                    "name": row.name_vi,
                    "code": row.code,
                    "kind": row.get_kind_display(),
                    "closed": row.closed_date,
                },
                url=reverse("libraries:desk_branch", args=[library.code, row.code]),
            )
            for row in branches_of(library, closed=True)
        ],
        empty=Empty(title=_("Thư viện chưa có điểm phục vụ nào."), text=_("Thêm điểm đầu tiên ở phần dưới.")),
    )


def _the_branch(request: HttpRequest, code: str, branch: str) -> Branch:
    library = the_library(request, code, EDIT)
    found = branch_of_code(library.code, branch)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def branch(request: HttpRequest, code: str, branch: str) -> HttpResponse:
    """One service point."""
    one, actor = _the_branch(request, code, branch), actor_of(request)
    form = BranchForm(request.POST or None, branch=one)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: edit_branch(actor=actor, branch=one, data=form.data_of()))
    ):
        messages.success(request, _("Đã lưu."))
        return redirect("libraries:desk_branches", code=one.library.code)
    context = page(request, one.library, one.name_vi, form=form, branch=one)
    return render(request, "libraries/desk_branch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def close(request: HttpRequest, code: str, branch: str) -> HttpResponse:
    """Close a service point: asks (GET), does it (POST)."""
    one = _the_branch(request, code, branch)
    if request.method == "POST":
        close_branch(actor=actor_of(request), branch=one)
        messages.success(request, _("Đã đóng %(name)s.") % {"name": one.name_vi})
        return redirect("libraries:desk_branches", code=one.library.code)
    question = _("Đóng điểm phục vụ “%(name)s”?") % {"name": one.name_vi}
    context = page(
        request,
        one.library,
        question,
        consequences=[
            _("Điểm này không còn hiện trên trang công khai."),
            _("Bản tài liệu đã gắn với điểm này vẫn giữ nguyên."),
        ],
        confirm=_("Đóng điểm phục vụ"),
        back=reverse("libraries:desk_branches", args=[one.library.code]),
    )
    return render(request, "libraries/desk_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LIFECYCLE)
def add_event(request: HttpRequest, code: str) -> HttpResponse:
    """Record what happened to a library: fill in, read what will follow, confirm."""
    library, actor = the_library(request, code, LIFECYCLE), actor_of(request)
    form = EventForm(request.POST or None, library=library)
    if request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST:
            context = page(
                request, library, _("Xác nhận sự kiện"), form=form, consequences=_consequences(library, form)
            )
            return render(request, "libraries/desk_event_confirm.html", context)
        if tried(form, lambda: record_event(actor=actor, library=library, data=form.data_of())):
            messages.success(request, _("Đã ghi sự kiện."))
            return redirect("libraries:desk_event", code=library.code)
    events = library.events.order_by("-date", "-pk")
    context = page(request, library, _("Sự kiện"), form=form, events=events)
    return render(request, "libraries/desk_event.html", context)


def _consequences(library: Library, form: EventForm) -> list[str]:
    """What the event will do, in sentences."""
    data = form.data_of()
    lines = [
        _("%(event)s: %(name)s, có hiệu lực từ %(day)s.")
        % {
            "event": LifecycleEvent.Kind(data.kind).label,
            "name": library.name_vi,
            "day": wording.day(data.on),
        }
    ]
    closes = data.kind in ("MERGED", "DISSOLVED") or (data.kind == "TRANSFERRED" and data.successors)
    if data.successors:
        lines.append(
            _("Mã %(old)s sẽ dẫn đến %(new)s.")
            % {"old": library.code, "new": ", ".join(f"{s.code} ({s.name_vi})" for s in data.successors)}
        )
    if closes:
        count = branches_of(library).count()
        lines.append(_("%(count)d điểm phục vụ đang mở sẽ đóng.") % {"count": count})
        lines.append(_("Vai trò đang có tại thư viện này chuyển sang thư viện kế thừa, hoặc chấm dứt nếu không có."))
    if data.kind == "RENAMED":
        lines.append(_("Tên mới: %(name)s. Tên cũ vẫn ở trong lịch sử.") % {"name": data.new_name})
    lines.append(_("Sự kiện đã ghi không sửa hay xóa được."))
    return lines
