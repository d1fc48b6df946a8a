"""A map drawn on the server from coordinates: no tiles, no outside service, readable without colour."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lienthu.web.components.values import Text

WIDTH, MARGIN, MAX_HEIGHT = 640, 22, 760


@dataclass(frozen=True)
class MapPoint:
    """A place: latitude and longitude in degrees (WGS 84); `kind` chooses the shape of the mark."""

    label: Text
    latitude: float
    longitude: float
    url: str = ""
    note: Text = ""
    kind: str = "library"


@dataclass(frozen=True)
class Boundary:
    """An area as rings of (longitude, latitude), as GeoJSON gives them."""

    label: Text
    rings: Sequence[Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class PlacedPoint:
    """A point on the drawing, numbered as in the list beside it."""

    point: MapPoint
    number: int
    x: float
    y: float


@dataclass(frozen=True)
class PointMap:
    """Places on a map with the list beside it; the list is what keyboards and screen readers use."""

    title: Text
    points: Sequence[MapPoint]
    boundaries: Sequence[Boundary] = ()
    source: Text = ""

    def _coordinates(self) -> Iterator[tuple[float, float]]:
        for boundary in self.boundaries:
            for ring in boundary.rings:
                yield from ring
        for point in self.points:
            yield (point.longitude, point.latitude)

    @cached_property
    def _frame(self) -> tuple[float, float, float, float]:
        """West, south, scale east, scale north. Degrees of longitude shrink with the cosine of the latitude."""
        places = list(self._coordinates()) or [(105.2, 21.8)]
        west, east = min(x for x, _ in places), max(x for x, _ in places)
        south, north = min(y for _, y in places), max(y for _, y in places)
        squeeze = math.cos(math.radians((south + north) / 2))
        across, up = max((east - west) * squeeze, 0.02), max(north - south, 0.02)
        scale = min((WIDTH - 2 * MARGIN) / across, (MAX_HEIGHT - 2 * MARGIN) / up)
        return west - (WIDTH / scale - across) / 2 / squeeze, south - MARGIN / scale, scale * squeeze, scale

    @property
    def width(self) -> int:
        return WIDTH

    @cached_property
    def height(self) -> int:
        places = list(self._coordinates()) or [(105.2, 21.8)]
        up = max(max(y for _, y in places) - min(y for _, y in places), 0.02)
        return round(up * self._frame[3] + 2 * MARGIN)

    def _place(self, longitude: float, latitude: float) -> tuple[float, float]:
        west, south, scale_x, scale_y = self._frame
        return round((longitude - west) * scale_x, 1), round(self.height - (latitude - south) * scale_y, 1)

    @property
    def areas(self) -> list[tuple[Text, str]]:
        """Name and SVG path of each area."""
        return [(boundary.label, self._path(boundary)) for boundary in self.boundaries]

    def _path(self, boundary: Boundary) -> str:
        rings = (" ".join("{} {}".format(*self._place(x, y)) for x, y in ring) for ring in boundary.rings)
        return "".join(f"M{ring}Z" for ring in rings)

    @property
    def places(self) -> list[PlacedPoint]:
        spots = spread([self._place(point.longitude, point.latitude) for point in self.points])
        return [
            PlacedPoint(point, number, x, y)
            for number, (point, (x, y)) in enumerate(zip(self.points, spots, strict=True), start=1)
        ]


def spread(spots: Sequence[tuple[float, float]], apart: float = 27, rounds: int = 60) -> list[tuple[float, float]]:
    """Push marks that would cover each other apart, always in the same way, so that each number can be read."""
    moved = [(x + place * 0.01, y) for place, (x, y) in enumerate(spots)]
    for _ in range(rounds):
        touching = False
        for one in range(len(moved)):
            for other in range(one):
                across, down = moved[one][0] - moved[other][0], moved[one][1] - moved[other][1]
                distance = math.hypot(across, down) or 0.01
                if distance < apart:
                    touching = True
                    push = (apart - distance) / 2 / distance
                    moved[one] = (moved[one][0] + across * push, moved[one][1] + down * push)
                    moved[other] = (moved[other][0] - across * push, moved[other][1] - down * push)
        if not touching:
            break
    inside = range(len(moved))
    return [(round(min(max(moved[i][0], 16), WIDTH - 16), 1), round(max(moved[i][1], 16), 1)) for i in inside]
