"""QR codes (ISO/IEC 18004) as the runs of their dark squares; the code is chosen by qrcode."""

from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4
"""Squares that stay white on all sides."""


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code: squares from edge to edge, quiet zone included, and [left, top, width] of each dark run."""

    size: int
    runs: tuple[tuple[int, int, int], ...]

    @property
    def path(self) -> str:
        """The dark runs as the outline of an SVG path, a square being one unit."""
        return "".join(f"M{left} {top}h{width}v1h-{width}z" for left, top, width in self.runs)


def square(text: str) -> Square:
    """The QR code of a text, readable with 15 % of it damaged. Raises ValueError for a text that is too long."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text.encode())
    code.make(fit=True)
    runs = []
    matrix = code.get_matrix()
    for top, line in enumerate(matrix):
        left = 0
        for dark, run in groupby(line):
            width = len(list(run))
            if dark:
                runs.append((left, top, width))
            left += width
    return Square(len(matrix), tuple(runs))
