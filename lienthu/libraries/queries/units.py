"""Administrative units as they were on any day, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from lienthu.kernel import text
from lienthu.libraries.models import Succession, Unit

# The two-tier system of local government: districts end, new communes begin.
REFORM_DAY = date(2025, 7, 1)

_PREFIXES: tuple[tuple[str, frozenset[str]], ...] = (
    ("thanh pho", frozenset({"CITY", "CENTRAL_CITY"})),
    ("tp", frozenset({"CITY", "CENTRAL_CITY"})),
    ("p", frozenset({"WARD"})),
    ("q", frozenset({"URBAN_DISTRICT"})),
    ("h", frozenset({"RURAL_DISTRICT"})),
    ("x", frozenset({"RURAL_COMMUNE"})),
    ("thi tran", frozenset({"TOWNSHIP"})),
    ("tt", frozenset({"TOWNSHIP"})),
    ("thi xa", frozenset({"TOWN"})),
    ("tx", frozenset({"TOWN"})),
    ("dac khu", frozenset({"SPECIAL_ZONE"})),
    ("phuong", frozenset({"WARD"})),
    ("huyen", frozenset({"RURAL_DISTRICT"})),
    ("quan", frozenset({"URBAN_DISTRICT"})),
    ("tinh", frozenset({"PROVINCE"})),
    ("xa", frozenset({"RURAL_COMMUNE"})),
)


class AmbiguousUnit(LookupError):
    """Several units bear the name; `candidates` are they, so that somebody can choose."""

    def __init__(self, name: str, candidates: tuple[Unit, ...]) -> None:
        super().__init__(f"{name}: {', '.join(unit.full_name for unit in candidates)}")
        self.candidates = candidates


@dataclass(frozen=True)
class Node:
    """A unit with the units below it on the day asked for, in Vietnamese order."""

    unit: Unit
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Change:
    """One line of succession, seen from either end: `unit` is the other end.

    `share` is the measured part of the predecessor; None where nobody has measured it. For a district, which ended
    with its level, the lines are those of its communes: `communes` names them.
    """

    unit: Unit
    event: str
    date: date
    partial: bool
    main: bool
    share: Decimal | None = None
    note: str = ""
    legal_basis: str = ""
    communes: tuple[Unit, ...] = ()


def valid_on(day: date) -> Q:
    """The condition that a unit is valid on this day."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def units_on(day: date) -> QuerySet[Unit]:
    """Return the units valid on a day, in Vietnamese order of their names."""
    return Unit.objects.filter(valid_on(day)).order_by("name_sort", "code")


def unit_of_code(code: str, *, on: date) -> Unit | None:
    """Return the unit that bore the code on a day. Levels do not share codes: they differ in length."""
    return units_on(on).filter(code=code).select_related("parent__parent").first()


def unit_bearers(code: str) -> tuple[Unit, ...]:
    """Return every unit that ever bore the code, the newest first."""
    units = Unit.objects.filter(code=code).select_related("parent__parent")
    return tuple(sorted(units, key=lambda unit: unit.valid_from or date.min, reverse=True))


def tree(*, on: date, root: Unit | None = None) -> tuple[Node, ...]:
    """Return the units of a day as trees: below `root`, or all provinces with everything below them."""
    units = units_on(on)
    if root is not None:
        units = units.filter(Q(parent=root) | Q(parent__parent=root))
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id].append(unit)

    def nodes(parent_id: int | None) -> tuple[Node, ...]:
        return tuple(Node(unit=unit, children=nodes(unit.pk)) for unit in below.get(parent_id, ()))

    return nodes(root.pk if root else None)


def units_by_name(name: str, *, on: date, within: Unit | None = None) -> tuple[Unit, ...]:
    """Return the units that may be meant by a name, the best first.

    Tone-mark placement never matters (Hoà = Hòa); missing marks and đ written d only lower the rank. The kind before
    the name (xã, phường, huyện, "TP.") may be there or not; when it is there it decides between namesakes.
    """
    bare, kinds = _split_kind(name)
    candidates = units_on(on).select_related("parent__parent").filter(name_folded__in={text.folded_key(name), bare})
    if within is not None:
        candidates = candidates.filter(Q(pk=within.pk) | Q(parent=within) | Q(parent__parent=within))
    return tuple(sorted(candidates, key=lambda unit: _rank(unit, name=name, kinds=kinds)))


def unit_by_name(name: str, *, on: date, within: Unit | None = None, strict: bool = False) -> Unit | None:
    """Return the one unit that is meant by a name, or None; raises AmbiguousUnit when several fit equally well.

    `strict`: a kind that was named must be the unit's kind ("huyện Sơn Dương" is then not the commune of that name).
    """
    found = units_by_name(name, on=on, within=within)
    _, kinds = _split_kind(name)
    if strict and kinds:
        found = tuple(unit for unit in found if unit.kind in kinds)
    if not found:
        return None
    best = _rank(found[0], name=name, kinds=kinds)
    equal = tuple(unit for unit in found if _rank(unit, name=name, kinds=kinds) == best)
    if len(equal) > 1:
        raise AmbiguousUnit(name, equal)
    return equal[0]


def province_of_name(name: str, *, on: date) -> Unit | None:
    """Return the province or central city of this name (settings.PROVINCE names the installation's own)."""
    key = text.folded_key(name)
    return units_on(on).filter(level=Unit.Level.PROVINCE, name_folded=key).first() if key else None


def _split_kind(name: str) -> tuple[str, frozenset[str]]:
    folded = text.folded_key(name)
    for prefix, kinds in _PREFIXES:
        if folded.startswith(prefix + " "):
            return folded.removeprefix(prefix + " "), kinds
    return folded, frozenset()


def _rank(unit: Unit, *, name: str, kinds: frozenset[str]) -> tuple[bool, bool, bool]:
    """Small is better: the kind that was named, then exact marks, then letters without tone."""
    forms = (unit.name, unit.full_name)
    exact, toneless = text.exact_key(name), text.toneless_key(name)
    return (
        bool(kinds) and unit.kind not in kinds,
        not any(exact == key or exact.endswith(" " + key) for key in map(text.exact_key, forms)),
        not any(toneless == key or toneless.endswith(" " + key) for key in map(text.toneless_key, forms)),
    )


def became(unit: Unit) -> tuple[Change, ...]:
    """Return what became of a unit, the main successor first; empty while it is valid."""
    lines = unit.successions.exclude(successor=None).select_related("successor__parent")
    found = tuple(_change(line, line.successor) for line in lines if line.successor is not None)
    if not found and unit.level == Unit.Level.DISTRICT and unit.valid_to is not None:
        lines = Succession.objects.filter(predecessor__parent=unit).select_related("successor__parent", "predecessor")
        found = tuple(_of_communes(lines))
    return tuple(sorted(found, key=lambda c: (not c.main, -len(c.communes), bytes(c.unit.name_sort))))


def formed_from(unit: Unit) -> tuple[Change, ...]:
    """Return the units from which a unit was formed, in Vietnamese order."""
    lines = unit.origins.select_related("predecessor__parent__parent")
    found = [_change(line, line.predecessor) for line in lines]
    return tuple(sorted(found, key=lambda c: (c.partial, bytes(c.unit.name_sort), c.unit.code)))


def current_unit(unit: Unit, *, on: date) -> Unit:
    """Follow the main successors of a unit until one that is valid on the day; the last known one if there is none."""
    while unit.valid_to is not None and unit.valid_to < on:
        line = unit.successions.filter(main=True).exclude(successor=None).select_related("successor").first()
        if line is None or line.successor is None:
            return unit
        unit = line.successor
    return unit


def _change(line: Succession, other: Unit) -> Change:
    return Change(
        unit=other,
        event=line.event,
        date=line.date,
        partial=line.partial,
        main=line.main,
        share=line.share,
        note=line.note,
        legal_basis=line.legal_basis,
    )


def _of_communes(lines: Iterable[Succession]) -> Iterable[Change]:
    grouped: dict[Unit, list[Succession]] = defaultdict(list)
    for line in lines:
        if line.successor is not None:
            grouped[line.successor].append(line)
    for unit, group in grouped.items():
        yield Change(
            unit=unit,
            event=str(Succession.Event.DISSOLVE),
            date=group[0].date,
            partial=any(line.partial for line in group),
            main=False,
            communes=tuple(sorted((line.predecessor for line in group), key=lambda u: bytes(u.name_sort))),
        )
