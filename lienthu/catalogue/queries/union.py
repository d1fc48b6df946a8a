"""Union records as they are shown: their summaries, and what became of one that is no longer there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from lienthu.catalogue.models import Cluster, Identifier, Item, ItemStatus, RecordStatus, Visibility
from lienthu.catalogue.queries.sight import PUBLIC, Sight, visible_clusters
from lienthu.kernel import ids
from lienthu.kernel.postgresql.planned import ask

# A merger of a merger is followed; longer chains than this are a fault in the data.
_LONGEST_CHAIN = 20
_LOOK_BACK = 2_000

# Statements instead of model instances: every page of results asks this, and the ORM took most of the time.
_RECORDS = """
SELECT c.id, c.title, c.summary::text, c.created_at, c.updated_at, c.provenance::text, c.work_id
FROM catalogue_cluster c
WHERE c.id = ANY(%s) AND c.is_active AND c.merged_into_id IS NULL AND {clusters}
"""

_STARTS = """
SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalogue_cluster
                WHERE is_active AND merged_into_id IS NULL AND visibility = 'PUBLIC') AS placed
WHERE (place - 1) %% %s = 0 ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class UnionRecord:
    """One union record with the summary of its source records."""

    id: int
    title: str
    summary: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    provenance: dict[str, Any] | None = None
    """field -> source record (or a list of them for each value, or "lock"); None: one record gave everything."""
    work_id: int | None = None

    @property
    def public_id(self) -> str:
        return ids.encode(self.id)

    @property
    def full_title(self) -> str:
        """Title proper and rest of title as one line."""
        rest = self.summary.get("subtitle") or ""
        return f"{self.title} : {rest}" if rest else self.title


@dataclass(frozen=True, slots=True)
class Merged:
    """The union record went into another one."""

    survivor_id: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The union record was taken out of the catalogue; `title` is what it was called."""

    title: str
    at: datetime


def active() -> QuerySet[Cluster]:
    """Union records that the public sees."""
    return visible_clusters()


def standing() -> QuerySet[Cluster]:
    """All union records that stand for something, whoever may see them."""
    return Cluster.objects.filter(is_active=True, merged_into=None)


def union_records(cluster_ids: Iterable[int], *, sight: Sight = PUBLIC) -> dict[int, UnionRecord]:
    """These union records by id, in the order asked for; those that are not shown (any more) are left out."""
    wanted = list(cluster_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS.format(clusters=sight.cluster_rows("c")), [wanted])
        found = {row[0]: _of_row(row) for row in cursor.fetchall()}
    return {cluster_id: found[cluster_id] for cluster_id in wanted if cluster_id in found}


# A merged record leads to what took it up, which may have been taken up itself.
_SURVIVORS = """
WITH RECURSIVE way AS (
    SELECT id AS asked, id, merged_into_id, 0 AS step FROM catalogue_cluster WHERE id = ANY(%s)
    UNION ALL
    SELECT w.asked, c.id, c.merged_into_id, w.step + 1
    FROM way w JOIN catalogue_cluster c ON c.id = w.merged_into_id WHERE w.step < %s
)
SELECT asked, id FROM way WHERE merged_into_id IS NULL
"""


def survivors_of(cluster_ids: Iterable[int]) -> dict[int, int]:
    """Under which union record each of these stands today: mostly itself. What never was is left out."""
    wanted = list(cluster_ids)
    return dict(ask(_SURVIVORS, [wanted, _LONGEST_CHAIN])) if wanted else {}


def find_union_record(cluster_id: int, *, sight: Sight = PUBLIC) -> UnionRecord | Merged | Withdrawn | None:
    """One union record, or what became of it; None when there never was one, or it is not for this onlooker."""
    cluster = Cluster.objects.filter(pk=cluster_id).first()
    if cluster is None:
        return None
    survivor = cluster
    for _ in range(_LONGEST_CHAIN):
        if survivor.merged_into_id is None:
            break
        survivor = Cluster.objects.get(pk=survivor.merged_into_id)
    if not survivor.is_active or survivor.merged_into_id is not None:
        return Withdrawn(cluster.title, cluster.updated_at)
    if survivor.visibility != Visibility.PUBLIC and not visible_clusters(sight).filter(pk=survivor.pk).exists():
        return None
    return _of(cluster) if survivor is cluster else Merged(survivor.pk)


def newest(count: int) -> list[UnionRecord]:
    """The union records that came last and of which somebody has a public copy, the newest first.

    After a large import without copies only the last _LOOK_BACK are looked at; then records without copies do too.
    """
    last = active().order_by("-created_at", "-pk")
    copies = Item.objects.filter(
        record__cluster=OuterRef("pk"), record__status=RecordStatus.ACTIVE, visibility=Visibility.PUBLIC
    ).exclude(status=ItemStatus.WITHDRAWN)
    recent = Cluster.objects.filter(pk__in=last.values("pk")[:_LOOK_BACK])
    held = recent.filter(Exists(copies)).order_by("-created_at", "-pk")[:count]
    return [_of(one) for one in held] or [_of(one) for one in last[:count]]


def with_identifier(value: str) -> int | None:
    """The one union record that bears this ISBN, ISSN or LCCN; None when none does, or several do."""
    rows = (
        Identifier.objects.filter(
            value=value, record__status=RecordStatus.ACTIVE, record__cluster__visibility=Visibility.PUBLIC
        )
        .values_list("record__cluster_id", flat=True)
        .distinct()[:2]
    )
    found = list(rows)
    return found[0] if len(found) == 1 else None


def active_ids(*, first: int = 0, count: int | None = None) -> Iterator[tuple[int, datetime]]:
    """(id, last change) of the shown union records with an id of `first` or more, in order, without loading all."""
    rows = active().filter(pk__gte=first).order_by("pk").values_list("pk", "updated_at")
    return (rows[:count] if count else rows).iterator(chunk_size=5000)


def sitemap_starts(size: int) -> list[int]:
    """The first id of every `size` shown union records, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_STARTS, [size])
        return [row[0] for row in cursor.fetchall()]


def _of_row(row: tuple[Any, ...]) -> UnionRecord:
    pk, title, summary, created_at, updated_at, provenance, work_id = row
    given = None if provenance is None else orjson.loads(provenance)
    return UnionRecord(pk, title, orjson.loads(summary), created_at, updated_at, given, work_id)


def _of(cluster: Cluster) -> UnionRecord:
    return UnionRecord(
        id=cluster.pk,
        title=cluster.title,
        summary=cluster.summary,
        created_at=cluster.created_at,
        updated_at=cluster.updated_at,
        provenance=cluster.provenance,
        work_id=cluster.work_id,
    )
