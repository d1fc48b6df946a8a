"""Everything that others may read of the catalogue.

Only what the public may see: copies that are hidden, and records that were withdrawn, do not come out of here.
Desk pages of the catalogue itself read `queries.reports`.
"""

from lienthu.catalogue.queries.availability import Availability, availability_of
from lienthu.catalogue.queries.browsing import (
    AUTHOR_KINDS,
    AUTHOR_TAGS,
    FIGURES,
    LETTERS,
    OTHERS,
    SUBJECT_KINDS,
    SUBJECT_TAGS,
    HeadingEntry,
    Place,
    Stretch,
    TitleEntry,
    heading_letters,
    headings,
    letter_bounds,
    title_letters,
    titles,
)
from lienthu.catalogue.queries.contents import Source, first_records, record_of, sources_of
from lienthu.catalogue.queries.copies import Copy, Statement, copies_of, statements_of
from lienthu.catalogue.queries.exchange import ExchangeRecord, Origin, exchange_records, holders_of
from lienthu.catalogue.queries.figures import Totals, titles_by_holder, totals, totals_of_library
from lienthu.catalogue.queries.provenance import given_by
from lienthu.catalogue.queries.reviewing import notes_of
from lienthu.catalogue.queries.sight import PUBLIC, Sight, closed_libraries, visible_clusters
from lienthu.catalogue.queries.union import (
    Merged,
    UnionRecord,
    Withdrawn,
    active_ids,
    find_union_record,
    newest,
    sitemap_starts,
    survivors_of,
    union_records,
    with_identifier,
)
from lienthu.catalogue.queries.works import Edition, Editions, editions_beside

__all__ = [
    "AUTHOR_KINDS",
    "AUTHOR_TAGS",
    "FIGURES",
    "LETTERS",
    "OTHERS",
    "PUBLIC",
    "SUBJECT_KINDS",
    "SUBJECT_TAGS",
    "Availability",
    "Copy",
    "Edition",
    "Editions",
    "ExchangeRecord",
    "HeadingEntry",
    "Merged",
    "Origin",
    "Place",
    "Sight",
    "Source",
    "Statement",
    "Stretch",
    "TitleEntry",
    "Totals",
    "UnionRecord",
    "Withdrawn",
    "active_ids",
    "availability_of",
    "closed_libraries",
    "copies_of",
    "editions_beside",
    "exchange_records",
    "find_union_record",
    "first_records",
    "given_by",
    "heading_letters",
    "headings",
    "holders_of",
    "letter_bounds",
    "newest",
    "notes_of",
    "record_of",
    "sitemap_starts",
    "sources_of",
    "statements_of",
    "survivors_of",
    "title_letters",
    "titles",
    "titles_by_holder",
    "totals",
    "totals_of_library",
    "union_records",
    "visible_clusters",
    "with_identifier",
]
