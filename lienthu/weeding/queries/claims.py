"""What other rooms say of copies (config/copies.py): they are asked, never imported."""

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


def missing_in_rounds(library_id: int, rounds: int) -> tuple[int, list[int]]:
    """How many rounds of stock-taking a library closed, and its copies missing in each of the last `rounds` rounds."""
    ask: Callable[[int, int], tuple[int, list[int]]] = import_string(import_string(settings.COPY_ABSENCES))
    return ask(library_id, rounds)
