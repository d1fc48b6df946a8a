"""A list of people as rows: Excel, OpenDocument or text, the columns by their heads, names out of old encodings."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from lienthu.catalogue.marc.delimited import BYTES, sniff_encoding
from lienthu.catalogue.marc.limits import ReadLimits
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.workbook import Workbook
from lienthu.intake import types
from lienthu.kernel.text import folded_key, normalise
from lienthu.kernel.text.encodings import AS_IS, best_of, converted
from lienthu.patrons.policy_rolls import columns_of

MAX_BYTES = 20 << 20
MAX_ROWS = 20_000
_HEAD = 1 << 16
_HEADS_WITHIN = 30
_SAMPLE = 400
_LONGEST_ADDRESS = 254
_DAY = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NO = frozenset({"khong", "k", "0", "no", "khong dong y"})


class Unreadable(Exception):
    """Nothing of the file can be used; `code` is HEADS, ROWS, EMPTY or that of the reader, `params` fill its words."""

    def __init__(self, code: str, params: dict[str, object] | None = None) -> None:
        super().__init__(code)
        self.code, self.params = code, params or {}


@dataclass(frozen=True, slots=True)
class Person:
    """One row as it was understood. `birth_date` as ISO 8601; `fault` names what cannot be understood."""

    number: int
    full_name: str
    birth_date: str = ""
    group: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    identity_number: str = ""
    card: str = ""
    guardian: str = ""
    guardian_phone: str = ""
    fault: str = ""

    def as_data(self) -> dict[str, str]:
        """What the row of the database keeps until the list is written."""
        return {key: value for key, value in asdict(self).items() if key not in ("number", "fault") and value}


def people(stream: BinaryIO) -> list[Person]:
    """All persons of a file. Raises Unreadable."""
    rows = list(_rows(stream))
    found = columns_of([[folded_key(cell) for cell in row] for row in rows[:_HEADS_WITHIN]])
    if found is None:
        raise Unreadable("HEADS" if any(any(row) for row in rows) else "EMPTY")
    start, columns = found
    if "full_name" in columns and "given" not in columns and _is_parted(rows, start, columns["full_name"] + 1):
        columns["given"] = columns["full_name"] + 1
    elif "full_name" in columns:
        columns.pop("given", None)
    persons = [
        _person(number, row, columns)
        for number, row in enumerate(rows[start + 1 :], start=start + 2)
        if any(cell.strip() for cell in row)
    ]
    if not persons:
        raise Unreadable("EMPTY")
    return persons


def _is_parted(rows: Sequence[Sequence[str]], start: int, place: int) -> bool:
    """Whether the head of the name spans two columns, the given name standing under no head of its own."""
    if place >= len(rows[start]) or rows[start][place]:
        return False
    cells = [row[place] for row in rows[start + 1 :] if place < len(row) and row[place]]
    return bool(cells) and all(cell.isalpha() for cell in cells)


def _rows(stream: BinaryIO) -> Iterator[list[str]]:
    head = stream.read(_HEAD)
    stream.seek(0)
    kind = types.kind_of_head(head)
    try:
        rows = _sheet(stream, kind) if kind in (types.ZIP, types.OLE) else _text(stream, head)
    except UnreadableFile as error:
        raise Unreadable(error.problem.code, dict(error.problem.params)) from error
    if len(rows) > MAX_ROWS:
        raise Unreadable("ROWS", {"limit": MAX_ROWS})
    encoding = best_of([cell for row in rows for cell in row if not cell.isascii()][:_SAMPLE] or ["a"])
    for row in rows:
        yield [" ".join(normalise(cell if encoding == AS_IS else converted(cell, encoding)).split()) for cell in row]


def _sheet(stream: BinaryIO, kind: types.Kind) -> list[list[str]]:
    book = Workbook(stream, kind, ReadLimits())
    first: list[list[str]] = []
    for name in book.sheet_names:
        rows = [row for _number, row in zip(range(MAX_ROWS + 2), book.rows(name), strict=False)]
        if columns_of([[folded_key(cell) for cell in row] for row in rows[:_HEADS_WITHIN]]):
            return rows
        first = first or rows
    return first


def _text(stream: BinaryIO, head: bytes) -> list[list[str]]:
    encoding, start = sniff_encoding(head)
    content = stream.read()[start:].decode("latin-1" if encoding == BYTES else encoding, "replace")
    lines = [line for line in content.splitlines()[:_HEADS_WITHIN] if line.strip()]
    delimiter = max("\t;,|", key=lambda sign: sum(sign in line for line in lines))
    try:
        return list(csv.reader(io.StringIO(content), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable("HEADS") from error


def _person(number: int, row: Sequence[str], columns: dict[str, int]) -> Person:
    def cell(name: str) -> str:
        place = columns.get(name, len(row))
        return row[place] if place < len(row) else ""

    name = " ".join(filter(None, (cell("full_name") or cell("family"), cell("given"))))
    day = day_of(cell("birth_date"))
    fault = ""
    if not name or not any(sign.isalpha() for sign in name):
        fault = "NO_NAME"
    elif cell("birth_date") and day is None:
        fault = "BAD_DATE"
    elif folded_key(cell("consent")) in _NO:
        fault = "NO_CONSENT"
    return Person(
        number=number,
        full_name=name[:200],
        birth_date=day.isoformat() if day else "",
        group=cell("group")[:120],
        phone="".join(sign for sign in cell("phone") if sign.isdigit() or sign == "+")[:30],
        email=_address(cell("email")),
        address=cell("address")[:300],
        identity_number="".join(cell("identity_number").split()).upper()[:20],
        card="".join(cell("number").split()).upper()[:40],
        guardian=cell("guardian")[:200],
        guardian_phone=cell("guardian_phone")[:30],
        fault=fault,
    )


def _address(text: str) -> str:
    """An e-mail address; nothing for what is none."""
    try:
        EmailValidator()(text)
    except ValidationError:
        return ""
    return text if len(text) <= _LONGEST_ADDRESS else ""


def day_of(text: str) -> date | None:
    """A day as lists write it: 3/9/2013, 03.09.2013, 2013-09-03; None for anything else."""
    if found := _DAY.fullmatch(text.strip()):
        day, month, year = map(int, found.groups())
    elif found := _ISO.match(text.strip()):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
