"""Which value holds: each one resolved separately, from the most specific row upward, unless a row above locks it.

The order in which rows win, for one value:

1. the place: branch before library before agency before province;
2. at one place: the reader category, from the reader's own upward through its wider ones to ANY;
3. for one category: the item type before ANY.

A row that does not give the value is passed over: the search goes on (fall-through). A locked value holds for
everything below its place, however specific a row there may be; the same place may still make exceptions to its own
lock. The highest place that locks decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from lienthu.loanrules.policy.values import ATTRIBUTES, Plain

ANY = "ANY"
V = TypeVar("V", covariant=True)


@dataclass(frozen=True, slots=True)
class RuleRef:
    """Where a value comes from: a row of the table of one place in the edition valid from a day."""

    row_id: int
    edition_id: int
    place: str
    place_name: str
    category: str
    item_type: str
    valid_from: date
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "row": self.row_id,
            "edition": self.edition_id,
            "place": self.place,
            "category": self.category,
            "item_type": self.item_type,
            "valid_from": self.valid_from.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: for whom, for what, which values, which of them locked for the places below."""

    ref: RuleRef
    values: Mapping[str, Plain]
    locks: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Value(Generic[V]):
    """What holds, which rule says so (None: the product's own default), which rules were beaten, who locked it."""

    value: V
    rule: RuleRef | None = None
    beaten: tuple[tuple[RuleRef, Plain], ...] = ()
    locked_by: RuleRef | None = None


def matching(rows: Sequence[Row], *, category_path: Sequence[str], item_type: str) -> list[Row]:
    """The rows of one place that speak of this reader and this item, the most specific first."""
    depth = {code: place for place, code in reversed(list(enumerate(category_path)))}
    depth.setdefault(ANY, len(category_path))
    found = [row for row in rows if row.ref.category in depth and row.ref.item_type in (item_type, ANY)]
    return sorted(found, key=lambda row: (depth[row.ref.category], row.ref.item_type == ANY, row.ref.row_id))


def resolve(
    levels: Sequence[Sequence[Row]], *, category_path: Sequence[str], item_type: str
) -> dict[str, Value[Plain]]:
    """Return every value. `levels` are the tables of the places from the top (province) down to the one asked about."""
    matched = [matching(rows, category_path=category_path, item_type=item_type) for rows in levels]
    return {name: _one(name, matched) for name in ATTRIBUTES}


def _one(name: str, matched: Sequence[Sequence[Row]]) -> Value[Plain]:
    candidates = [[row for row in rows if name in row.values] for rows in matched]
    locking = next((place for place, rows in enumerate(candidates) if any(name in row.locks for row in rows)), None)
    in_order = [row for rows in reversed(candidates) for row in rows]
    if not in_order:
        return Value(ATTRIBUTES[name].default)
    winner = in_order[0] if locking is None else candidates[locking][0]
    lock = None if locking is None else next(row.ref for row in candidates[locking] if name in row.locks)
    beaten = tuple((row.ref, row.values[name]) for row in in_order if row is not winner)
    return Value(winner.values[name], winner.ref, beaten, lock)
