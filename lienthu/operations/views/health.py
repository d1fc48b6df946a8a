"""What balancers, supervisors and monitors ask; no page for people."""

import ipaddress
import secrets

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest

from lienthu.operations.doctor import examine_quickly
from lienthu.operations.metrics import ProductCollector
from lienthu.operations.policy import State, worst

_PRODUCT = CollectorRegistry(auto_describe=False)
_PRODUCT.register(ProductCollector())
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this web process can serve: the database answers. For balancers and the supervisor.

    `?sau=1` asks every part; 503 when one of them is wrong. Only for whom the measurements are, as it tells more.
    """
    if request.GET.get("sau") and may_measure(request):
        return _every_part()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "wrong"}, status=503)
    return JsonResponse({"status": "ok"})


def _every_part() -> JsonResponse:
    findings = examine_quickly()
    state = worst(one.state for one in findings)
    parts: dict[str, str] = {}
    for one in findings:
        parts[one.name] = one.state.lower()
    return JsonResponse(
        {"status": state.lower(), "parts": parts}, status=503 if state in (State.WRONG, State.UNKNOWN) else 200
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Measurements for Prometheus: of this web process, and of the product as a whole."""
    if not may_measure(request):
        # to a stranger "forbidden" and "missing" look the same
        raise Http404
    answer = ExportToDjangoView(request)
    answer.content += generate_latest(_PRODUCT)
    return answer


def may_measure(request: HttpRequest) -> bool:
    """Does the request bear LIENTHU_METRICS_TOKEN or, where none is set, come from a program on this machine?

    A proxy on this machine also comes from here, but says for whom it asks.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.META for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
