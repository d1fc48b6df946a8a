"""Records with everything that judging an edit needs, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthu.authorities.queries.locks import locked_fields
from lienthu.batchedit.policy.copying import CopyState
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.queries.desk import AWAY, Item, ItemStatus, Revision, SourceRecord
from lienthu.cataloguing.rules.checking import Held


@dataclass(frozen=True, slots=True)
class Content:
    """A record in one revision, the copies that the edit may change, what all its copies say, what is locked."""

    record_id: int
    control_number: str
    is_active: bool
    current: int
    revision: int
    marc: Record
    copies: tuple[CopyState, ...]
    away: frozenset[int]
    held: Held
    locked: frozenset[str]


def contents_of(
    library_id: int, wanted: Sequence[tuple[int, int]], only_items: Mapping[int, list[int] | None]
) -> dict[int, Content]:
    """(record id, revision) -> content by record id. Five questions to the database, whatever the number of records."""
    record_ids = [record_id for record_id, _ in wanted]
    numbers = dict(wanted)
    known = {
        pk: (number, status, revision)
        for pk, number, status, revision in SourceRecord.objects.filter(pk__in=record_ids).values_list(
            "pk", "control_number", "status", "revision"
        )
    }
    revisions = {
        one.record_id: one
        for one in Revision.objects.filter(record_id__in=record_ids, number__in=set(numbers.values()))
        if one.number == numbers[one.record_id]
    }
    locks = locked_fields(record_ids)
    items = items_by_record(record_ids)
    return {
        record_id: Content(
            record_id=record_id,
            control_number=known[record_id][0],
            is_active=known[record_id][1] == "ACTIVE",
            current=known[record_id][2],
            revision=numbers[record_id],
            marc=record_of(revision),
            copies=tuple(editable(items.get(record_id, []), library_id, only_items.get(record_id))),
            away=frozenset(item.pk for item in items.get(record_id, []) if item.status in AWAY),
            held=Held(
                any(item.accession_number for item in items.get(record_id, [])),
                any(item.call_number for item in items.get(record_id, [])),
            ),
            locked=frozenset(locks.get(record_id, ())),
        )
        for record_id, revision in revisions.items()
    }


def items_by_record(record_ids: Sequence[int], *, locked: bool = False) -> dict[int, list[Item]]:
    """Copies of records that are in stock; `locked` holds them until the block ends."""
    rows = Item.objects.filter(record_id__in=record_ids).exclude(status=ItemStatus.WITHDRAWN).order_by("pk")
    grouped: dict[int, list[Item]] = {}
    for item in rows.select_for_update(of=("self",)) if locked else rows:
        grouped.setdefault(item.record_id, []).append(item)
    return grouped


def editable(items: Sequence[Item], library_id: int, only: Sequence[int] | None) -> list[CopyState]:
    """The copies of this library, or those of them that were named."""
    return [state_of(item) for item in items if item.library_id == library_id and (only is None or item.pk in only)]


def state_of(item: Item) -> CopyState:
    """A copy as the rules see it."""
    values = {
        "shelf": item.shelf,
        "branch": str(item.branch_id or ""),
        "status": str(item.status),
        "visibility": str(item.visibility),
        "call_number": item.call_number,
    }
    return CopyState(item.pk, item.accession_number, values)
