"""Writing a chunk of an import: some thousand records in one transaction, by COPY and set-wise statements.

Every function here expects to run inside `audit.actions.writing`; the caller audits and publishes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from lienthu.catalogue.actions.clustering import (
    arrival_of,
    keys_for,
    lock_matching,
    matching_is_on,
    same_evidence,
    seat,
    work_for,
)
from lienthu.catalogue.actions.clustering.composing import Shared, row_of, sharing
from lienthu.catalogue.actions.incoming import Incoming, Placed
from lienthu.catalogue.actions.tables import allocate, copy_rows
from lienthu.catalogue.compression import CURRENT, compress
from lienthu.catalogue.marc.description import Heading
from lienthu.catalogue.policy import Existing, Part, compose
from lienthu.kernel.text import exact_key, sort_key

HEADING_KEY_LENGTH = 300
IDENTIFIER_LENGTH = 60


@dataclass(slots=True)
class HeadingCache:
    """Ids of headings met lately, by kind and words as written, so that a common one is looked up once.

    Forget it when a transaction fails.
    """

    limit: int = 200_000
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def clear(self) -> None:
        self.ids.clear()

    def remember(self, ids: Mapping[tuple[str, str], int]) -> None:
        if len(self.ids) > self.limit:
            self.ids.clear()
        self.ids.update(ids)


def find_existing(*, library_id: int, batch_id: int, control_numbers: list[str]) -> dict[str, Existing]:
    """What the catalogue holds under these control numbers, and whether this very import has met it before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.control_number, r.id, r.cluster_id, r.digest, r.status = 'ACTIVE',
                   r.batch_id IS NOT DISTINCT FROM %(batch)s
                   OR EXISTS (SELECT 1 FROM catalogue_unchanged u WHERE u.batch_id = %(batch)s AND u.record_id = r.id)
            FROM catalogue_sourcerecord r
            WHERE r.library_id = %(library)s AND r.control_number = ANY(%(numbers)s)
            """,
            {"batch": batch_id, "library": library_id, "numbers": control_numbers},
        )
        return {
            number: Existing(
                record_id=record_id,
                cluster_id=cluster_id,
                digest=bytes(digest),
                is_active=is_active,
                met_in_this_file=met,
            )
            for number, record_id, cluster_id, digest, is_active, met in cursor.fetchall()
        }


def find_by_id(record_ids: list[int]) -> dict[int, Existing]:
    """The same by record id, for changes that do not come from a file. Locks the records."""
    lock_matching()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, cluster_id, digest, status = 'ACTIVE' FROM catalogue_sourcerecord"
            " WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [record_ids],
        )
        return {
            record_id: Existing(
                record_id=record_id,
                cluster_id=cluster_id,
                digest=bytes(digest),
                is_active=is_active,
                met_in_this_file=False,
            )
            for record_id, cluster_id, digest, is_active in cursor.fetchall()
        }


def insert_new(incoming: list[Incoming], *, library_id: int, batch_id: int | None) -> list[Placed]:
    """Insert records that nobody had before, each into the union record where it belongs or into a new one.

    `clustering.settle` must follow when their revisions are written.
    """
    if not incoming:
        return []
    lock_matching()
    record_ids = allocate("catalogue_sourcerecord", len(incoming))
    placed = [
        Placed(i, record_id=r, cluster_id=0, library_id=library_id) for i, r in zip(incoming, record_ids, strict=True)
    ]
    _take_seats(placed)
    _insert_clusters([p for p in placed if not p.cluster_id], visibility=_visibility(library_id))
    for p in placed:
        if p.seat and p.seat.with_place is not None:
            p.cluster_id = placed[p.seat.with_place].cluster_id
    copy_rows(
        "catalogue_sourcerecord",
        ["id", "library_id", "control_number", "cluster_id", "revision", "digest", "batch_id"],
        (
            (p.record_id, library_id, p.incoming.control_number, p.cluster_id, 1, p.incoming.digest, batch_id)
            for p in placed
        ),
    )
    return placed


def _take_seats(placed: list[Placed]) -> None:
    """Find the union records of new records; 0 stays where one must be made, -1 where another of them makes it."""
    for p in placed:
        work_for(p.incoming)
    if not matching_is_on():
        return
    arrivals = [arrival_of(p.record_id, p.incoming) for p in placed]
    for p, found in zip(placed, seat(arrivals), strict=True):
        p.seat = found
        p.cluster_id = -1 if found.with_place is not None else found.cluster_id or 0


def _insert_clusters(placed: list[Placed], *, visibility: str) -> None:
    for p, cluster_id in zip(placed, allocate("catalogue_cluster", len(placed)), strict=True):
        p.cluster_id = cluster_id
    copy_rows(
        "catalogue_cluster",
        ["id", "title", "title_sort", "summary", "visibility", "work_key"],
        (
            (
                *(p.cluster_id, *row_of(compose([Part(p.record_id, p.incoming.description)]))),
                *(visibility, p.incoming.work.key if p.incoming.work else None),
            )
            for p in placed
        ),
    )


def _visibility(library_id: int) -> str:
    return sharing().get(library_id, Shared()).visibility


def update_known(
    incoming: list[tuple[Incoming, Existing]], *, batch_id: int | None, change: str, matching: bool = True
) -> list[Placed]:
    """Give known records their next revision number, and find out whether they still belong where they are.

    `clustering.settle` must follow when their revisions are written. Without `matching` they stay.
    """
    if not incoming:
        return []
    lock_matching()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_sourcerecord r
            SET revision = r.revision + 1, digest = u.digest, batch_id = %s, status = 'ACTIVE', withdrawal_id = NULL,
                updated_at = now()
            FROM unnest(%s::bigint[], %s::bytea[]) AS u (id, digest)
            WHERE r.id = u.id RETURNING r.id, r.revision, r.cluster_id, r.library_id
            """,
            [batch_id, [e.record_id for _, e in incoming], [i.digest for i, _ in incoming]],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
        record_ids = list(rows)
        cursor.execute("DELETE FROM catalogue_headinglink WHERE record_id = ANY(%s)", [record_ids])
        cursor.execute("DELETE FROM catalogue_identifier WHERE record_id = ANY(%s)", [record_ids])
    placed = [
        Placed(i, record_id=e.record_id, cluster_id=cluster_id, revision=revision, change=change, library_id=library_id)
        for i, e in incoming
        for revision, cluster_id, library_id in [rows[e.record_id]]
    ]
    for p in placed:
        work_for(p.incoming)
        if matching_is_on():
            keys_for(p.incoming)
    if matching and matching_is_on():
        change_seats(placed)
    return placed


def change_seats(placed: list[Placed]) -> None:
    """Find out whether known records still belong where they are; those with the evidence that is kept of them stay.

    `clustering.settle` must follow.
    """
    for p in placed:
        work_for(p.incoming)
    changed = [p for p, same in zip(placed, same_evidence(placed), strict=True) if not same]
    arrivals = [arrival_of(p.record_id, p.incoming, home=p.cluster_id) for p in changed]
    for p, found in zip(changed, seat(arrivals), strict=True):
        if found.cluster_id == p.cluster_id:
            p.seat = found
            continue
        p.seat, p.former_cluster = found, p.cluster_id
        p.cluster_id = -1 if found.with_place is not None else found.cluster_id or 0
    shared = sharing()
    for p in changed:
        if not p.cluster_id:
            _insert_clusters([p], visibility=shared.get(p.library_id, Shared()).visibility)
    for p in changed:
        if p.seat and p.seat.with_place is not None:
            p.cluster_id = changed[p.seat.with_place].cluster_id


def insert_revisions(placed: list[Placed], *, batch_id: int | None, actor_id: int | None, actor_name: str) -> None:
    """Keep the bytes of every written record."""
    copy_rows(
        "catalogue_revision",
        [
            *("record_id", "number", "change", "original", "dictionary", "format", "encoding", "content"),
            *("batch_id", "actor_id", "actor_name"),
        ],
        (
            (
                *(p.record_id, p.revision, p.change, compress(p.incoming.original), CURRENT),
                *(p.incoming.format, p.incoming.encoding),
                compress(p.incoming.content) if p.incoming.content is not None else None,
                *(batch_id, actor_id, actor_name),
            )
            for p in placed
        ),
    )


def _identifier_rows(placed: list[Placed]) -> Iterator[tuple[str, str, int]]:
    for p in placed:
        for kind, value in p.incoming.identifiers:
            if value and len(value) <= IDENTIFIER_LENGTH:
                yield kind, value, p.record_id


def insert_identifiers(placed: list[Placed]) -> None:
    """Write the numbers by which these records may be found."""
    copy_rows("catalogue_identifier", ["kind", "value", "record_id"], _identifier_rows(placed))


def _heading_key(heading: Heading) -> tuple[str, str]:
    return heading.kind, exact_key(heading.text)[:HEADING_KEY_LENGTH]


def insert_headings(placed: list[Placed], cache: HeadingCache) -> None:
    """Link the records to their headings, making those that do not exist yet."""
    known = cache.ids
    keyed: dict[tuple[str, str], tuple[str, str]] = {}
    for p in placed:
        for kind, text, _ in p.incoming.description.headings:
            if (kind, text) not in known and (kind, text) not in keyed:
                keyed[kind, text] = kind, exact_key(text)[:HEADING_KEY_LENGTH]
    wanted: dict[tuple[str, str], str] = {}
    for (_, text), key in keyed.items():
        if key[1]:
            wanted.setdefault(key, text)
    found = {(kind, key): heading_id for heading_id, kind, key in _resolve_headings(wanted)} if wanted else {}
    ids = {written: found.get(key, 0) for written, key in keyed.items()}
    links = {
        (known.get((kind, text)) or ids.get((kind, text), 0), p.record_id, int(role))
        for p in placed
        for kind, text, role in p.incoming.description.headings
    }
    copy_rows("catalogue_headinglink", ["heading_id", "record_id", "tag"], (link for link in links if link[0]))
    cache.remember(ids)


def _resolve_headings(wanted: dict[tuple[str, str], str]) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS wanted_heading (kind text, key text) ON COMMIT DELETE ROWS")
        copy_rows("wanted_heading", ["kind", "key"], wanted)
        # LATERAL keeps the planner, which knows nothing of a fresh table, on the unique index.
        cursor.execute(
            """
            SELECT h.id, h.kind, h.key FROM wanted_heading w CROSS JOIN LATERAL (
                SELECT id, kind, key FROM catalogue_heading WHERE key = w.key AND kind = w.kind LIMIT 1) AS h
            """
        )
        found = cursor.fetchall()
    # Sorted, so that two imports that make the same headings never wait for each other in a ring. The one that
    # comes second fails on the unique constraint, and its chunk is tried again.
    missing = sorted(wanted.keys() - {(kind, key) for _, kind, key in found})
    made = [(i, kind, key) for i, (kind, key) in zip(allocate("catalogue_heading", len(missing)), missing, strict=True)]
    copy_rows(
        "catalogue_heading",
        ["id", "kind", "key", "text", "sort"],
        ((i, kind, key, wanted[kind, key], sort_key(wanted[kind, key])) for i, kind, key in made),
    )
    return found + made
