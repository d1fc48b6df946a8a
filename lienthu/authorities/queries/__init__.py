"""Everything that others may read of the authority file."""

from lienthu.authorities.queries.leading import (
    OtherNames,
    Reference,
    References,
    clusters_under,
    other_names,
    references,
)

__all__ = ["OtherNames", "Reference", "References", "clusters_under", "other_names", "references"]
