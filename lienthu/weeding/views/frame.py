"""What the pages of this room share."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.web.components import Crumb
from lienthu.weeding.access import get_weeding
from lienthu.weeding.models import Weeding

PAGE = 50
MOST_ROWS = 50_000


def the_weeding(request: HttpRequest, public_id: str) -> Weeding:
    """The weeding of a page; nothing is there for others than its library."""
    try:
        return get_weeding(actor_of(request), public_id)
    except Weeding.DoesNotExist:
        raise Http404 from None


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Thanh lọc"), reverse("weeding:list")), *more]
