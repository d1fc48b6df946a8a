"""Charts drawn on the server: plain geometry in, SVG coordinates out. Bars start at zero; labels stand at the marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.web.components.values import Text

# SVG units; on a phone one unit is about two thirds of a pixel, so the style sheet sets larger letters there.
WIDTH, ROW, BAR, VALUE_ROOM = 480, 50, 16, 84
_PLOT_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 200, 16, 34, 58, 112


@dataclass(frozen=True)
class ChartPoint:
    """One value with its label; `note` stands in the table only."""

    label: Text
    value: float
    url: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Bar:
    """One drawn bar, in SVG units."""

    point: ChartPoint
    label_y: int
    y: int
    width: float
    middle: int
    value_x: float


@dataclass(frozen=True)
class BarChart:
    """One idea: how large each of these is. `unit` is said once, in the title; `export` is the address of the table."""

    title: Text
    points: Sequence[ChartPoint]
    unit: Text = ""
    summary: Text = ""
    source: Text = ""
    export: str = ""

    @property
    def height(self) -> int:
        return len(self.points) * ROW + 8

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def bars(self) -> list[Bar]:
        largest = max((point.value for point in self.points), default=0) or 1
        return [self._bar(place, point, largest) for place, point in enumerate(self.points)]

    @staticmethod
    def _bar(place: int, point: ChartPoint, largest: float) -> Bar:
        """The label stands above its bar, so that long Vietnamese names never need to be cut."""
        top = place * ROW + 26
        width = round(max(0.0, point.value) / largest * (WIDTH - VALUE_ROOM), 1)
        return Bar(point, label_y=top - 7, y=top, width=width, middle=top + BAR // 2, value_x=width + 8)


@dataclass(frozen=True)
class Series:
    """One line: a name and one value for each label of the chart; None is a gap."""

    label: Text
    values: Sequence[float | None]


@dataclass(frozen=True)
class Line:
    """One drawn line with the place of its own label."""

    series: Series
    number: int
    path: str
    marks: list[tuple[float, float]]
    label_x: float
    label_y: float


@dataclass(frozen=True)
class LineChart:
    """How up to five things change over time; the axis starts at zero."""

    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    unit: Text = ""
    summary: Text = ""
    source: Text = ""
    export: str = ""

    def __post_init__(self) -> None:
        if len(self.series) > 5:
            raise ValueError("A chart shows at most five lines; split it or show a table.")

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return _PLOT_HEIGHT + _TOP + _BOTTOM

    @property
    def left(self) -> int:
        return _LEFT

    @property
    def right(self) -> int:
        return WIDTH - _RIGHT

    @property
    def tick_label_x(self) -> int:
        return _LEFT - 8

    @property
    def top(self) -> float:
        """The round value at the top of the axis."""
        largest = max((value for one in self.series for value in one.values if value is not None), default=0)
        return nice_ceiling(largest)

    def _x(self, place: int) -> float:
        steps = max(1, len(self.labels) - 1)
        return round(_LEFT + place / steps * (WIDTH - _LEFT - _RIGHT), 1)

    def _y(self, value: float) -> float:
        return round(_TOP + (1 - value / self.top) * _PLOT_HEIGHT, 1)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """Value and height of each line of the grid."""
        return [(self.top * part / 4, self._y(self.top * part / 4)) for part in range(5)]

    @property
    def label_places(self) -> list[tuple[Text, float]]:
        """Labels under the axis, thinned so that they never touch."""
        step = max(1, -(-len(self.labels) // 8))
        return [(label, self._x(place)) for place, label in enumerate(self.labels) if place % step == 0]

    @property
    def label_y(self) -> int:
        return self.height - 10

    @property
    def lines(self) -> list[Line]:
        drawn = [self._line(number, series) for number, series in enumerate(self.series, start=1)]
        return spread_labels(drawn)

    def _line(self, number: int, series: Series) -> Line:
        path, marks, pen = [], [], "M"
        for place, value in enumerate(series.values):
            if value is None:
                pen = "M"
                continue
            marks.append((self._x(place), self._y(value)))
            path.append(f"{pen}{marks[-1][0]} {marks[-1][1]}")
            pen = "L"
        end = marks[-1] if marks else (float(_LEFT), float(_TOP + _PLOT_HEIGHT))
        return Line(series, number, "".join(path), marks, label_x=end[0] + 8, label_y=end[1] + 4)

    @property
    def table(self) -> list[tuple[Text, list[float | None]]]:
        """The same figures as rows: label, then one value for each line."""
        return [
            (label, [one.values[place] if place < len(one.values) else None for one in self.series])
            for place, label in enumerate(self.labels)
        ]


def nice_ceiling(value: float) -> float:
    """The next round number (1, 2, 4, 5, 8 or 10 times a power of ten), so that quarters of the axis read well."""
    if value <= 0:
        return 4
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= value)


def spread_labels(lines: list[Line]) -> list[Line]:
    """Move the labels at the ends of lines apart, from the top down, so that none covers another."""
    placed: list[Line] = []
    lowest = float("-inf")
    for line in sorted(lines, key=lambda one: one.label_y):
        y = max(line.label_y, lowest + 19)
        placed.append(Line(line.series, line.number, line.path, line.marks, line.label_x, y))
        lowest = y
    return sorted(placed, key=lambda one: one.number)
