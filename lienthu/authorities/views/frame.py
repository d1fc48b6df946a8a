"""What the pages of the authority desk share."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.authorities.access import get_authority, get_change, get_upload, may_edit
from lienthu.authorities.actions import ChangedMeanwhile, NotPossible
from lienthu.authorities.models import Authority, Change, Kind, Status, Upload
from lienthu.identity.access import actor_of
from lienthu.kernel import ids
from lienthu.web.components import Crumb, Tab

PAGE = 50


def the_authority(request: HttpRequest, public_id: str) -> Authority:
    """The authority of a page."""
    try:
        return get_authority(actor_of(request), ids.decode(public_id) or 0)
    except Authority.DoesNotExist:
        raise Http404 from None


def the_change(request: HttpRequest, public_id: str) -> Change:
    """The change of a page."""
    try:
        return get_change(actor_of(request), ids.decode(public_id) or 0)
    except Change.DoesNotExist:
        raise Http404 from None


def the_upload(request: HttpRequest, public_id: str) -> Upload:
    """The file of a page."""
    try:
        return get_upload(actor_of(request), ids.decode(public_id) or 0)
    except Upload.DoesNotExist:
        raise Http404 from None


def tabs(current: str) -> list[Tab]:
    """The lists of the desk."""
    labels = {
        "list": _("Biểu ghi đề mục"),
        "headings": _("Đề mục trong biểu ghi"),
        "duplicates": _("Có thể trùng"),
        "changes": _("Thay đổi"),
        "proposals": _("Đề nghị"),
        "uploads": _("Nhập tệp"),
    }
    return [Tab(label, reverse(f"authorities:{name}"), current=name == current) for name, label in labels.items()]


def kind_tabs(name: str, current: str) -> list[Tab]:
    """One list for each kind of heading."""
    base = reverse(f"authorities:{name}")
    return [Tab(str(label), f"{base}?kind={value}", current=value == current) for value, label in Kind.choices]


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page below the list."""
    return [Crumb(_("Đề mục có kiểm soát"), reverse("authorities:list")), *more]


def page_of(request: HttpRequest, authority: Authority, heading: str, **context: Any) -> dict[str, Any]:
    """What every page about one authority shows around its work."""
    return {
        "authority": authority,
        "heading": heading,
        "may_edit": may_edit(actor_of(request)) and authority.status == Status.ACTIVE,
        "crumbs": crumbs(
            Crumb(authority.text, reverse("authorities:authority", args=[authority.public_id])), Crumb(heading)
        ),
        **context,
    }


def to_authority(authority: Authority) -> HttpResponse:
    """On to its page."""
    return redirect("authorities:authority", authority.public_id)


def told(request: HttpRequest, error: NotPossible | ChangedMeanwhile) -> None:
    """Say why nothing was done."""
    if isinstance(error, NotPossible):
        messages.warning(request, error.message)
    else:
        messages.warning(
            request, _("Đề mục vừa có người khác lưu. Chưa có gì bị thay đổi; hãy xem lại bản mới nhất rồi làm tiếp.")
        )


def number(value: str | None) -> int | None:
    """A number that a form sends back; None for anything else."""
    return int(value) if value and value.isdecimal() and len(value) < 19 else None
