"""Tags of the page frame."""

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lienthu.web.tags.registry import register


@register.simple_tag
def asset(path: str) -> str:
    """The address of a built file; an error page must still render when the manifest lacks it."""
    return _asset(path) if settings.DEBUG else _kept_asset(path)


@cache
def _kept_asset(path: str) -> str:
    # The manifest is read once a process, so its answers may be kept as long: a page asks twenty times.
    return _asset(path)


def _asset(path: str) -> str:
    try:
        return static(f"dist/{path}")
    except ValueError:
        return f"{settings.STATIC_URL}dist/{path}"


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """`{% icon "search" %}`: a Tabler icon from the sprite; with `label` it speaks, without it is decoration."""
    return _icon(asset("icons.svg"), name, str(label), classes)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, label: str, classes: str) -> SafeString:
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>', classes, speech, sprite, name
    )


@register.simple_tag
def province_name() -> str:
    """The province of this installation."""
    return settings.PROVINCE


@register.simple_tag
def network_name() -> str:
    """`Mạng thư viện tỉnh Tuyên Quang`."""
    return gettext("Mạng thư viện tỉnh %(province)s") % {"province": settings.PROVINCE}


@register.simple_tag
def link_to(view: str, label: str | Promise, *args: Any, **kwargs: Any) -> SafeString | str:
    """A list entry that links to a view, or nothing where this installation has no such page."""
    try:
        return format_html('<li><a href="{}">{}</a></li>', reverse(view, args=args, kwargs=kwargs), label)
    except NoReverseMatch:
        return ""
