"""Union records made anew from their source records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from lienthu.catalogue.actions.clustering.works import WorkChange, settle_works
from lienthu.catalogue.actions.tables import json_bytes
from lienthu.catalogue.marc import describe
from lienthu.catalogue.models import DEFAULT_TRUST
from lienthu.catalogue.policy import Composed, Lock, Part, WorkKey, best_first, compose, work_key
from lienthu.catalogue.queries.contents import current_revisions, record_of
from lienthu.kernel.text import filing_form, sort_key

PUBLIC = "PUBLIC"
_OPENNESS = {PUBLIC: 0, "NETWORK": 1, "HIDDEN": 2}
_LOCKS = """
WITH RECURSIVE family AS (
    SELECT w.id AS root, w.id FROM unnest(%s::bigint[]) AS w (id)
    UNION ALL
    SELECT f.root, c.id FROM family f JOIN catalogue_cluster c ON c.merged_into_id = f.id
)
SELECT f.root, l.field, l.value::text, l.record_id
FROM family f JOIN catalogue_fieldlock l ON l.cluster_id = f.id
ORDER BY l.cluster_id = f.root, l.id
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """How a library takes part."""

    visibility: str = PUBLIC
    trust: int = DEFAULT_TRUST


@dataclass(frozen=True, slots=True)
class Union:
    """What a union record is to say; `work` is the key of its best record that has one."""

    cluster_id: int
    composed: Composed
    visibility: str
    work: WorkKey | None


def recompose(cluster_ids: Iterable[int]) -> None:
    """Make these union records anew from their active source records; one without any is no longer shown."""
    wanted = sorted(set(cluster_ids))
    if not wanted:
        return
    parts, works, openness = _read_parts(wanted)
    locks = locks_of(wanted)
    unions = []
    for cluster_id in wanted:
        own = parts.get(cluster_id)
        if not own:
            continue
        # A more open union record does not repeat what a closed library wrote.
        most_open = min((openness[part.record_id] for part in own), key=_OPENNESS.__getitem__)
        shown = [part for part in own if openness[part.record_id] == most_open]
        ranked = best_first(shown)
        work = next((works[part.record_id] for part in ranked if works[part.record_id]), None)
        unions.append(Union(cluster_id, compose(shown, locks.get(cluster_id)), most_open, work))
    write_unions(unions)
    close([cluster_id for cluster_id in wanted if cluster_id not in parts])


def _read_parts(
    cluster_ids: Sequence[int],
) -> tuple[dict[int, list[Part]], dict[int, WorkKey | None], dict[int, str]]:
    parts: dict[int, list[Part]] = {}
    works: dict[int, WorkKey | None] = {}
    openness: dict[int, str] = {}
    shared = sharing()
    for revision in current_revisions(cluster_ids):
        marc = record_of(revision)
        record = revision.record
        how = shared.get(record.library_id, Shared())
        parts.setdefault(record.cluster_id, []).append(
            Part(
                record_id=record.pk,
                description=describe(marc),
                encoding_level=marc.leader[17:18],
                trust=how.trust,
                changed=revision.at.timestamp(),
            )
        )
        works[record.pk] = work_key(marc)
        openness[record.pk] = how.visibility
    return parts, works, openness


def sharing() -> dict[int, Shared]:
    """library id -> how it takes part, for those that do not share everything as usual."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT library_id, visibility, trust FROM catalogue_sharing")
        return {library_id: Shared(visibility, trust) for library_id, visibility, trust in cursor.fetchall()}


def locks_of(cluster_ids: Sequence[int]) -> dict[int, dict[str, Lock]]:
    """Locked fields of these union records and of those merged into them; their own come before inherited ones."""
    found: dict[int, dict[str, Lock]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCKS, [list(cluster_ids)])
        for root, field, value, record_id in cursor.fetchall():
            found.setdefault(root, {})[field] = Lock(orjson.loads(value) if value is not None else None, record_id)
    return found


def row_of(composed: Composed) -> tuple[str, bytes, Jsonb]:
    """Title, filing key and summary as the table holds them."""
    title = composed.summary["title"] or ""
    filing = sort_key(filing_form(title, composed.nonfiling))
    return title, filing, Jsonb(composed.summary, dumps=json_bytes)


def write_unions(unions: Sequence[Union]) -> None:
    """Write what these union records say now, and group them into works."""
    if not unions:
        return
    rows = [row_of(union.composed) for union in unions]
    ids = [union.cluster_id for union in unions]
    before = _work_keys(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_cluster c
            SET title = u.title, title_sort = u.title_sort, summary = u.summary, provenance = u.provenance,
                visibility = u.visibility, work_key = u.work_key, is_active = true, updated_at = now()
            FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::jsonb[], %s::jsonb[], %s::text[], %s::bigint[])
                 AS u (id, title, title_sort, summary, provenance, visibility, work_key)
            WHERE c.id = u.id
            """,
            [
                ids,
                *(list(column) for column in zip(*rows, strict=True)),
                [_provenance(union.composed) for union in unions],
                [union.visibility for union in unions],
                [union.work.key if union.work else None for union in unions],
            ],
        )
    settle_works(
        [WorkChange(union.cluster_id, before.get(union.cluster_id), union.work) for union in unions],
    )


def _provenance(composed: Composed) -> Jsonb | None:
    return Jsonb(composed.provenance, dumps=json_bytes) if composed.provenance is not None else None


def _work_keys(cluster_ids: Sequence[int]) -> Mapping[int, int | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, work_key FROM catalogue_cluster WHERE id = ANY(%s)", [list(cluster_ids)])
        found: dict[int, Any] = dict(cursor.fetchall())
    return found


def close(cluster_ids: Sequence[int]) -> None:
    """Show these union records no more: they have no active source record."""
    if not cluster_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_cluster SET is_active = false, updated_at = now() WHERE id = ANY(%s) AND is_active",
            [list(cluster_ids)],
        )
    settle_works([WorkChange(cluster_id, key, None) for cluster_id, key in _work_keys(cluster_ids).items()])
