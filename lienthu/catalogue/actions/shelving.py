"""Adding copies to records that the catalogue already holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.chunks import copy_rows
from lienthu.identity.access import Actor, require
from lienthu.libraries.queries import Library

CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCopy:
    """A copy to add; `source_key` names it among the copies of its record in this library."""

    record_id: int
    source_key: str
    accession_number: str
    call_number: str = ""
    shelf: str = ""
    status: str = "AVAILABLE"
    note: str = ""


def add_copies(*, actor: Actor, library: Library, copies: Iterable[NewCopy]) -> int:
    """Add copies to one library and return how many were new; a copy that is there already (by source key) stays.

    Raises Refused without the permission, IntegrityError when an accession number names another copy.
    """
    require(actor, EDIT, at=library.scope)
    remaining, added = iter(copies), 0
    while chunk := list(islice(remaining, CHUNK)):
        added += _add_chunk(actor, library, chunk)
    return added


def _add_chunk(actor: Actor, library: Library, chunk: list[NewCopy]) -> int:
    with writing(actor) as w:
        known = _known(library.pk, chunk)
        fresh = [c for c in chunk if (c.record_id, c.source_key) not in known]
        if not fresh:
            w.nothing_changed()
            return 0
        copy_rows(
            "catalogue_item",
            ["record_id", "library_id", "accession_number", "source_key", "call_number", "shelf", "status", "note"],
            (
                (c.record_id, library.pk, c.accession_number, c.source_key, c.call_number, c.shelf, c.status, c.note)
                for c in fresh
            ),
        )
        w.audit(
            "catalogue.copies_added",
            target=("library", library.code),
            at=library.code,
            details={"copies": len(fresh), "first": fresh[0].accession_number, "last": fresh[-1].accession_number},
        )
        w.publish("catalogue.records_saved", cluster_ids=_clusters([c.record_id for c in fresh]))
    return len(fresh)


def _known(library_id: int, chunk: list[NewCopy]) -> set[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, source_key FROM catalogue_item WHERE library_id = %s AND record_id = ANY(%s)",
            [library_id, [c.record_id for c in chunk]],
        )
        return set(cursor.fetchall())


def _clusters(record_ids: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT cluster_id FROM catalogue_sourcerecord WHERE id = ANY(%s)", [record_ids])
        return [row[0] for row in cursor.fetchall()]
