"""Lists of what has changed, page by page, in the order of the stamps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from lienthu.libraries.queries import libraries
from lienthu.protocols.oaipmh.policy import spec_of

STAMPING = 0x0A1_0001
"""Advisory lock: held alone while stamps are given, shared while a list is read."""

_BOUNDS = """
FROM oaipmh_entry WHERE set_spec = %(spec)s
AND (%(since)s::timestamptz IS NULL OR changed_at >= %(since)s::timestamptz)
AND (%(before)s::timestamptz IS NULL OR changed_at < %(before)s::timestamptz)
"""
_PAGE = f"""
SELECT cluster_id, changed_at, is_deleted {_BOUNDS}
AND (changed_at, cluster_id) > (%(after)s::timestamptz, %(item)s::bigint)
ORDER BY changed_at, cluster_id LIMIT %(limit)s
"""
_SETS = """
SELECT cluster_id, set_spec, changed_at, is_deleted FROM oaipmh_entry
WHERE cluster_id = ANY(%s) AND set_spec <> '' ORDER BY cluster_id, set_spec
"""
_BEGINNING = "-infinity"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a harvester asked for: a set ("" for all), stamps from `since` on and earlier than `before`."""

    spec: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The last item of a page: a list goes on behind it, whatever has changed before it since."""

    changed_at: datetime
    cluster_id: int


@dataclass(frozen=True, slots=True)
class Header:
    """One item in a list."""

    cluster_id: int
    changed_at: datetime
    is_deleted: bool
    specs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; `size` of the whole list, counted only where asked for."""

    headers: tuple[Header, ...]
    has_more: bool
    size: int = 0

    @property
    def end(self) -> Place:
        last = self.headers[-1]
        return Place(last.changed_at, last.cluster_id)


def page(selection: Selection, *, after: Place | None, limit: int, counted: bool) -> Page:
    """The next `limit` items of a selection. Waits for a batch of stamps that is just being given."""
    values = {
        "spec": selection.spec,
        "since": selection.since,
        "before": selection.before,
        "after": after.changed_at if after else _BEGINNING,
        "item": after.cluster_id if after else 0,
        "limit": limit + 1,
    }
    size = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [STAMPING])
        cursor.execute(_PAGE, values)
        rows = cursor.fetchall()
        if counted:
            cursor.execute(f"SELECT count(*) {_BOUNDS}", values)
            (size,) = cursor.fetchone()
    shown = rows[:limit]
    return Page(tuple(_headers(shown, selection.spec)), has_more=len(rows) > limit, size=size)


def header_of(cluster_id: int) -> Header | None:
    """One item; None when no harvester was ever told of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cluster_id, changed_at, is_deleted FROM oaipmh_entry WHERE cluster_id = %s AND set_spec = ''",
            [cluster_id],
        )
        return next(iter(_headers(cursor.fetchall(), "")), None)


def earliest() -> datetime | None:
    """The first stamp there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(changed_at) FROM oaipmh_entry WHERE set_spec = ''")
        return cursor.fetchone()[0]


def sets() -> list[tuple[str, str]]:
    """(name of the set, name of the library) of all libraries that are listed or have items, in Vietnamese order."""
    found = [(spec_of(one.code), one.name_vi, one.listed) for one in libraries()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM unnest(%s::text[]) s WHERE EXISTS (SELECT 1 FROM oaipmh_entry WHERE set_spec = s)",
            [[spec for spec, _, _ in found]],
        )
        used = {row[0] for row in cursor.fetchall()}
    return [(spec, name) for spec, name, listed in found if listed or spec in used]


def _headers(rows: list[tuple[int, datetime, bool]], spec: str) -> Iterable[Header]:
    with connection.cursor() as cursor:
        cursor.execute(_SETS, [[row[0] for row in rows]])
        memberships: dict[int, list[tuple[str, datetime, bool]]] = {}
        for cluster_id, name, changed_at, is_deleted in cursor.fetchall():
            memberships.setdefault(cluster_id, []).append((name, changed_at, is_deleted))
    for cluster_id, changed_at, is_deleted in rows:
        specs: tuple[str, ...]
        if is_deleted and spec:
            specs = (spec,)
        elif is_deleted:
            # The sets it was in until then.
            specs = tuple(name for name, at, _ in memberships.get(cluster_id, ()) if at == changed_at)
        else:
            specs = tuple(name for name, _, left in memberships.get(cluster_id, ()) if not left)
        yield Header(cluster_id, changed_at, is_deleted, specs)
