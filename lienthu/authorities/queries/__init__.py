"""Everything that others may read of the authority file."""

from lienthu.authorities.queries.leading import (
    OtherNames,
    Reference,
    clusters_under,
    other_names,
    references,
    see_lines,
)

__all__ = ["OtherNames", "Reference", "clusters_under", "other_names", "references", "see_lines"]
