"""Files that a service worker keeps on a device: a mark that changes when any of them does."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

# What every page of ours needs to look like itself.
FRAME = (
    "app.css",
    "desk.css",
    "icons.svg",
    "mark.svg",
    "brocade.svg",
    "fonts/be-vietnam-pro-vietnamese-400.woff2",
    "fonts/be-vietnam-pro-latin-400.woff2",
    "fonts/be-vietnam-pro-vietnamese-600.woff2",
    "fonts/be-vietnam-pro-latin-600.woff2",
    "fonts/literata-vietnamese.woff2",
    "fonts/literata-latin.woff2",
)


def contents_mark(names: tuple[str, ...]) -> str:
    """A digest of these built files where their addresses do not carry one (before they are collected), else ""."""
    return _digest(names) if settings.WHITENOISE_USE_FINDERS else ""


@cache
def _digest(names: tuple[str, ...]) -> str:
    found = sha256()
    for name in names:
        path = finders.find(f"dist/{name}")
        if path:
            found.update(Path(str(path)).read_bytes())
    return found.hexdigest()
