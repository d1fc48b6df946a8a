"""The application itself: a page, a service worker and a manifest, the same for everybody, naming nobody."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lienthu.offlinedesk.texts import texts
from lienthu.web.kept import FRAME, contents_mark
from lienthu.web.tags.frame import asset, network_name

KEPT = ("offline-desk.js", *FRAME)


@require_safe
@cache_control(no_cache=True)
def index(request: HttpRequest) -> HttpResponse:
    """The page of the application; all it shows comes from the device."""
    return HttpResponse(_shell())


def _shell() -> str:
    context = {"texts": texts(), "paths": _paths()}
    return render_to_string("offlinedesk/app.html", context)


def _paths() -> dict[str, str]:
    names = ("hello", "copy", "log", "outcomes", "worker", "devices", "enrol")
    return {name: reverse(f"offlinedesk:{name}") for name in names}


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps the page and its files in one set, which is new when any of them is."""
    kept = [reverse("offlinedesk:app"), reverse("offlinedesk:manifest"), *(asset(name) for name in KEPT)]
    mark = sha256("".join([get_language() or "", _shell(), *kept, contents_mark(KEPT)]).encode()).hexdigest()[:16]
    context = {"kept": kept, "version": mark}
    return render(request, "offlinedesk/sw.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets a librarian put the desk on the machine as an application of its own."""
    return JsonResponse(
        {
            "id": reverse("offlinedesk:app"),
            "name": _("Quầy lưu thông ngoài mạng · %(network)s") % {"network": network_name()},
            "short_name": _("Quầy ngoài mạng"),
            "lang": get_language(),
            "start_url": reverse("offlinedesk:app"),
            "scope": reverse("offlinedesk:app"),
            "display": "standalone",
            "background_color": "#fbf8f1",
            "theme_color": "#1d3557",
            "icons": [{"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
