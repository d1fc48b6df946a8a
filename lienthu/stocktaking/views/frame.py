"""What the pages of this room share."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.stocktaking.access import get_round
from lienthu.stocktaking.models import Round
from lienthu.web.components import Crumb

PAGE = 50


def the_round(request: HttpRequest, public_id: str) -> Round:
    """The round of a page; nothing is there for other libraries."""
    try:
        return get_round(actor_of(request), public_id)
    except Round.DoesNotExist:
        raise Http404 from None


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Kiểm kê"), reverse("stocktaking:list")), *more]
