"""Marks for views. The test of all addresses reads them, so that no page exists without a stated permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access.decision import Kind, actor_of, require_anywhere

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Mark a staff page: only for those who hold `permission` at some scope, with two-step sign-in set up.

    The page's actions still ask `require(actor, permission, at=...)` for the place at hand.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = _sign_in_first(request)
            if answer is None:
                require_anywhere(actor_of(request), permission)
                answer = _second_step_first(request)
            return answer if answer is not None else view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def signed_in(view: View) -> View:
    """Mark a page that every signed-in person may open, for what is their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _sign_in_first(request) or view(request, *args, **kwargs)

    guarded.permission = "signed_in"  # type: ignore[attr-defined]
    return guarded


def _sign_in_first(request: HttpRequest) -> HttpResponse | None:
    if actor_of(request).kind != Kind.VISITOR:
        return None
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _second_step_first(request: HttpRequest) -> HttpResponse | None:
    if not settings.STAFF_MFA_REQUIRED or not actor_of(request).is_staff or is_mfa_enabled(request.user):
        return None
    messages.info(request, _("Tài khoản cán bộ phải đăng nhập hai bước. Hãy thiết lập trước khi vào bàn làm việc."))
    return redirect("mfa_index")
