"""Tables of the catalogue: union records over source records, revisions, items, headings, imports, merging, sharing."""

from lienthu.catalogue.models.headings import Heading, HeadingKind, HeadingLink
from lienthu.catalogue.models.imports import Batch, BatchStatus, Rejection, RejectionKind, Unchanged
from lienthu.catalogue.models.items import AWAY, Holding, Item, ItemStatus, ItemType
from lienthu.catalogue.models.records import (
    Change,
    Cluster,
    Identifier,
    RecordStatus,
    Revision,
    SourceRecord,
    Visibility,
)
from lienthu.catalogue.models.sharing import DEFAULT_TRUST, Sharing, Withdrawal, WithdrawalState
from lienthu.catalogue.models.sources import ImportSource
from lienthu.catalogue.models.union import (
    Decision,
    FieldLock,
    LocalNote,
    MatchKey,
    MatchRecord,
    Merge,
    MergeKind,
    MergeMove,
    PairState,
    ReviewPair,
    Verdict,
    Work,
)

__all__ = [
    "AWAY",
    "DEFAULT_TRUST",
    "Batch",
    "BatchStatus",
    "Change",
    "Cluster",
    "Decision",
    "FieldLock",
    "Heading",
    "HeadingKind",
    "HeadingLink",
    "Holding",
    "Identifier",
    "ImportSource",
    "Item",
    "ItemStatus",
    "ItemType",
    "LocalNote",
    "MatchKey",
    "MatchRecord",
    "Merge",
    "MergeKind",
    "MergeMove",
    "PairState",
    "RecordStatus",
    "Rejection",
    "RejectionKind",
    "ReviewPair",
    "Revision",
    "Sharing",
    "SourceRecord",
    "Unchanged",
    "Verdict",
    "Visibility",
    "Withdrawal",
    "WithdrawalState",
    "Work",
]
