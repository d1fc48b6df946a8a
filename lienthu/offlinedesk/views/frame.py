"""What the pages of this room share."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of
from lienthu.kernel.clock import VIETNAM
from lienthu.offlinedesk.access import get_device
from lienthu.offlinedesk.models import Device
from lienthu.web.components import Crumb, Tab

PAGE = 50


def moment(at: datetime | None) -> str:
    """A moment in Vietnam as plain text, for sentences and tables to download."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else "–"


def the_device(request: HttpRequest, public_id: str) -> Device:
    """The device of a page."""
    try:
        return get_device(actor_of(request), public_id)
    except Device.DoesNotExist:
        raise Http404 from None


def tabs(current: str) -> list[Tab]:
    """The lists."""
    labels = {"events": _("Việc cần xem"), "devices": _("Các máy")}
    return [Tab(label, reverse(f"offlinedesk:{name}"), current=name == current) for name, label in labels.items()]


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list of devices."""
    return [Crumb(_("Quầy ngoài mạng"), reverse("offlinedesk:devices")), *more]
