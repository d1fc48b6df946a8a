"""How django-allauth signs people in here: throttled across all worker processes, audited, closed to sign-up."""

import math
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import ngettext

from lienthu.identity import watch
from lienthu.identity.access import actor_for
from lienthu.identity.models import Account
from lienthu.identity.policy import normalise_username

DESK = "/ban-lam-viec/"
_FAILED = {"app": "allauth.account", "action": "login_failed"}


class AccountAdapter(DefaultAccountAdapter):
    """settings.ACCOUNT_ADAPTER."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts of staff are made by administrators; cards of readers by libraries."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff come to the desk, everybody else to their own page."""
        if isinstance(request.user, Account) and actor_for(request.user).is_staff and _exists(DESK):
            return DESK
        return reverse("identity:home")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by the name that was typed, in its one spelling, whatever Host header came with it."""
        return "login:" + normalise_username(credentials.get("username") or credentials.get("email") or "")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the attempt, saying for how long, while there were too many wrong ones."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(request, key=key, **_FAILED)
        if self._login_failed_rl_usage:
            return
        seconds = _seconds_left(request, key)
        if cache.add(f"identity:locked-out:{key}", True, timeout=seconds):
            watch.locked_out(request, login=credentials.get("username") or "", seconds=seconds)
        raise ValidationError(lockout_message(seconds), code="too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        watch.sign_in_failed(request, login=credentials.get("username") or credentials.get("email") or "")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Greet in the language of the account, unless this browser has chosen one."""
        response = super().post_login(request, user, **kwargs)
        language = getattr(user, "language", "")
        if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language != settings.LANGUAGE_CODE:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response


def lockout_message(seconds: int) -> str:
    """How long signing in is closed, in words."""
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext(
        "Đã thử sai quá nhiều lần. Đăng nhập tạm khóa, hãy thử lại sau %(minutes)d phút.",
        "Đã thử sai quá nhiều lần. Đăng nhập tạm khóa, hãy thử lại sau %(minutes)d phút.",
        minutes,
    ) % {"minutes": minutes}


def _seconds_left(request: HttpRequest, key: str) -> int:
    """Until every limit of wrong attempts has room for one more."""
    now, left = time.time(), 1.0
    for rate in ratelimit.get_rates(**_FAILED):
        history = cache.get(ratelimit.get_cache_key(request, rate=rate, key=key, **_FAILED), [])
        if len(history) >= rate.amount:
            left = max(left, history[rate.amount - 1] + rate.duration - now)
    return math.ceil(left)


def _exists(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
