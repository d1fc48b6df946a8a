"""Loading the administrative units from the data files that the product carries (data/NOTICE)."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import text
from lienthu.libraries.access import ADD
from lienthu.libraries.models import Succession, Unit

DATA = Path(__file__).resolve().parent.parent / "data"

_BATCH = 2000
_FIELDS = (
    *("kind", "name", "name_sort", "name_folded", "parent_id", "valid_to"),
    *("latitude", "longitude", "area_km2"),
)
_LINE_FIELDS = ("event", "date", "partial", "main", "note")

UnitKey = tuple[str, str, date | None]  # level, code, first day


@dataclass(frozen=True)
class UnitsLoaded:
    """What loading did: rows of units and of succession."""

    created: int
    changed: int
    unchanged: int


def load_units(*, actor: Actor, provinces: Iterable[str] | None = None) -> UnitsLoaded:
    """Load the units of the data files; loading twice changes nothing.

    `provinces`: codes of the provinces wanted, with their predecessors named too; None loads the whole country.
    Units that are no longer in the files stay: figures and libraries refer to them.
    """
    require(actor, ADD)
    wanted = None if provinces is None else set(provinces)
    with writing(actor) as w:
        loader = _UnitLoader()
        rows = list(_rows("units.tsv"))
        for level in Unit.Level.values:
            loader.load(row for row in rows if row["level"] == level and loader.belongs(row, wanted))
        loader.load_successions(_rows("successions.tsv"))
        result = UnitsLoaded(created=loader.created, changed=loader.changed, unchanged=loader.unchanged)
        if result.created or result.changed:
            details = {"created": result.created, "changed": result.changed}
            w.audit("libraries.load_units", target=("units", "all" if wanted is None else ",".join(sorted(wanted))),
                    details=details)  # fmt: skip
        else:
            w.nothing_changed()
    return result


class _UnitLoader:
    """One run: what is stored is read once and compared, so that an unchanged file costs no write."""

    def __init__(self) -> None:
        self.stored: dict[UnitKey, Unit] = {(u.level, u.code, u.valid_from): u for u in Unit.objects.all()}
        self.seen: set[UnitKey] = set()
        self.created = self.changed = self.unchanged = 0

    def belongs(self, row: dict[str, str], wanted: set[str] | None) -> bool:
        if wanted is None:
            return True
        if row["level"] == Unit.Level.PROVINCE:
            return row["code"] in wanted
        return self._parent(row) is not None

    def load(self, rows: Iterable[dict[str, str]]) -> None:
        new: list[Unit] = []
        changed: list[Unit] = []
        for row in rows:
            unit = self._unit(row)
            key = (unit.level, unit.code, unit.valid_from)
            self.seen.add(key)
            old = self.stored.get(key)
            if old is None:
                new.append(unit)
            elif _differ(old, unit, _FIELDS):
                unit.pk = old.pk
                changed.append(unit)
            else:
                self.unchanged += 1
        for unit in Unit.objects.bulk_create(new, batch_size=_BATCH):
            self.stored[unit.level, unit.code, unit.valid_from] = unit
        Unit.objects.bulk_update(changed, _FIELDS, batch_size=_BATCH)
        self.stored |= {(u.level, u.code, u.valid_from): u for u in changed}
        self.created += len(new)
        self.changed += len(changed)

    def _unit(self, row: dict[str, str]) -> Unit:
        parent = self._parent(row)
        return Unit(
            level=row["level"],
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            name_sort=text.sort_key(row["name"]),
            name_folded=text.folded_key(row["name"]),
            parent_id=parent.pk if parent else None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            latitude=_number(row["latitude"]),
            longitude=_number(row["longitude"]),
            area_km2=_number(row["area_km2"]),
        )

    def _parent(self, row: dict[str, str]) -> Unit | None:
        """The unit above: districts stand between old communes and their province, not between the new ones."""
        if row["level"] == Unit.Level.PROVINCE:
            return None
        code, since = row["parent"], _day(row["valid_from"])
        level = Unit.Level.DISTRICT if len(code) == 3 else Unit.Level.PROVINCE
        exact = (str(level), code, since)
        # A province that was not merged has one row for both eras.
        key = exact if exact in self.seen else (str(level), code, None)
        return self.stored.get(key) if key in self.seen else None

    def load_successions(self, rows: Iterable[dict[str, str]]) -> None:
        stored = {(s.predecessor_id, s.successor_id): s for s in Succession.objects.all()}
        before = self._by_era(first=False)
        after = self._by_era(first=True)
        new: list[Succession] = []
        changed: list[Succession] = []
        for row in rows:
            predecessor = before.get((row["predecessor_level"], row["predecessor"]))
            successor = after.get((row["successor_level"], row["successor"]))
            if predecessor is None or (row["successor"] and successor is None):
                continue
            line = _line(row, predecessor, successor)
            old = stored.get((line.predecessor_id, line.successor_id))
            if old is None:
                new.append(line)
            elif _differ(old, line, _LINE_FIELDS):
                line.pk, line.share, line.legal_basis = old.pk, old.share, old.legal_basis
                changed.append(line)
            else:
                self.unchanged += 1
        Succession.objects.bulk_create(new, batch_size=_BATCH)
        # Only one line of a unit may be the main one, at every moment.
        Succession.objects.filter(pk__in=[line.pk for line in changed]).update(main=False)
        Succession.objects.bulk_update(changed, _LINE_FIELDS, batch_size=_BATCH)
        self.created += len(new)
        self.changed += len(changed)

    def _by_era(self, *, first: bool) -> dict[tuple[str, str], Unit]:
        """Units of this run by level and code: those that end (first=False) or those that begin."""
        found = {}
        for level, code, since in self.seen:
            unit = self.stored[level, code, since]
            if (since is not None) if first else (unit.valid_to is not None):
                found[level, code] = unit
        return found


def _line(row: dict[str, str], predecessor: Unit, successor: Unit | None) -> Succession:
    return Succession(
        predecessor=predecessor,
        successor=successor,
        event=row["event"],
        date=date.fromisoformat(row["date"]),
        partial=bool(row["partial"]),
        main=bool(row["main"]),
        note=row["note"],
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _number(value: str) -> float | None:
    return float(value) if value else None


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _differ(old: Any, new: Any, fields: Iterable[str]) -> bool:
    return any(_plain(getattr(old, field)) != _plain(getattr(new, field)) for field in fields)
