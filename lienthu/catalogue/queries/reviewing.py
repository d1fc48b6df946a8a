"""Reads for the review desk: doubtful pairs, what differs in them, and what was merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from lienthu.catalogue.marc import Description, describe
from lienthu.catalogue.matching import Reason
from lienthu.catalogue.models import (
    Cluster,
    FieldLock,
    Item,
    ItemStatus,
    LocalNote,
    Merge,
    MergeMove,
    PairState,
    ReviewPair,
    Revision,
    SourceRecord,
)
from lienthu.catalogue.policy import same_words
from lienthu.catalogue.queries.contents import record_of
from lienthu.catalogue.queries.naming import value_in_words

# What people compare, in the order of a catalogue card.
COMPARED = (
    "title", "subtitle", "responsibility", "authors", "edition", "place", "publisher", "year", "extent", "series",
    "isbn", "issn", "language", "type", "subjects", "ddc", "notes",
)  # fmt: skip


_FAMILY = """
WITH RECURSIVE family AS (
    SELECT %s::bigint AS id UNION SELECT c.id FROM family f JOIN catalogue_cluster c ON c.merged_into_id = f.id
) SELECT id FROM family
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records. `state`: same, different, or one (only one of them says something)."""

    field: str
    left: str
    right: str
    state: str


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair."""

    record: SourceRecord
    description: Description
    copies: int


def open_pairs(libraries: Sequence[int] | None) -> QuerySet[ReviewPair]:
    """Pairs that wait, of these libraries (None: of all); those put off come last."""
    pairs = ReviewPair.objects.filter(state=PairState.OPEN).select_related(
        "left__library__scope", "right__library__scope", "left__cluster", "right__cluster"
    )
    if libraries is not None:
        pairs = pairs.filter(Q(left__library__in=libraries) | Q(right__library__in=libraries))
    return pairs


def sides_of(pair: ReviewPair) -> tuple[Side, Side]:
    """Both records of a pair as they are now."""
    left, right = (_side(record) for record in (pair.left, pair.right))
    return left, right


def _side(record: SourceRecord) -> Side:
    revision = Revision.objects.get(record=record, number=record.revision)
    copies = Item.objects.filter(record=record).exclude(status=ItemStatus.WITHDRAWN).count()
    return Side(record, describe(record_of(revision)), copies)


def lines_of(left: Description, right: Description) -> list[Line]:
    """What both say, field by field; fields that neither has are left out."""
    lines = []
    for field in COMPARED:
        one, other = _text(field, getattr(left, field)), _text(field, getattr(right, field))
        if not one and not other:
            continue
        state = "one" if not one or not other else "same" if same_words(one, other) else "different"
        lines.append(Line(field, one, other, state))
    return lines


def _text(field: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return "; ".join(value_in_words(field, str(one)) for one in values if one)


def reasons_of(stored: Sequence[dict[str, Any]]) -> list[Reason]:
    """Stored reasons as the rules gave them."""
    return [Reason(r["code"], r["weight"], r["left"], r["right"], r["veto"]) for r in stored]


def merges(libraries: Sequence[int] | None, *, by_people: bool = False) -> QuerySet[Merge]:
    """What was brought together and apart, the newest first, as far as it concerns these libraries."""
    found = Merge.objects.order_by("-pk")
    if by_people:
        found = found.filter(kind__in=["MERGED", "SPLIT", "UNMERGED"])
    if libraries is not None:
        found = found.filter(pk__in=MergeMove.objects.filter(record__library__in=libraries).values("merge_id"))
    return found


def merges_of(cluster: Cluster) -> list[Merge]:
    """The deeds that brought records into this union record or out of it, the newest first."""
    moves = MergeMove.objects.filter(Q(to_cluster=cluster) | Q(from_cluster=cluster)).values("merge_id")
    return list(Merge.objects.filter(pk__in=moves).order_by("-pk")[:100])


def moved_titles(found: Sequence[Merge]) -> dict[int, list[tuple[str, str]]]:
    """deed -> (title, address) of the union records that it led to."""
    titles: dict[int, dict[str, str]] = {}
    rows = MergeMove.objects.filter(merge__in=found).select_related("to_cluster").order_by("record_id")
    for move in rows:
        titles.setdefault(move.merge_id, {})[move.to_cluster.public_id] = move.to_cluster.title
    return {pk: [(title, public) for public, title in own.items()] for pk, own in titles.items()}


def notes_of(cluster_id: int) -> list[LocalNote]:
    """Notes of libraries beside a union record and those merged into it, the oldest first."""
    beside = LocalNote.objects.filter(cluster__in=RawSQL(_FAMILY, [cluster_id]))
    return list(beside.select_related("library__scope").order_by("pk"))


def locks_of_cluster(cluster: Cluster) -> dict[str, FieldLock]:
    """Locked fields of this union record itself."""
    return {lock.field: lock for lock in FieldLock.objects.filter(cluster=cluster)}
