"""What the desk pages of notices share: tabs, and the places whose texts and hours one may see."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.libraries.queries import Library
from lienthu.notices.access import desk_libraries, may_edit_at
from lienthu.web.components import Crumb, Tab

PROVINCE = "tinh"


@dataclass(frozen=True, slots=True)
class Place:
    """A library, or (None) the province."""

    code: str
    name: str
    library: Library | None
    may_edit: bool


def places_of(request: HttpRequest) -> list[Place]:
    """The libraries of this person, then the province, whose texts everybody at a desk may read."""
    actor = actor_of(request)
    own = [
        Place(one.code, one.name_vi, one, may_edit_at(actor, one))
        for one in desk_libraries(actor).select_related("scope").order_by("name_sort")
    ]
    return [*own, Place(PROVINCE, _("Cả tỉnh"), None, may_edit_at(actor, None))]


def place_of(request: HttpRequest, code: str = "") -> Place:
    """The place that the address or `?noi=` names; the first one otherwise. Raises Http404."""
    wanted = code or request.GET.get("noi", "")
    places = places_of(request)
    if not wanted:
        return places[0]
    for one in places:
        if one.code == wanted:
            return one
    raise Http404


def tabs_of(request: HttpRequest) -> list[Tab]:
    """The views of this desk."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        Tab(_("Mẫu"), reverse("notices:texts"), current=here in ("texts", "text")),
        Tab(_("Hộp gửi"), reverse("notices:outbox"), current=here in ("outbox", "delivery")),
        Tab(_("Danh sách cần báo"), reverse("notices:calls"), current=here == "calls"),
        Tab(_("Giờ gửi"), reverse("notices:hours"), current=here == "hours"),
    ]


def crumbs_of(*more: tuple[str, str]) -> list[Crumb]:
    """The way from the first page of this desk."""
    return [Crumb(_("Thông báo"), reverse("notices:texts")), *(Crumb(*one) for one in more)]
