"""Why a revision was made, as parts of the product above this one know it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class RevisionReason:
    """One sentence about a revision, and where to read more."""

    text: str
    url: str = ""


def reasons_of(record_id: int) -> dict[int, RevisionReason]:
    """Reasons by number of revision (settings.REVISION_REASONS: dotted paths of callables of a record id)."""
    sources: list[Callable[[int], dict[int, RevisionReason]]] = [
        import_string(path) for path in getattr(settings, "REVISION_REASONS", ())
    ]
    found: dict[int, RevisionReason] = {}
    for source in sources:
        found |= source(record_id)
    return found
