"""The dirt of shelf lists kept in Excel: what rows are no books, and what a sheet did to numbers.

Nothing is guessed that the sheet does not show elsewhere: zeros come back only where other cells of the column have
them.
"""

import datetime
import re
from collections import Counter
from collections.abc import Sequence

from lienthu.intake.problems import Problem

from . import numbers
from .mapping import Mapping, folded, target_of_header
from .problems import problem

_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong|total|sum|subtotal|so luong sach)\b(?!\s+(?:hoa|dong|san|tac))")
_SECTION = re.compile(r"^(?:[IVX]{1,5}|[A-Z]|[0-9]{1,2})[.)/:]\s|^[^a-zà-ỹ]{3,}$")
_SERIAL_FIRST, _SERIAL_LAST = 20_000, 60_000
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_PADDED = re.compile("0[0-9]{2,11}")
_ROW_NUMBER = re.compile("[0-9]{1,6}")
_LEARNT_FROM = 200
_SHOWN_BY = 2


def trouble_of(cells: Sequence[str], mapping: Mapping) -> Problem | None:
    """Why a row is no book: a total, the header again, the heading of a part. Nothing for a book."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return problem("row_empty")
    used = [column for column in mapping.columns if column.target]
    texts = [cell for cell in filled if not cell.replace(".", "").replace(",", "").isdigit()]
    if len(texts) <= 2 and texts and _TOTAL.match(folded(texts[0])) and len(filled) * 2 <= len(used) + 2:
        return problem("row_is_total")
    if len(filled) > 1 and all(target_of_header(cell) for cell in filled[-2:]) and _repeats_header(cells, mapping):
        return problem("row_is_header")
    if len(filled) == 1 and len(used) >= 3 and _SECTION.match(filled[0]) and not filled[0].isdigit():
        return problem("row_is_section")
    return None


def _repeats_header(cells: Sequence[str], mapping: Mapping) -> bool:
    same = sum(
        1 for column in mapping.columns
        if column.index < len(cells) and column.header and folded(cells[column.index]) == folded(column.header)
    )  # fmt: skip
    return same >= 3 or same == sum(1 for column in mapping.columns if column.header)


class Numbers:
    """What a sheet shows about the numbers in its columns, learnt from its first rows."""

    def __init__(self, mapping: Mapping, rows: Sequence[Sequence[str]]) -> None:
        self._width: dict[int, int] = {}
        for column in mapping.columns:
            if column.target == "item.accession":
                widths = Counter(
                    len(part)
                    for row in rows[:_LEARNT_FROM]
                    if column.index < len(row)
                    for part in re.split(r"[;,\s]+", row[column.index])
                    if _PADDED.fullmatch(part)
                )
                if len(widths) == 1 and widths.total() >= _SHOWN_BY:
                    self._width[column.index] = next(iter(widths))

    def mended(self, cells: Sequence[str], mapping: Mapping) -> list[str]:
        """The cells of a row with its numbers as they were typed."""
        found = list(cells)
        for column in mapping.columns:
            if column.index < len(found) and found[column.index].strip():
                found[column.index] = self._mended(found[column.index], column.index, column.target)
        return found

    def _mended(self, text: str, index: int, target: str) -> str:
        plain = text.strip()
        if target == "260$c" and plain.isdigit() and _SERIAL_FIRST <= int(plain) <= _SERIAL_LAST:
            return str((_EXCEL_EPOCH + datetime.timedelta(days=int(plain))).year)
        if target == "020$a":
            return isbn_cell(plain)
        width = self._width.get(index)
        if width:
            return re.sub(r"(?<![0-9A-Za-z.\-/])[0-9]+(?![0-9A-Za-z.\-/])", lambda found: found[0].zfill(width), text)
        return text


def isbn_cell(text: str) -> str:
    """An ISBN that lost its leading zeros has them again; the number of the row is no ISBN."""
    if _ROW_NUMBER.fullmatch(text):
        return ""
    if re.fullmatch("[0-9]{7,9}[0-9Xx]?", text) and len(text) < 10 and numbers.isbn13(text.zfill(10)):
        return text.zfill(10)
    return text
