"""The page of a round without network: the same for everybody, naming nobody; what it shows comes from the device."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lienthu.identity.access import requires
from lienthu.stocktaking.access import MANAGE
from lienthu.stocktaking.forms import NumbersForm
from lienthu.web.kept import FRAME, contents_mark
from lienthu.web.tags.frame import asset

KEPT = ("stock.js", "barcode-reader.js", *FRAME)


@requires(MANAGE)
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page that opens in place of a round's own when there is no network."""
    return HttpResponse(_shell())


def _shell() -> str:
    return render_to_string("stocktaking/offline.html", {"form": NumbersForm(auto_id="o_%s")})


@requires(MANAGE)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of these pages; it is new when the page or any of its files is."""
    kept = [reverse("stocktaking:offline"), *(asset(name) for name in KEPT)]
    mark = sha256("".join([get_language() or "", _shell(), *kept, contents_mark(KEPT)]).encode()).hexdigest()[:16]
    context = {"kept": kept, "version": mark}
    return render(request, "stocktaking/sw.js", context, content_type="text/javascript; charset=utf-8")
