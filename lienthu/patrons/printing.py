"""Readers' cards as PDF, set by typst from JSON: nothing of a reader is ever read as typst source."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import typst
from django.utils.translation import gettext as _

from lienthu.kernel.bars import bars, length
from lienthu.kernel.squares import square

SHEET = Path(__file__).parent / "data" / "card.typ"


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a card; `photo` as PNG."""

    number: str
    name: str
    library: str
    lines: tuple[str, ...]
    photo: bytes | None = None


def cards_pdf(cards: Sequence[PrintedCard]) -> bytes:
    """A PDF with a page of the size of a bank card for each card, fonts embedded."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(SHEET, Path(folder, "card.typ"))
        data = {"cards": [_place(Path(folder), number, card) for number, card in enumerate(cards)]}
        made = typst.compile(
            str(Path(folder, "card.typ")), root=folder, format="pdf", sys_inputs={"data": orjson.dumps(data).decode()}
        )
    assert isinstance(made, bytes)
    return made


def _place(folder: Path, number: int, card: PrintedCard) -> dict[str, Any]:
    photo = None
    if card.photo is not None:
        photo = f"photo-{number}"
        (folder / photo).write_bytes(card.photo)
    found = bars(card.number) or []
    code = square(card.number)
    return {
        "number": card.number,
        "name": card.name,
        "library": card.library,
        "lines": card.lines,
        "photo": photo,
        "title": _("Thẻ bạn đọc"),
        "bars": found,
        "modules": length(found) if found else 0,
        "square": {"size": code.size, "runs": code.runs},
    }
