"""The codes by which rules name readers and items, with their names for people."""

import time

from django.utils.translation import get_language

from lienthu.catalogue.queries.items import item_types
from lienthu.catalogue.queries.naming import TYPES
from lienthu.patrons.queries import category_names as names_of_patrons

_SECONDS = 20.0
_kept: dict[str, tuple[float, dict[str, str]]] = {}


def category_names() -> dict[str, str]:
    """Reader categories by code, in the language of the page; kept for some seconds, as a table names many."""
    language, now = get_language() or "", time.monotonic()
    kept = _kept.get(language)
    if kept is None or kept[0] <= now:
        kept = _kept[language] = (now + _SECONDS, names_of_patrons())
    return kept[1]


def item_type_names() -> dict[str, str]:
    """Item types by code: those that copies have of their own, then the materials of records."""
    return {code: str(name) for code, name in (*item_types(), *TYPES.items())}
