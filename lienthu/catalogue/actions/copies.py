"""Writing the copies (items) that records of an import describe.

An import says what a copy is and where it stands; whether it is on loan belongs to circulation and is left alone.
Expects to run inside `audit.actions.writing`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from lienthu.catalogue.actions.chunks import copy_rows
from lienthu.catalogue.actions.incoming import CopyDraft, Placed
from lienthu.catalogue.models import ItemStatus
from lienthu.libraries.queries import branches, libraries

TEXT_LENGTH = 200
NUMBER_LENGTH = 80
STATUSES = frozenset(ItemStatus.values)


@dataclass(frozen=True, slots=True)
class Places:
    """Where copies may stand: ids of libraries by code and of branches by (library id, code)."""

    default_library: int
    libraries: dict[str, int] = field(default_factory=dict)
    branches: dict[tuple[int, str], int] = field(default_factory=dict)


def places_for(library_id: int) -> Places:
    """All places of the network, for copies of records of this library."""
    codes = {library.pk: library.code for library in libraries()}
    return Places(
        default_library=library_id,
        libraries={code: pk for pk, code in codes.items()},
        branches={(branch.library_id, branch.code): branch.pk for branch in branches()},
    )


@dataclass(frozen=True, slots=True)
class RefusedCopy:
    """A copy that was not taken: the accession number already names another copy of that library."""

    number: int
    offset: int
    accession_number: str
    library_id: int


@dataclass(slots=True)
class CopiesWritten:
    """How many copies were created and updated, and which were refused."""

    created: int = 0
    updated: int = 0
    refused: list[RefusedCopy] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Copy:
    placed: Placed
    draft: CopyDraft
    library_id: int
    branch_id: int | None


def write_copies(placed: list[Placed], *, places: Places, batch_id: int | None) -> CopiesWritten:
    """Create or update the copies of these records; a copy is known again by accession number, else by its place."""
    result = CopiesWritten()
    copies = list(_located(placed, places))
    if not copies:
        return result
    taken = _taken_numbers(copies)
    known = _known_copies([c.placed.record_id for c in copies if c.placed.revision > 1])
    fresh: list[_Copy] = []
    for copy in copies:
        number = copy.draft.accession_number
        item_id = known.get((copy.placed.record_id, copy.library_id, copy.draft.source_key))
        if number:
            if len(number) > NUMBER_LENGTH:
                result.refused.append(_refusal(copy, number[:NUMBER_LENGTH]))
                continue
            owner = taken.get((copy.library_id, number))
            if owner is not None and owner[1] != copy.placed.record_id:
                result.refused.append(_refusal(copy, number))
                continue
            if owner is not None and owner[0] is None:
                continue  # the same copy stated twice in one record
            item_id = owner[0] if owner else item_id
            taken[copy.library_id, number] = (item_id, copy.placed.record_id)
        if item_id is None:
            fresh.append(copy)
        else:
            result.updated += _update(item_id, copy)
    _insert(fresh, batch_id=batch_id)
    result.created = len(fresh)
    return result


def _refusal(copy: _Copy, number: str) -> RefusedCopy:
    incoming = copy.placed.incoming
    return RefusedCopy(incoming.number, incoming.offset, number, copy.library_id)


def _located(placed: list[Placed], places: Places) -> Iterator[_Copy]:
    for p in placed:
        for draft in p.incoming.copies:
            library_id = places.libraries.get(draft.library, places.default_library)
            yield _Copy(p, draft, library_id, places.branches.get((library_id, draft.branch)))


def _taken_numbers(copies: list[_Copy]) -> dict[tuple[int, str], tuple[int | None, int]]:
    """(library, accession number) -> (item, record); an item of None is one that this chunk is about to create."""
    numbered = [c for c in copies if c.draft.accession_number]
    if not numbered:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.library_id, i.accession_number, i.id, i.record_id
            FROM unnest(%s::bigint[], %s::text[]) AS w (library_id, accession_number)
            JOIN catalogue_item i USING (library_id, accession_number)
            """,
            [[c.library_id for c in numbered], [c.draft.accession_number for c in numbered]],
        )
        return {(library, number): (item, record) for library, number, item, record in cursor.fetchall()}


def _known_copies(record_ids: list[int]) -> dict[tuple[int, int, str], int]:
    if not record_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, library_id, source_key, id FROM catalogue_item WHERE record_id = ANY(%s)", [record_ids]
        )
        return {(record, library, key): item for record, library, key, item in cursor.fetchall()}


def _update(item_id: int, copy: _Copy) -> int:
    draft = copy.draft
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_item SET call_number = %(call)s, shelf = %(shelf)s, note = %(note)s,
                   branch_id = COALESCE(%(branch)s, branch_id), price = COALESCE(%(price)s, price), updated_at = now()
            WHERE id = %(id)s AND (call_number, shelf, note, branch_id, price)
                  IS DISTINCT FROM (%(call)s, %(shelf)s, %(note)s, COALESCE(%(branch)s, branch_id),
                                    COALESCE(%(price)s, price))
            """,
            {
                "id": item_id,
                "call": draft.call_number[:TEXT_LENGTH],
                "shelf": draft.shelf[:TEXT_LENGTH],
                "note": draft.note,
                "branch": copy.branch_id,
                "price": draft.price,
            },
        )
        return cursor.rowcount


def _insert(copies: list[_Copy], *, batch_id: int | None) -> None:
    if not copies:
        return
    copy_rows(
        "catalogue_item",
        [
            *("record_id", "library_id", "branch_id", "accession_number", "source_key"),
            *("call_number", "shelf", "status", "price", "note", "batch_id"),
        ],
        (
            (
                *(c.placed.record_id, c.library_id, c.branch_id),
                *(c.draft.accession_number, c.draft.source_key[:NUMBER_LENGTH]),
                *(c.draft.call_number[:TEXT_LENGTH], c.draft.shelf[:TEXT_LENGTH]),
                *(c.draft.status if c.draft.status in STATUSES else ItemStatus.AVAILABLE, c.draft.price),
                *(c.draft.note, batch_id),
            )
            for c in copies
        ),
    )
