"""The rows that every benchmark prints, and that `benchmarks.run` gathers into one table.

A row says what was measured, our figure, the named peer with its figure from the same run, the ratio between the two
(above 1: ours is better, unless the name says otherwise), the target, and whether the target is met.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("measured", "Liên Thư", "peer, same run", "ratio", "target", "met")
_CELLS = len(HEAD)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line. `met` is None where there is no target."""

    name: str
    figure: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = "" if self.met is None else "yes" if self.met else "NO"
        return line((self.name, self.figure, self.peer, ratio, self.target, met))


def line(cells: Iterable[str]) -> str:
    """Cells as a line of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def head() -> str:
    """The two lines above the rows."""
    return f"{line(HEAD)}\n|{'---|' * _CELLS}"


def show(rows: Iterable[Row]) -> int:
    """Print the rows with their head; the exit code of the benchmark: 1 when a target is missed."""
    shown = list(rows)
    print(head())
    for row in shown:
        print(row)
    return int(any(row.met is False for row in shown))
