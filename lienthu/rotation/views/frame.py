"""What the pages of this room share."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.rotation.access import get_set
from lienthu.rotation.models import RotationSet
from lienthu.web.components import Crumb

PAGE = 50
MOST_ROWS = 5_000


def the_set(request: HttpRequest, public_id: str) -> RotationSet:
    """The set of a page; nothing is there for others than its owner and its host."""
    try:
        return get_set(actor_of(request), public_id)
    except RotationSet.DoesNotExist:
        raise Http404 from None


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Luân chuyển"), reverse("rotation:list")), *more]
