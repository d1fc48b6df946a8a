"""Rules of printing: sheets, which copies a list of numbers means, and how a call number breaks into lines."""

import re
from dataclasses import dataclass, replace
from itertools import islice

SPINE, BARCODE, CARD = "spine", "barcode", "card"
KINDS = (SPINE, BARCODE, CARD)
MOST = 2_000
"""Labels of one file: forty sheets and more."""
LONGEST_RANGE = 2_000

_RANGE = re.compile(r"(?P<from>\S*?)(?P<low>\d+)\s*(?:-|–|—|\.\.|đến|den)\s*(?P<to>\S*?)(?P<high>\d+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of labels; all lengths in mm. `across` × `down` labels, each `width` × `height`."""

    code: str
    kind: str
    page: tuple[float, float] = (210.0, 297.0)
    across: int = 1
    down: int = 1
    width: float = 125.0
    height: float = 75.0
    left: float = 0.0
    top: float = 0.0
    gap_across: float = 0.0
    gap_down: float = 0.0

    @property
    def places(self) -> int:
        """Labels of one sheet."""
        return self.across * self.down

    @property
    def fits(self) -> bool:
        """Whether all labels lie on the page."""
        right = self.left + self.across * self.width + (self.across - 1) * self.gap_across
        bottom = self.top + self.down * self.height + (self.down - 1) * self.gap_down
        return right <= self.page[0] + 0.05 and bottom <= self.page[1] + 0.05


_LABELS: tuple[Sheet, ...] = (
    Sheet(code="65", kind=SPINE, across=5, down=13, width=38.1, height=21.2, left=4.75, top=10.7, gap_across=2.5),
    Sheet(code="40", kind=SPINE, across=4, down=10, width=52.5, height=29.7),
    Sheet(code="24", kind=SPINE, across=3, down=8, width=70.0, height=37.0, top=0.5),
    Sheet(code="roll", kind=SPINE, page=(50.0, 30.0), width=50.0, height=30.0),
)
SHEETS: tuple[Sheet, ...] = (
    *_LABELS,
    *(replace(one, kind=BARCODE) for one in _LABELS),
    Sheet(code="a4", kind=CARD, down=3, left=42.5, top=36.0),
    Sheet(code="card", kind=CARD, page=(125.0, 75.0)),
)


def sheet_of(kind: str, code: str) -> Sheet | None:
    """The sheet of this kind and code."""
    return next((one for one in SHEETS if (one.kind, one.code) == (kind, code)), None)


class TooMany(ValueError):
    """A range names more numbers than one file may have."""


def numbers_meant(text: str) -> list[str]:
    """Accession numbers as a person lists them: one a line or between commas and semicolons, and ranges.

    `TQ.0098-TQ.0102` and `TQ.0098-0102` mean five numbers with the same beginning and as many digits. A hyphen that
    does not stand between two such numbers belongs to the number. Raises TooMany.
    """
    found: dict[str, None] = {}
    for part in re.split(r"[\n\r,;]+", text):
        for number in islice(_expanded(part.strip()), LONGEST_RANGE + 1):
            found[number] = None
        if len(found) > MOST:
            raise TooMany(str(MOST))
    return list(found)


def _expanded(part: str) -> list[str]:
    match = _RANGE.match(part)
    if match is None:
        return [part] if part else []
    low, high = match["low"], match["high"]
    same_beginning = match["to"] in ("", match["from"])
    if not same_beginning or int(high) < int(low) or (len(high) != len(low) and match["to"] == ""):
        return [part]
    if int(high) - int(low) >= LONGEST_RANGE:
        raise TooMany(str(LONGEST_RANGE))
    return [f"{match['from']}{number:0{len(low)}d}" for number in range(int(low), int(high) + 1)]


def spine_lines(call_number: str, *, most: int = 5) -> list[str]:
    """A call number as it stands on a spine: class, author mark, volume, copy, each on a line of its own.

    A long class number breaks after the decimal point's third figure, as on printed labels.
    """
    lines: list[str] = []
    for part in call_number.replace("/", " / ").split():
        if part == "/":
            continue
        if len(part) > 9 and "." in part:
            whole, _, rest = part.partition(".")
            lines += [f"{whole}.{rest[:3]}", *(rest[place : place + 6] for place in range(3, len(rest), 6))]
        else:
            lines.append(part)
    return [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines


def shortened(text: str, letters: int) -> str:
    """The text on one line of so many letters, cut at a blank."""
    if len(text) <= letters:
        return text
    return text[: letters - 1].rsplit(" ", 1)[0].rstrip(" ,.;:/") + "…"
