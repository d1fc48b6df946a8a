"""Adding a copy to a union record in one step: the library gets its own source record when it has none yet."""

from dataclasses import replace

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.keeping import ItemValues, add_items
from lienthu.catalogue.queries.desk import (
    Item,
    SourceRecord,
    content_of,
    items_of,
    records_behind,
    records_by_id,
)
from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.actions.saving import Wanted, save_sheet
from lienthu.cataloguing.queries.numbering import numberings
from lienthu.cataloguing.queries.working import derived
from lienthu.cataloguing.rules.plain import read_plain
from lienthu.cataloguing.rules.sheets import sheet_of
from lienthu.identity.access import Actor, require
from lienthu.libraries.queries import Library

# Names this use among PostgreSQL's advisory locks; the second key is the library.
NUMBERING_LOCK = 7_303


class NotThere(LookupError):
    """No shown record stands behind this union record (any more)."""


def list_copy(
    *, actor: Actor, library: Library, cluster_id: int, values: ItemValues, series: int = 0, key: str = ""
) -> Item:
    """Add one copy for `library`; without an accession number it gets the next one of the series.

    `key` makes the request safe to repeat: a copy with this key is returned as it is. Raises Refused, NotThere,
    CopyRefused, and what saving a record raises.
    """
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        with connection.cursor() as cursor:
            # One after the other in a library, so that nobody gets a number twice and no record is derived twice.
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERING_LOCK, library.pk])
        behind = records_behind([cluster_id]).get(cluster_id, [])
        if not behind:
            raise NotThere(cluster_id)
        own = next((record for record in behind if record.library_id == library.pk), None)
        if own is not None and key:
            known = items_of(own).filter(source_key=key).first()
            if known is not None:
                w.nothing_changed()
                return known
        if own is None:
            first = behind[0]
            sheet = derived(
                content_of(first).marc,
                source_code=first.library.code,
                source_number=first.control_number,
                agency=library.code,
            )
            saved = save_sheet(actor=actor, wanted=Wanted(library=library, sheet=sheet, origin=first.pk))
            own = records_by_id([saved.record_id])[saved.record_id]
        return _added(actor, library, own, values, series, key)


def _added(actor: Actor, library: Library, own: SourceRecord, values: ItemValues, series: int, key: str) -> Item:
    if not values.accession_number:
        ways = numberings(library.pk, library.code)
        chosen = next((one for one in ways if one.series == series), ways[0])
        values = replace(values, accession_number=chosen.next)
    if not values.call_number:
        plain = read_plain(sheet_of(content_of(own).marc))
        values = replace(values, call_number=" ".join(p for p in (plain.class_number, plain.author_mark) if p))
    (item,) = add_items(actor=actor, record=own, items=[values], keys=[key] if key else [])
    return item
