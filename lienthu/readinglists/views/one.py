"""One of my lists."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import union_records
from lienthu.discovery.queries.references import ENDINGS, reference_file
from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel.http import page_number
from lienthu.readinglists import actions
from lienthu.readinglists.access import own_list
from lienthu.readinglists.actions import Full, NameTaken, NoCard
from lienthu.readinglists.forms import FilterForm, NameForm, NoteForm
from lienthu.readinglists.models import ListedTitle, ReadingList
from lienthu.readinglists.policy import MOST_TITLES
from lienthu.readinglists.queries import Line, lines_of, lists_of, narrowed, ordered

PAGE = 20


@contextmanager
def _found() -> Iterator[None]:
    """What is another's and what is not there look the same."""
    try:
        yield
    except (NoCard, ReadingList.DoesNotExist, ListedTitle.DoesNotExist):
        raise Http404 from None


def _shown(request: HttpRequest, one: ReadingList) -> tuple[list[Line], str, FilterForm]:
    form = FilterForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in ("added", "title", "author") else "-added"
    return ordered(narrowed(lines_of(one, sight=sight_of(actor_of(request))), words), sort), sort, form


@signed_in
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its titles with where they stand today."""
    return _page(request, public_id, NameForm())


def _page(request: HttpRequest, public_id: str, naming: NameForm) -> HttpResponse:
    with _found():
        one = own_list(actor_of(request), public_id)
    lines, sort, form = _shown(request, one)
    pages = Paginator(lines, PAGE)
    page = pages.page(page_number(request.GET.get("page"), last=pages.num_pages))
    context = {
        "list": one,
        "page": page,
        "size": PAGE,
        "filters": form,
        "sort": sort,
        "sorts": [
            ("-added", _("Mới thêm")),
            ("added", _("Thêm lâu nhất")),
            ("title", _("Nhan đề")),
            ("author", _("Tác giả")),
        ],
        "kept": request.GET.urlencode(),
        "endings": [("csv", "CSV"), ("ris", "RIS"), ("bib", "BibTeX")],
        "others": list(lists_of(one.patron_id).exclude(pk=one.pk).order_by("name")),
        "naming": naming,
        "narrowed": bool(form.is_valid() and form.cleaned_data["q"].strip()),
    }
    return render(request, "readinglists/list.html", context, status=422 if naming.errors else 200)


@signed_in
@require_GET
@never_cache
def export(request: HttpRequest, public_id: str, ending: str) -> HttpResponseBase:
    """The titles of the catalogue that are shown, as a file for reference managers or spreadsheets."""
    if ending not in ENDINGS:
        raise Http404
    with _found():
        one = own_list(actor_of(request), public_id)
    lines, _sort, _form = _shown(request, one)
    records = union_records([line.cluster_id for line in lines], sight=sight_of(actor_of(request)))
    base = request.build_absolute_uri("/").rstrip("/")
    return reference_file(records.values(), ending=ending, base=base, name="danh-sach")


@signed_in
@require_POST
@never_cache
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another name."""
    form = NameForm(request.POST)
    with _found():
        one = own_list(actor_of(request), public_id)
        if form.is_valid():
            try:
                actions.rename_list(actor=actor_of(request), list_id=one.pk, name=form.cleaned_data["name"])
            except NameTaken:
                form.add_error("name", _("Bạn đã có danh sách mang tên này."))
    if form.errors:
        return _page(request, public_id, form)
    messages.success(request, _("Đã đổi tên."))
    return redirect("readinglists:list", public_id)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then delete."""
    with _found():
        one = own_list(actor_of(request), public_id)
        if request.method == "GET":
            return render(request, "readinglists/delete.html", {"list": one, "count": one.titles.count()})
        actions.delete_list(actor=actor_of(request), list_id=one.pk)
    messages.success(request, _("Đã xóa danh sách."))
    return redirect("readinglists:lists")


@signed_in
@require_POST
@never_cache
def remove(request: HttpRequest, public_id: str, entry_id: int) -> HttpResponse:
    """Out of the list."""
    with _found():
        one = own_list(actor_of(request), public_id)
        actions.remove_title(actor=actor_of(request), list_id=one.pk, entry_id=entry_id)
    messages.success(request, _("Đã bỏ khỏi danh sách."))
    return redirect("readinglists:list", public_id)


@signed_in
@require_POST
@never_cache
def note(request: HttpRequest, public_id: str, entry_id: int) -> HttpResponse:
    """A word about a title."""
    form = NoteForm(request.POST)
    with _found():
        one = own_list(actor_of(request), public_id)
        if form.is_valid():
            actions.note_title(
                actor=actor_of(request), list_id=one.pk, entry_id=entry_id, note=form.cleaned_data["note"]
            )
            messages.success(request, _("Đã ghi chú."))
        else:
            messages.warning(request, _("Ghi chú dài nhất 500 ký tự; chưa ghi gì."))
    return redirect("readinglists:list", public_id)


@signed_in
@require_POST
@never_cache
def move(request: HttpRequest, public_id: str, entry_id: int) -> HttpResponse:
    """Into another list."""
    with _found():
        one = own_list(actor_of(request), public_id)
        to = own_list(actor_of(request), request.POST.get("to", ""))
        try:
            target = actions.move_title(actor=actor_of(request), list_id=one.pk, entry_id=entry_id, to_id=to.pk)
        except Full:
            text = _("Mỗi danh sách giữ nhiều nhất %(most)d tài liệu.") % {"most": MOST_TITLES}
            messages.warning(request, text)
        else:
            messages.success(request, _("Đã chuyển sang danh sách “%(name)s”.") % {"name": target.name})
    return redirect("readinglists:list", public_id)
