"""Gives every request its actor, and every refusal the page that says what, why and what next."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from lienthu.identity import watch
from lienthu.identity.access import Kind, Refused, actor_of, permission_label


class ActorMiddleware:
    """`request.actor`, computed when first looked at; answers to Refused; private pages that no cache keeps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        answer = self.get_response(request)
        # what was made for one session is for nobody else, and not for who sits down at this computer next
        if "Cache-Control" not in answer and request.session.accessed and not request.session.is_empty():
            add_never_cache_headers(answer)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if actor_of(request).kind == Kind.VISITOR:
            return _to_a_stranger(request, exception)
        watch.refused(request, exception)
        if exception.hidden:
            return page_not_found(request, Http404())
        if _wants_json(request):
            return _problem(403, _("Bạn chưa được phép làm việc này"), exception.reason)
        label = permission_label(exception.permission)
        return render(request, "web/refused.html", {"reason": exception.reason, "permission_label": label}, status=403)


def _to_a_stranger(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Ask to sign in; what is hidden looks missing."""
    if refusal.hidden:
        return page_not_found(request, Http404())
    if _wants_json(request):
        return _problem(401, _("Cần đăng nhập"), _("Hãy đăng nhập bằng tài khoản có quyền."))
    answer = redirect_to_login(request.get_full_path(), reverse("account_login"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    """RFC 9457."""
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
