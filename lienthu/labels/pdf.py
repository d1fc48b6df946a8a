"""Labels and cards as PDF, set by typst from JSON: nothing of a record is ever read as typst source."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import typst

from lienthu.kernel.bars import bars, length
from lienthu.labels.policy import BARCODE, CARD, Sheet, shortened, spine_lines
from lienthu.labels.queries import LabelledCopy, cards_of

SHEETS = Path(__file__).parent / "sheets"
MM_A_LETTER = 1.3
"""Width of a letter of the small print on labels, wide ones counted in."""


def labels_pdf(copies: Sequence[LabelledCopy], *, sheet: Sheet, owner: str, start: int = 1) -> bytes:
    """A PDF with a label for each copy, or a card for each record; the first at place `start` (from 1) of the sheet."""
    if sheet.kind == CARD:
        return _set("cards", _cards(copies, owner), sheet=sheet, start=start)
    if sheet.kind == BARCODE:
        return _set("labels", [_barcode(copy, owner, sheet) for copy in copies], sheet=sheet, start=start)
    return _set("labels", [_spine(copy) for copy in copies], sheet=sheet, start=start)


def _set(name: str, places: list[dict[str, Any]], *, sheet: Sheet, start: int) -> bytes:
    free: list[dict[str, Any] | None] = [None] * (min(max(start, 1), sheet.places) - 1)
    data = {"sheet": asdict(sheet), "per_sheet": sheet.places, "places": free + places}
    made = typst.compile(
        str(SHEETS / f"{name}.typ"), root=str(SHEETS), format="pdf", sys_inputs={"data": orjson.dumps(data).decode()}
    )
    assert isinstance(made, bytes)
    return made


def _spine(copy: LabelledCopy) -> dict[str, Any]:
    return {"lines": spine_lines(copy.call_number) or [copy.accession_number]}


def _barcode(copy: LabelledCopy, owner: str, sheet: Sheet) -> dict[str, Any]:
    letters = int(sheet.width / MM_A_LETTER)
    found = bars(copy.accession_number) or []
    return {
        "owner": shortened(owner, letters),
        "number": copy.accession_number,
        "title": shortened(copy.title, letters),
        "bars": found,
        "modules": length(found) if found else 0,
    }


def _cards(copies: Sequence[LabelledCopy], owner: str) -> list[dict[str, Any]]:
    return [
        {
            "call_number": spine_lines(card.call_number),
            "heading": card.heading,
            "lines": card.lines,
            "subjects": card.subjects,
            "numbers": card.numbers,
            "owner": owner,
        }
        for card in cards_of(copies)
    ]
