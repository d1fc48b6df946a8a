"""Code 128 (ISO/IEC 15417) as the widths of its bars; the code is chosen by python-barcode."""

from itertools import groupby

from barcode.codex import Code128
from barcode.errors import IllegalCharacterError

LONGEST = 40
QUIET = 10
"""Modules that stay white on both sides."""


def bars(text: str) -> list[list[int]] | None:
    """[start, width] of each bar in modules, quiet zone included; None for a text that Code 128 cannot carry."""
    if not text.isascii() or not text.isprintable() or not 0 < len(text) <= LONGEST:
        return None
    try:
        (modules,) = Code128(text).build()
    except IllegalCharacterError:
        return None
    found, place = [], QUIET
    for module, run in groupby(modules):
        width = len(list(run))
        if module == "1":
            found.append([place, width])
        place += width
    return found


def length(found: list[list[int]]) -> int:
    """Modules from edge to edge, with the quiet zones."""
    return found[-1][0] + found[-1][1] + QUIET


NARROWEST_MM = 0.19
"""Modules thinner than this are read badly by common scanners and phones, and printed badly at 300 dpi."""


def is_too_narrow(found: list[list[int]], width: float) -> bool:
    """Whether the bars get too thin on a label of this width in mm."""
    return (width - 3.0) / length(found) < NARROWEST_MM
