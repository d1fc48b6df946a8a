"""The main menus: which pages are offered to whom. A hidden entry is courtesy; access is checked in the actions."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One menu entry as templates use it."""

    label: str | Promise
    url: str
    current: bool


PUBLIC: list[tuple[str, Promise]] = [
    ("portal:home", _("Trang chủ")),
    ("discovery:results", _("Tra cứu")),
    ("discovery:browse", _("Duyệt mục lục")),
    ("libraries:list", _("Các thư viện")),
    ("portal:help", _("Trợ giúp")),
]


def menu(request: HttpRequest) -> dict[str, list[Entry]]:
    """Context processor: `menu` for every page."""
    entries = []
    for name, label in PUBLIC:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        current = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append(Entry(label=label, url=url, current=current))
    return {"menu": entries}
