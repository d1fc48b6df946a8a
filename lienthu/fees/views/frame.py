"""What the pages of the desk share: the library one works for, tabs, refusals as messages."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.fees.access import COLLECT, PRICE, READ, desk_libraries, may_at
from lienthu.fees.actions import Refused
from lienthu.fees.wording import refusal_sentence
from lienthu.identity.access import actor_of
from lienthu.libraries.queries import Library
from lienthu.web.components import Tab

_KEY = "fees_library"


def desk_library(request: HttpRequest, permission: str = COLLECT) -> Library:
    """The library chosen (`?thu-vien=`, kept in the session), else the first where one may do this; 404 without."""
    own = desk_libraries(actor_of(request), permission)
    chosen = request.GET.get("thu-vien", "")
    if chosen.isdecimal() and len(chosen) < 18 and own.filter(pk=int(chosen)).exists():
        request.session[_KEY] = int(chosen)
    library = own.filter(pk=request.session.get(_KEY, 0)).first() or own.order_by("pk").first()
    if library is None:
        raise Http404
    return library


def frame(request: HttpRequest, library: Library, *, here: str, permission: str = COLLECT) -> dict[str, Any]:
    """Context of every page of the desk."""
    actor = actor_of(request)
    pages = [
        ("index", _("Thu tiền"), COLLECT),
        ("day", _("Trong ngày"), READ),
        ("drawer", _("Ngăn kéo"), COLLECT),
        ("reconcile", _("Đối soát"), READ),
        ("transfers", _("Chuyển khoản"), COLLECT),
        ("price_desk", _("Bảng giá"), PRICE),
    ]
    return {
        "library": library,
        "libraries": list(desk_libraries(actor, permission).order_by("name_vi")[:300]),
        "key": uuid.uuid4().hex,
        "tabs": [
            Tab(label, reverse(f"fees:{name}"), current=name == here)
            for name, label, needed in pages
            if may_at(actor, needed, library)
        ],
    }


@contextmanager
def refusals_said(request: HttpRequest) -> Iterator[None]:
    """A refusal becomes a sentence on the next page."""
    try:
        yield
    except Refused as refusal:
        messages.warning(request, refusal_sentence(refusal))


def key_of(request: HttpRequest, what: str) -> str:
    """The key of a form: sent twice it books once."""
    return f"desk-{actor_of(request).account_id}-{what}-{request.POST.get('key', '')[:60] or uuid.uuid4().hex}"
