"""A title into a list, from the title's page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import survivors_of, union_records
from lienthu.discovery.queries.cards import record_url
from lienthu.identity.access import actor_of, signed_in
from lienthu.kernel import ids
from lienthu.readinglists.access import own_patron
from lienthu.readinglists.actions import Full, NameTaken, NoCard, NotShown, add_title
from lienthu.readinglists.forms import SaveForm
from lienthu.readinglists.models import ReadingList
from lienthu.readinglists.policy import MOST_LISTS, MOST_TITLES
from lienthu.readinglists.queries import lists_of


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def save(request: HttpRequest, record: str) -> HttpResponse:
    """Choose a list for the title, then go back to it."""
    actor = actor_of(request)
    asked = ids.decode(record)
    cluster_id = survivors_of([asked]).get(asked, asked) if asked else None
    found = union_records([cluster_id], sight=sight_of(actor)).get(cluster_id) if cluster_id else None
    if found is None:
        raise Http404
    patron_id = own_patron(actor)
    if patron_id is None:
        return render(request, "readinglists/save.html", {"reader": None, "record": found})
    form = SaveForm(request.POST or None, own=lists_of(patron_id).order_by("name"))
    if request.method == "POST" and form.is_valid() and _save(request, form, found.id):
        return redirect(record_url(found.public_id))
    context = {"reader": patron_id, "record": found, "form": form, "url": record_url(found.public_id)}
    return render(request, "readinglists/save.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: SaveForm, cluster_id: int) -> bool:
    chosen: ReadingList | None = form.cleaned_data["list"]
    try:
        one, new = add_title(
            actor=actor_of(request),
            cluster_id=cluster_id,
            list_id=chosen.pk if chosen else None,
            name=form.cleaned_data["name"],
        )
    except (NoCard, NotShown, ReadingList.DoesNotExist):
        raise Http404 from None
    except NameTaken:
        form.add_error("name", _("Bạn đã có danh sách mang tên này: hãy chọn nó ở trên."))
        return False
    except Full:
        if chosen:
            form.add_error("list", _("Mỗi danh sách giữ nhiều nhất %(most)d tài liệu.") % {"most": MOST_TITLES})
        else:
            form.add_error("name", _("Mỗi người giữ nhiều nhất %(most)d danh sách.") % {"most": MOST_LISTS})
        return False
    text = _("Đã lưu vào danh sách “%(name)s”.") if new else _("Tài liệu đã có trong danh sách “%(name)s”.")
    messages.success(request, text % {"name": one.name})
    return True
