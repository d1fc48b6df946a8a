"""What other rooms want copies for (config/copies.py): they are asked, never imported."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string


def claimed_copies(library_id: int) -> dict[int, str]:
    """Copies of a library that must not leave stock now, each with the name of the set that it is in."""
    asked: list[str] = import_string(settings.COPY_CLAIMS)
    found: dict[int, str] = {}
    for path in asked:
        claim: Callable[[int], dict[int, str]] = import_string(path)
        found |= claim(library_id)
    return found
