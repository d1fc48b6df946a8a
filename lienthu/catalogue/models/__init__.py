"""Tables of the catalogue: union records over source records, their revisions, items, headings and imports."""

from lienthu.catalogue.models.headings import Heading, HeadingKind, HeadingLink
from lienthu.catalogue.models.imports import Batch, BatchStatus, Rejection, RejectionKind, Unchanged
from lienthu.catalogue.models.items import Holding, Item, ItemStatus, Visibility
from lienthu.catalogue.models.records import Change, Cluster, Identifier, RecordStatus, Revision, SourceRecord

__all__ = [
    "Batch",
    "BatchStatus",
    "Change",
    "Cluster",
    "Heading",
    "HeadingKind",
    "HeadingLink",
    "Holding",
    "Identifier",
    "Item",
    "ItemStatus",
    "RecordStatus",
    "Rejection",
    "RejectionKind",
    "Revision",
    "SourceRecord",
    "Unchanged",
    "Visibility",
]
