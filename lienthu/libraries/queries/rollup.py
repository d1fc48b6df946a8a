"""Roll-up of figures to the old districts, the new communes or the provinces. The rules: policy/rollup.py."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Generic, Literal

from lienthu.libraries.models import Succession, Unit
from lienthu.libraries.policy.rollup import Division, Number, Obstacle, Part, main_part, place
from lienthu.libraries.queries.units import REFORM_DAY, units_on

Target = Literal["OLD_DISTRICT", "OLD_PROVINCE", "NEW_COMMUNE", "PROVINCE"]

_LEVEL = {
    "OLD_DISTRICT": Unit.Level.DISTRICT,
    "OLD_PROVINCE": Unit.Level.PROVINCE,
    "NEW_COMMUNE": Unit.Level.COMMUNE,
    "PROVINCE": Unit.Level.PROVINCE,
}
_HEIGHT = {Unit.Level.PROVINCE: 2, Unit.Level.DISTRICT: 1, Unit.Level.COMMUNE: 0}


@dataclass(frozen=True)
class Unplaced(Generic[Number]):
    """A figure that stays outside, and why."""

    code: str
    figure: Number
    obstacle: Obstacle


@dataclass(frozen=True)
class RolledUp(Generic[Number]):
    """Figures by code of the target units. Figures and unplaced ones together are the figures that were given."""

    to: Target
    figures: dict[str, Number]
    units: dict[str, Unit]
    divisions: tuple[Division, ...]
    unplaced: tuple[Unplaced[Number], ...]


def roll_up(figures: Mapping[str, Number], *, to: Target, on: date) -> RolledUp[Number]:
    """Carry figures by unit code, as the codes were borne on day `on`, over to the units of `to`.

    OLD_DISTRICT and OLD_PROVINCE are the units of 30 June 2025, NEW_COMMUNE and PROVINCE those from 1 July 2025.
    """
    sources = {unit.code: unit for unit in units_on(on).filter(code__in=list(figures)).select_related("parent__parent")}
    routes = _Routes(list(sources.values()), to=to)
    totals: dict[str, Number] = {}
    targets: dict[str, Unit] = {}
    divisions: list[Division] = []
    unplaced: list[Unplaced[Number]] = []
    for code in sorted(figures):
        route = routes.of(sources[code]) if code in sources else Obstacle.UNKNOWN_UNIT
        if isinstance(route, Obstacle):
            unplaced.append(Unplaced(code=code, figure=figures[code], obstacle=route))
            continue
        placed, rule = place(figures[code], [part for _, part in route])
        for unit, part in route:
            if part.target in placed:
                targets[part.target] = unit
                totals[part.target] = totals.get(part.target, type(figures[code])(0)) + placed[part.target]
        if rule is not None:
            main = next(part.target for _, part in route if part.main)
            divisions.append(
                Division(code=code, rule=rule, main=main, placed=tuple((t, str(f)) for t, f in placed.items()))
            )
    return RolledUp(to=to, figures=totals, units=targets, divisions=tuple(divisions), unplaced=tuple(unplaced))


Route = list[tuple[Unit, Part]]


class _Routes:
    """Where each source unit goes; the lines of succession are read once for all of them."""

    def __init__(self, sources: list[Unit], *, to: Target) -> None:
        self.level = _LEVEL[to]
        self.backward = to in ("OLD_DISTRICT", "OLD_PROVINCE")
        self.day = REFORM_DAY - timedelta(days=1) if self.backward else REFORM_DAY
        lines = Succession.objects.filter(date=REFORM_DAY).exclude(successor=None)
        self.lines: dict[int | None, list[Succession]] = defaultdict(list)
        if self.backward:
            for line in lines.filter(successor__in=sources).select_related("predecessor__parent__parent"):
                self.lines[line.successor_id].append(line)
        else:
            wanted = {u.pk for unit in sources for u in _chain(unit)}
            for line in lines.filter(predecessor__in=wanted).select_related("successor__parent__parent"):
                self.lines[line.predecessor_id].append(line)

    def of(self, source: Unit) -> Route | Obstacle:
        """The places of one unit, the main one marked; or why there is none."""
        if _HEIGHT[Unit.Level(source.level)] > _HEIGHT[self.level] and not self._became_lower(source):
            return Obstacle.TOO_COARSE
        if _is_valid(source, self.day):
            unit = self._up(source)
            return Obstacle.TOO_COARSE if unit is None else [(unit, Part(target=unit.code))]
        return self._back(source) if self.backward else self._forward(source)

    def _became_lower(self, source: Unit) -> bool:
        """Is it one of the island districts without communes, which became a special zone as a whole?"""
        lines = () if self.backward else self.lines.get(source.pk, ())
        return any(line.successor is not None and line.successor.level == self.level for line in lines)

    def _up(self, unit: Unit) -> Unit | None:
        return next((u for u in _chain(unit) if u.level == self.level), None)

    def _forward(self, source: Unit) -> Route | Obstacle:
        if self.level == Unit.Level.PROVINCE:
            province = _chain(source)[-1]
            if _is_valid(province, self.day):
                return [(province, Part(target=province.code))]
            source = province
        route: Route = []
        for line in self.lines.get(source.pk, ()):
            if line.successor is not None:
                share = None if line.share is None else Fraction(line.share)
                route.append((line.successor, Part(target=line.successor.code, main=line.main, share=share)))
        return route or Obstacle.NO_SUCCESSOR

    def _back(self, source: Unit) -> Route | Obstacle:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        units: dict[str, Unit] = {}
        for line in self.lines.get(source.pk, ()):
            unit = self._up(line.predecessor)
            if unit is None:
                return Obstacle.TOO_COARSE
            units[unit.code] = unit
            counts[unit.code][line.partial] += 1
        if not units:
            return Obstacle.NO_SUCCESSOR
        if source.level == Unit.Level.PROVINCE and len(units) > 1:
            return Obstacle.TOO_COARSE
        main = main_part({code: (whole, parts) for code, (whole, parts) in counts.items()})
        return [(unit, Part(target=code, main=code == main)) for code, unit in sorted(units.items())]


def _chain(unit: Unit) -> list[Unit]:
    """The unit and those above it."""
    chain = [unit]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    return chain


def _is_valid(unit: Unit, day: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)
