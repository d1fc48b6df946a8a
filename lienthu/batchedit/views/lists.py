"""The lists: edits, templates."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.batchedit.access import EDIT, get_template, own_libraries, visible_edits, visible_templates
from lienthu.batchedit.actions.templates import remove_template
from lienthu.batchedit.forms import EditFilter
from lienthu.batchedit.models import BatchEdit, StepTemplate
from lienthu.batchedit.policy.steps import Step
from lienthu.batchedit.views.frame import PAGE, branch_names, crumbs, tabs
from lienthu.batchedit.wording import STATE_BADGES, step_sentence
from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

_SORTS = {"title": "title", "total": "total", "created_at": "pk"}


@requires(EDIT)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The edits of one's libraries, the newest first."""
    actor = actor_of(request)
    form = EditFilter(request.GET, own=own_libraries(actor))
    found = visible_edits(actor)
    if form.is_valid():
        given = form.cleaned_data
        found = found.filter(title__icontains=given["q"]) if given["q"] else found
        found = found.filter(state=given["state"]) if given["state"] else found
        found = found.filter(library=given["library"]) if given["library"] else found
    sort = request.GET.get("sort", "")
    name = _SORTS.get(sort.removeprefix("-"))
    sort = sort if name else "-created_at"
    found = found.order_by(f"{'-' if sort.startswith('-') else ''}{name or 'pk'}", "-pk")
    if request.GET.get("format") == "csv":
        heads = [_("Lần sửa"), _("Thư viện"), _("Tình trạng"), _("Biểu ghi"), _("Lúc"), _("Người làm")]
        return csv_response("sua-hang-loat", heads, (_cells(one) for one in found.iterator(chunk_size=500)))
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    export = request.GET.copy()
    export["format"] = "csv"
    table = Table(
        caption=_("Các lần sửa hàng loạt"),
        caption_hidden=True,
        columns=[
            Column("title", _("Lần sửa"), sortable=True),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("total", _("Biểu ghi"), kind="number", sortable=True),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("created_at", _("Lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
            Column("actor", _("Người làm"), hidden_on_phone=True),
        ],
        rows=[_row(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        filters=form,
        exports=[Link(_("Tải danh sách (CSV)"), "?" + export.urlencode())],
        empty=Empty(
            _("Chưa có lần sửa nào"),
            _("Chọn biểu ghi, nêu các bước, xem trước từng thay đổi rồi mới chạy. Lần sửa nào cũng hoàn tác được."),
            Link(_("Lần sửa mới"), reverse("batchedit:new")),
        ),
    )
    return render(request, "batchedit/list.html", {"table": table, "tabs": tabs("list")})


def _row(edit: BatchEdit) -> Row:
    return Row(
        cells={
            "title": edit.title,
            "state": (STATE_BADGES[edit.state], str(edit.get_state_display())),
            "total": edit.total,
            "library": edit.library.name_vi,
            "created_at": edit.created_at,
            "actor": edit.actor_name,
        },
        url=reverse("batchedit:edit", args=[edit.public_id]),
    )


def _cells(edit: BatchEdit) -> list[str]:
    at = f"{edit.created_at:%d/%m/%Y %H:%M}"
    state = str(edit.get_state_display())
    return [edit.title, edit.library.name_vi, state, str(edit.total), at, edit.actor_name]


@requires(EDIT)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """Steps that libraries keep under a name."""
    found = visible_templates(actor_of(request)).order_by("library__name_sort", "name")
    sort = request.GET.get("sort", "")
    if sort.removeprefix("-") in ("name", "updated_at"):
        found = found.order_by(sort, "pk")
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = list(found[(page - 1) * PAGE : page * PAGE])
    if request.GET.get("format") == "csv":
        heads = [_("Tên mẫu"), _("Thư viện"), _("Các bước")]
        return csv_response("mau-sua", heads, ([one.name, one.library.name_vi, _steps(one)] for one in found))
    table = Table(
        caption=_("Mẫu sửa"),
        caption_hidden=True,
        columns=[
            Column("name", _("Tên mẫu"), sortable=True),
            Column("steps", _("Các bước")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("updated_at", _("Sửa lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "name": one.name,
                    "steps": _steps(one),
                    "library": one.library.name_vi,
                    "updated_at": one.updated_at,
                },
                url=f"{reverse('batchedit:new')}?mau={one.pk}",
                actions=[Link(_("Bỏ mẫu"), reverse("batchedit:template_remove", args=[one.pk]), "trash")],
            )
            for one in rows
        ],
        total=total,
        number=page,
        size=PAGE,
        sort=sort,
        exports=[Link(_("Tải danh sách (CSV)"), "?format=csv")],
        empty=Empty(_("Chưa có mẫu sửa nào"), _("Ở trang một lần sửa, các bước của nó lưu được thành mẫu.")),
    )
    return render(request, "batchedit/list.html", {"table": table, "tabs": tabs("templates")})


def _steps(template: StepTemplate) -> str:
    names = branch_names(template.library)
    return " · ".join(step_sentence(Step.unpacked(one), branches=names) for one in template.steps)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, template_id: int) -> HttpResponse:
    """Ask, then remove a template."""
    actor = actor_of(request)
    try:
        template = get_template(actor, template_id)
    except StepTemplate.DoesNotExist:
        raise Http404 from None
    if request.method == "GET":
        context = {
            "title": _("Bỏ mẫu “%(name)s”?") % {"name": template.name},
            "text": _("Các lần sửa đã dùng mẫu này không đổi."),
            "confirm": _("Bỏ mẫu"),
            "back": reverse("batchedit:templates"),
            "crumbs": crumbs(Crumb(_("Mẫu sửa"), reverse("batchedit:templates")), Crumb(template.name)),
        }
        return render(request, "batchedit/ask.html", context)
    remove_template(actor=actor, template=template)
    messages.success(request, _("Đã bỏ mẫu “%(name)s”.") % {"name": template.name})
    return redirect("batchedit:templates")
