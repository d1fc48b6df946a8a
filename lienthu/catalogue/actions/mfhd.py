"""Holdings records (MFHD) of an import: tied by 004 to the bibliographic record of the same library."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from lienthu.catalogue.actions.chunks import copy_rows
from lienthu.catalogue.actions.incoming import Incoming
from lienthu.catalogue.actions.preparing import Refused
from lienthu.catalogue.compression import CURRENT, compress
from lienthu.catalogue.models import Holding

STATEMENT_TAGS = ("866", "867", "868")


@dataclass(slots=True)
class HoldingsWritten:
    """How many holdings records were created, updated and met unchanged."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def write_holdings(
    holdings: list[Incoming], *, library_id: int, batch_id: int
) -> tuple[HoldingsWritten, list[Refused]]:
    """Write the holdings records of a chunk; one whose bibliographic record is not here is refused."""
    result = HoldingsWritten()
    refused: list[Refused] = []
    if not holdings:
        return result, refused
    owners = _records(library_id, [h.record.value("004").strip() for h in holdings])
    known = {
        number: (pk, bytes(digest))
        for pk, number, digest in Holding.objects.filter(
            library_id=library_id, control_number__in=[h.control_number for h in holdings], is_active=True
        ).values_list("pk", "control_number", "digest")
    }
    fresh: dict[str, tuple[Any, ...]] = {}
    for incoming in holdings:
        bib = incoming.record.value("004").strip()
        if bib not in owners:
            refused.append(Refused.of(incoming, code="holding_without_record", params={"control_number": bib}))
            continue
        if incoming.control_number in known:
            pk, digest = known[incoming.control_number]
            if digest == incoming.digest:
                result.unchanged += 1
            else:
                Holding.objects.filter(pk=pk).update(**_values(incoming), record_id=owners[bib], batch_id=batch_id)
                result.updated += 1
        elif incoming.control_number in fresh:
            params = {"control_number": incoming.control_number}
            refused.append(Refused.of(incoming, code="control_number_twice", params=params))
        else:
            values = _values(incoming)
            columns = list(values)
            fresh[incoming.control_number] = (
                owners[bib], library_id, batch_id, incoming.control_number, *values.values()
            )  # fmt: skip
    if fresh:
        copy_rows(
            "catalogue_holding", ["record_id", "library_id", "batch_id", "control_number", *columns], fresh.values()
        )
        result.created = len(fresh)
    return result, refused


def _records(library_id: int, control_numbers: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT control_number, id FROM catalogue_sourcerecord"
            " WHERE library_id = %s AND status = 'ACTIVE' AND control_number = ANY(%s)",
            [library_id, control_numbers],
        )
        return dict(cursor.fetchall())


def _values(incoming: Incoming) -> dict[str, Any]:
    record = incoming.record
    statements = [" ".join(f.values("az")) for f in record.all(*STATEMENT_TAGS)]
    place = record.get("852")
    return {
        "text": "; ".join(filter(None, statements)).replace("\x00", ""),
        "call_number": " ".join(place.values("khijm"))[:200] if place else "",
        "original": compress(incoming.original),
        "dictionary": CURRENT,
        "format": incoming.format,
        "encoding": incoming.encoding,
        "digest": incoming.digest,
    }
