"""Words of pages that are the same for everybody who reads in one language."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.utils.translation import get_language

_MOST = 4_096

P = ParamSpec("P")
R = TypeVar("R")


def per_language(function: Callable[P, R]) -> Callable[P, R]:
    """Remember what the function says in each language: a page asks for the same words dozens of times.

    Only for answers that depend on nothing but the language and hashable arguments, given by position; lazy texts in
    them are to be made plain.
    """

    @lru_cache(maxsize=_MOST)
    def said(_language: str | None, *args: Any) -> R:
        return cast(Callable[..., R], function)(*args)

    @wraps(function)
    def remembered(*args: Hashable) -> R:
        return said(get_language(), *args)

    return cast(Callable[P, R], remembered)
