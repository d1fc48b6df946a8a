"""What the pages of this room share."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.kernel.sheets import csv_response, xlsx_response
from lienthu.stocktaking.access import get_round
from lienthu.stocktaking.models import Round
from lienthu.web.components import Crumb, Link

PAGE = 50
# What a table is downloaded as, by `format` of its address.
SHEETS = {"csv": csv_response, "xlsx": xlsx_response}


def the_round(request: HttpRequest, public_id: str) -> Round:
    """The round of a page; nothing is there for other libraries."""
    try:
        return get_round(actor_of(request), public_id)
    except Round.DoesNotExist:
        raise Http404 from None


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Kiểm kê"), reverse("stocktaking:list")), *more]


def exports(request: HttpRequest) -> list[Link]:
    """The same table as files, with the filters of the page."""
    chosen, found = request.GET.copy(), []
    for name, label in (("csv", _("Tải bảng này (CSV)")), ("xlsx", _("Tải bảng này (XLSX)"))):
        chosen["format"] = name
        found.append(Link(label, "?" + chosen.urlencode()))
    return found
