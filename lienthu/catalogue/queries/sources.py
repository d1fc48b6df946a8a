"""The sources from which files came before."""

from collections.abc import Iterable

from lienthu.catalogue.models import ImportSource
from lienthu.libraries.queries import Library


def source_names(libraries: Iterable[Library]) -> list[str]:
    """Names of the sources of these libraries, in order."""
    found = ImportSource.objects.filter(library__in=libraries).order_by("name")
    return list(dict.fromkeys(found.values_list("name", flat=True)))
