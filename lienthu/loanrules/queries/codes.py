"""The codes by which rules name readers and items, with their names for people."""

from lienthu.catalogue.queries.items import item_types
from lienthu.catalogue.queries.naming import TYPES


def category_names() -> dict[str, str]:
    """Reader categories by code."""
    return {}


def item_type_names() -> dict[str, str]:
    """Item types by code: those that copies have of their own, then the materials of records."""
    return {code: str(name) for code, name in (*item_types(), *TYPES.items())}
