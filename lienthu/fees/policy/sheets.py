"""Reading a bank's statement: which column says what, amounts and days as banks write them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lienthu.kernel.money import money

# Headings of the statements of Vietnamese banks and their English forms, marks and case aside.
_HEADS = {
    "on": ("ngay giao dich", "ngay gd", "ngay hieu luc", "transaction date", "posting date", "date", "ngay"),
    "amount": ("so tien ghi co", "ghi co", "phat sinh co", "co", "credit", "credit amount", "so tien", "amount"),
    "note": (
        "noi dung giao dich",
        "noi dung",
        "dien giai",
        "mo ta",
        "description",
        "details",
        "remark",
        "transaction remark",
    ),
    "reference": (
        "so tham chieu",
        "ma giao dich",
        "so giao dich",
        "so but toan",
        "so ct",
        "reference",
        "reference no",
        "transaction id",
        "ref no",
    ),
}
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%y")
MOST_HEAD_ROWS = 40


class NotAStatement(ValueError):
    """No row of the file has headings for day, amount received and note."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Money that came in: whole đồng."""

    row: int
    reference: str
    on: date
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What was understood, and the numbers of rows with money that was not."""

    lines: tuple[StatementLine, ...]
    unread: tuple[int, ...]


def read_statement(rows: Sequence[Sequence[object]]) -> Statement:
    """Read the rows of a sheet; the headings may stand below a letterhead. Raises NotAStatement."""
    place, columns = _heads(rows)
    lines, unread = [], []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        amount = money(_cell(row, columns["amount"]))
        if not amount:
            if _cell(row, columns["amount"]) not in ("", None, 0, 0.0, "0", "-") and day(_cell(row, columns["on"])):
                unread.append(number)
            continue
        on = day(_cell(row, columns["on"]))
        if on is None or amount < 0:
            # a line of totals has no day; money that went out is none of ours
            if on is not None:
                unread.append(number)
            continue
        note = _text(_cell(row, columns["note"]))
        given = _text(_cell(row, columns["reference"])) if "reference" in columns else ""
        lines.append(StatementLine(number, given, on, amount, note[:500]))
    return Statement(tuple(lines), tuple(unread))


def _text(cell: object) -> str:
    """A cell as one line. PostgreSQL keeps no NUL."""
    return " ".join(str(cell or "").replace("\x00", "").split())


def day(value: object) -> date | None:
    """The day of a cell; the time beside it is not kept."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip().split(" ")[0].split("T")[0]
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _heads(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    for place, row in enumerate(rows[:MOST_HEAD_ROWS]):
        found: dict[str, tuple[int, int]] = {}
        for column, cell in enumerate(row):
            words = _folded(str(cell or ""))
            for name, heads in _HEADS.items():
                if words in heads and (name not in found or heads.index(words) < found[name][0]):
                    found[name] = (heads.index(words), column)
        if {"on", "amount", "note"} <= set(found):
            return place, {name: column for name, (_rank, column) in found.items()}
    raise NotAStatement


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.split())


def _cell(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else ""
