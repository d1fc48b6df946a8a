"""The few addresses that the page frame itself needs."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views import defaults
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lienthu.web.tags.frame import asset, network_name

# A database that was killed has read its journal again after a few seconds.
DATABASE_BACK_SECONDS = 5


@require_safe
@cache_control(public=True, max_age=300)
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows without a connection; the service worker keeps this page and nothing private."""
    return render(request, "web/offline.html")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root so that it covers the whole site."""
    kept = [reverse("web:offline"), asset("app.css"), asset("mark.svg"), asset("icons.svg")]
    return render(request, "web/sw.js", {"kept": kept}, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets a reader keep the library on the home screen of a phone."""
    return JsonResponse(
        {
            "name": network_name(),
            "short_name": "Liên Thư",
            "description": gettext("Mục lục chung của các thư viện trong tỉnh"),
            "lang": "vi",
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": "#fbf8f1",
            "theme_color": "#1d3557",
            "icons": [{"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error of ours. While the database is away it says so, and when to come back."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return defaults.server_error(request)
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(DATABASE_BACK_SECONDS)})
