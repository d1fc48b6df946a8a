"""What two records say about one thing each: every function gives the reasons it finds, symmetric in its arguments."""

from lienthu.catalogue.matching.comparing.found import Found
from lienthu.catalogue.matching.comparing.identity import identifiers, material, series
from lienthu.catalogue.matching.comparing.imprint import editions, extents, publication, volumes, years
from lienthu.catalogue.matching.comparing.names import names
from lienthu.catalogue.matching.comparing.titles import remainders, titles

__all__ = [
    "Found",
    "editions",
    "extents",
    "identifiers",
    "material",
    "names",
    "publication",
    "remainders",
    "series",
    "titles",
    "volumes",
    "years",
]
